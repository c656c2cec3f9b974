"""The conditions that a scan says with one key, as the estate's schema calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.model.schema import Choice, Schema

QUICK = ("good", "worn", "damaged")
"""What the three keys mean, in their order."""


def choice_of(schema: Schema, name: str) -> Choice | None:
    """The choice of hardware's condition that is meant by a name; None where the schema has no such choice."""
    attribute = schema.cls("hardware").attributes.get("condition")
    choices = attribute.choices if attribute is not None else ()
    return next((one for one in choices if one.value.casefold() == name), None)


def value_of(schema: Schema, name: str) -> str:
    """The stored value that is meant by a name; "" for none."""
    found = choice_of(schema, name)
    return found.value if found is not None else ""
