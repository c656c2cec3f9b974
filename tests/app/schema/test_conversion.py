"""Values that keep their meaning under another declaration of their attribute, and values that have no place there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.schema.conversion import can_become, converted
from cmdb.model.errors import InvalidValue
from cmdb.model.schema import Attribute, Choice
from cmdb.model.values import Value


def of_type(kind: str) -> Attribute:
    choices = (Choice("Red", synonyms=("rot",)), Choice("Green")) if kind == "choice" else ()
    return Attribute("thing", "Thing", kind, choices=choices)


@pytest.mark.parametrize(
    ("before", "value", "after", "wanted"),
    [
        ("integer", 12, "text", "12"),
        ("number", Decimal("12.5"), "text", "12.5"),
        ("integer", 12, "number", Decimal(12)),
        ("number", Decimal("12.0"), "integer", 12),
        ("boolean", True, "text", "Yes"),
        ("text", "yes", "boolean", True),
        ("integer", 1, "boolean", True),
        ("text", "2026-03-04", "date", "2026-03-04"),
        ("time", "2026-03-04T10:00:00Z", "date", "2026-03-04"),
        ("date", "2026-03-04", "long_text", "2026-03-04"),
        ("text", "rot", "choice", "Red"),
        ("choice", "Red", "text", "Red"),
        ("text", "anja@example.org", "email", "anja@example.org"),
    ],
)
def test_values_keep_their_meaning(before: str, value: Value, after: str, wanted: Value) -> None:
    found = converted(of_type(before), of_type(after), value)
    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("text", "six", "integer"),
        ("number", Decimal("12.5"), "integer"),
        ("integer", 7, "boolean"),
        ("text", "soon", "date"),
        ("text", "purple", "choice"),
        ("text", "nobody", "email"),
    ],
)
def test_what_has_no_place_is_refused(before: str, value: Value, after: str) -> None:
    with pytest.raises(InvalidValue):
        converted(of_type(before), of_type(after), value)


def test_references_and_amounts_stay_what_they_are() -> None:
    assert not can_become("reference", "text")
    assert not can_become("text", "money")
    assert can_become("money", "money")
