"""Which field fits which type of value."""

from __future__ import annotations

from collections.abc import Callable

from cmdb.model.schema import Attribute
from ui.context import Context
from ui.widgets.fields import BooleanField, ChoiceField, DateField, Field, LongTextField, TextField
from ui.widgets.reference import ReferenceField


def field_for(context: Context, attribute: Attribute) -> Field:
    """The field that fits an attribute's type."""
    if attribute.type == "reference":
        return ReferenceField(context, attribute)
    if attribute.type == "date":
        return DateField(context.theme, attribute)
    plain: dict[str, Callable[[Attribute], Field]] = {
        "choice": ChoiceField,
        "boolean": BooleanField,
        "long_text": LongTextField,
    }
    return plain.get(attribute.type, TextField)(attribute)
