"""The values of an attribute under another declaration of it: kept, converted, or without a place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from cmdb.model.values import Value, check, parse, show

CONVERTIBLE = ("text", "long_text", "integer", "number", "date", "boolean", "choice", "uuid", "email", "url", "time")
"""The types that an attribute can change between; what refers to records, and amounts of money, stay what they are."""


def can_become(before: str, after: str) -> bool:
    """Whether values of one type can be read as another."""
    return before == after or (before in CONVERTIBLE and after in CONVERTIBLE)


def converted(before: Attribute, after: Attribute, value: Value) -> Value:
    """A value as the other declaration has it. Raises InvalidValue where it has no place there.

    It reads what the value is shown as, as if a person had typed it. Nothing is rounded or cut.
    """
    if before.type == after.type:
        check(after, value)
        return value
    if after.type == "boolean" and isinstance(value, int | Decimal) and value not in (0, 1):
        raise InvalidValue(Message("{attribute}: {value} is neither yes nor no.", attribute=after.label, value=value))
    shown = show(before, value)
    if before.type == "time" and after.type == "date":
        shown = str(value)[:10]
    found = parse(replace(after, minimum=None, maximum=None), shown)
    if after.type == "integer" and isinstance(value, Decimal) and found != value:
        raise InvalidValue(Message("{attribute}: {value} is no whole number.", attribute=after.label, value=value))
    check(after, found)
    return found
