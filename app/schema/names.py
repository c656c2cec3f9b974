"""Names of new classes, attributes, relationship types and sections, made from their labels."""

from __future__ import annotations

from collections.abc import Container

from cmdb.model.schema import Schema, fold


def new_name(label: str, taken: Container[str], otherwise: str) -> str:
    """A name for something with this label that is not taken; ``otherwise`` where the label has no letters for one."""
    name = "_".join(word for word in fold(label).split() if word.isascii()) or otherwise
    if name[0].isdigit():
        name = f"x_{name}"
    number, wanted = 2, name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def attribute_name(schema: Schema, cls: str, label: str) -> str:
    """A name for an attribute with this label that the class and its subclasses don't use yet."""
    taken = {a for c in schema.family(cls) for a in schema.classes[c].attributes}
    return new_name(label, taken | schema.every_attribute.keys(), "field")
