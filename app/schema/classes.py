"""Changes of classes: new ones, other words and icons, retired with their records in another class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.schema.change import SchemaChange
from app.schema.entries import Put, Remove, Step
from app.schema.names import new_name
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import CIClass, Schema, fold
from cmdb.store.reading.stated_values import was_ever_of

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class WantedClass:
    """A class as a person wants it."""

    label: str
    plural: str = ""
    icon: str = ""


def new_class(schema: Schema, parent: str, form: WantedClass) -> tuple[SchemaChange, str]:
    """The change that adds a class under another, and the class's name. Raises InvalidValue."""
    label, plural = _words(schema, form, None)
    name = new_name(label, schema.classes.keys() | schema.sections.keys(), "class")
    properties: dict[str, Any] = {"parent": parent, "label": label, "plural": plural}
    if form.icon and form.icon != schema.cls(parent).icon:
        properties["icon"] = form.icon
    title = Message("New class “{label}” under {parent}", label=label, parent=schema.cls(parent).label)
    return SchemaChange(title, (Put(("class", name), properties),)), name


def change_class(schema: Schema, cls: str, form: WantedClass) -> SchemaChange:
    """The change that gives a class other words or another icon. Raises InvalidValue."""
    present = schema.cls(cls)
    label, plural = _words(schema, form, present)
    wanted = {"label": label, "plural": plural, "icon": form.icon or present.icon}
    properties = {name: value for name, value in wanted.items() if value != str(getattr(present, name))}
    title = Message("Class {cls} changed", cls=present.label)
    if "label" in properties:
        title = Message("Class {before} is called “{label}”", before=present.label, label=label)
    return SchemaChange(title, (Put(("class", cls), properties),) if properties else ())


def retire_class(reader: Reader, cls: str, to: str = "") -> SchemaChange:
    """The change that no longer offers a class; its records become of the class ``to``. Raises InvalidValue.

    One of the estate's own that no record was ever of goes altogether; the others stay known to the past.
    """
    schema = reader.schema
    present = schema.cls(cls)
    if not present.parent:
        raise InvalidValue(Message("{cls} is the root of all classes.", cls=present.label))
    children = tuple(one.label for one in schema.children(cls) if not one.hidden)
    if children:
        raise InvalidValue(Message("{cls} has classes below it: {classes}. Retire them first.",
                                   cls=present.label, classes=children))  # fmt: skip
    if to and (to == cls or schema.cls(to).abstract or schema.root_of(to) != schema.root_of(cls)):
        raise InvalidValue(Message("Records of {cls} cannot become {to}.", cls=present.label, to=schema.cls(to).label))
    title = Message("Class {cls} retired", cls=present.label)
    if to:
        title = Message("Class {cls} retired, its records are {to}", cls=present.label, to=schema.cls(to).plural)
    if not is_built_in_class(cls) and not was_ever_of(reader, cls):
        note = Message("No record was ever of it, so nothing of it remains.")
        return SchemaChange(title, (Remove(("class", cls)),), note=note)
    number = reader.counts(schema.root_of(cls)).get(cls, 0)
    if number and not to:
        raise InvalidValue(
            Message("Records are of the class {cls}: say of which class they are instead.", cls=present.label)
        )
    steps: tuple[Step, ...] = (Put(("class", cls), {"hidden": True}),)
    note = Message("It is no longer offered. The past still knows it.")
    return SchemaChange(title, steps, moved={cls: to} if to and number else {}, note=note)


def show_class(schema: Schema, cls: str) -> SchemaChange:
    """The change that offers a retired class again."""
    title = Message("Class {cls} is shown again", cls=schema.cls(cls).label)
    return SchemaChange(title, (Put(("class", cls), {"hidden": False}),), note=EMPTY)


def is_built_in_class(cls: str) -> bool:
    """Whether a class is of Terrier's own schema."""
    return cls in Schema.load().classes


def _words(schema: Schema, form: WantedClass, present: CIClass | None) -> tuple[str, str]:
    """Label and plural. Raises InvalidValue where they are missing, or mean another class."""
    label, plural = " ".join(form.label.split()), " ".join(form.plural.split())
    if not fold(label):
        raise InvalidValue(Message("A name is missing."))
    plural = plural or (str(present.plural) if present is not None else label)
    for word in (label, plural):
        known = next((c for c in schema.classes.values() if fold(word) in (fold(c.label), fold(c.plural))), None)
        if known is not None and (present is None or known.name != present.name):
            raise InvalidValue(Message("There is a class “{label}” already.", label=word))
    return label, plural
