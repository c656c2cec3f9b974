"""The converters' fast paths must give the same results as ``cmdb.model.values.parse``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import InvalidValue
from cmdb.model.observation import NamedReference
from cmdb.model.schema import Attribute, Choice, Schema
from cmdb.model.values import check, parse
from importers.spreadsheets.cells.cell_findings import CellError, ColumnContext
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.columns.transforms import TRANSFORMS, apply_transforms, in_unit, split_name
from tests.laws import examples

CHOICES = (Choice("In stock", ("stock",)), Choice("Retired"))
ATTRIBUTES = [
    Attribute("a", "A", kind, choices=CHOICES if kind == "choice" else (), target="ci" if kind == "reference" else "")
    for kind in (
        "text", "long_text", "integer", "number", "money", "date", "time", "boolean", "choice", "reference", "uuid",
        "email", "url",
    )
]  # fmt: skip

words = st.text("abzAZ019 .,-/+:;'=@#%äß\u00a0\t\n", max_size=12)
usual = st.sampled_from(
    "2024-03-31 31.3.2024 3/4/2024 1.234,50 1,234.50 12 -5 yes x@y.org N/A '=1+1 '-x 7.5E+3 2024-03-31T10:00 - Retired "
    "550e8400-e29b-41d4-a716-446655440000".split()
)
spaced = st.sampled_from(["in stock", "€ 5", " a  b ", "12 345", "16 GB", "1 Mar 2024"])
cells = st.one_of(
    words,
    usual,
    spaced,
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(float),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
)


def expected(attribute: Attribute, cell: Any) -> Any:
    """parse's answer, or "refused"; None for a blank."""
    if isinstance(cell, str) and not cell.replace("\u00a0", " ").strip():
        return None
    try:
        return parse(attribute, cell)
    except InvalidValue:
        return "refused"


@examples(150, soak=2000)
@given(st.sampled_from(ATTRIBUTES), cells)
def test_a_value_that_is_taken_is_what_parse_says(attribute: Attribute, cell: Any) -> None:
    converter = Converter(attribute)
    value = converter(cell)
    wanted = expected(attribute, cell)
    if isinstance(value, CellError):
        # Converters refuse more: what is no value of the cell's author's (errors, rounded numbers, dates for text).
        assert wanted == "refused" or value.kind in ("error-value", "scientific", "date-for-text", "ambiguous-date")
    elif isinstance(cell, str) and cell.strip("\u00a0 \t\n")[:1] == "'":
        assert value is not None  # an apostrophe in front of a formula character comes off: see the tables' tests
    elif isinstance(value, NamedReference):
        assert value.name == wanted or ":" in cell or "@" in cell
    elif value is None:
        assert wanted in (None, "refused", cell.strip() if isinstance(cell, str) else None)
    elif attribute.type == "date" and wanted == "refused":  # a day number in a text file, or a month or year
        assert converter.notes[cell].code == "date.no-day" or 20_000 <= float(cell) < 80_000
    else:
        assert value == wanted
        check(attribute, value)


@examples(60, soak=750)
@given(st.sampled_from(ATTRIBUTES), st.lists(cells, min_size=1, max_size=8))
def test_a_column_is_its_cells(attribute: Attribute, column: list[Any]) -> None:
    assert Converter(attribute).column(column) == [Converter(attribute)(cell) for cell in column]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_an_error_of_its_cell(number: float) -> None:
    for attribute in ATTRIBUTES:
        [found] = Converter(attribute).column([number])
        assert isinstance(found, CellError)
        assert found.kind == "error-value"


def test_yes_and_one_keep_apart() -> None:
    assert Converter(ATTRIBUTES[0]).column([True, 1.0, "1", False, 0.0]) == ["Yes", "1", "1", "No", "0"]


def test_identifiers_lose_the_point() -> None:
    assert Converter(Attribute("serial_number", "Serial", identifying=True))(12345.0) == "12345"


def test_month_first() -> None:
    american = ColumnContext(day_first=False)
    assert Converter(Attribute("a", "A", "date"), american)("3/4/2024") == "2024-03-04"
    assert Converter(Attribute("a", "A", "time"), american)("3/4/2024") == "2024-03-04T00:00:00Z"


def test_what_nobody_sees_is_left_out_and_noted() -> None:
    converter = Converter(Attribute("name", "Name", "text"))
    assert converter("\x1b[31mweb\u202e-1") == "web-1"
    assert converter.notes["\x1b[31mweb\u202e-1"].code == "text.unseen"
    assert converter("می‌خواهم") == "می‌خواهم"
    assert len(converter.notes) == 1


def test_garbled_text_is_noted() -> None:
    converter = Converter(ATTRIBUTES[0])
    assert converter("KÃ¶ln") == "KÃ¶ln"
    assert converter.notes["KÃ¶ln"].kind == "encoding"


@pytest.mark.parametrize(
    ("cell", "wanted", "value"),
    [("16 GB", "MiB", 16384), ("1,5 TB", "GiB", 1536), ("512MB", "GiB", 0.5), ("big", "MiB", "big"), (8.0, "MiB", 8.0)],
)
def test_sizes(cell: Any, wanted: str, value: Any) -> None:
    assert in_unit(cell, "", wanted) == value


def test_names_are_split() -> None:
    assert split_name("Jane van der Doe") == ("Jane", "van der Doe")
    assert split_name("Doe, Jane") == ("Jane", "Doe")
    assert split_name("Madonna") == ("", "Madonna")


@given(st.sampled_from(TRANSFORMS), words)
def test_transforms_never_fail(transform: str, cell: str) -> None:
    assert isinstance(apply_transforms(cell, [transform]), str)
    assert apply_transforms(5.0, [transform]) == 5.0


PIECES = (
    "10.0.0.1", "/", "24", "dhcp", " ", "'", '"', "0042", "-1", "unlimited", "Q2", "2026", "KW", "Apr", "-26",
    "31.12.9999", "SN:", "356938035643809", ",", ";", "\n", "AB:CD", "a@b.de", "http://x.y", "k", "Mio", "ca.",
    "\u20ac", "1.299,00", "GB", "x", "8", "U", "40-41", "n/a", "yes", "(x)", "\u00a0", "\uff11", "\u00b2", "%",
    "E+10", ".0", "::", "fe80::1", "0x1F",
)  # fmt: skip


@examples(150, soak=5000)
@given(
    st.sampled_from(sorted({a.name: a for c in Schema.load().classes.values() for a in c.attributes.values()}.items())),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
)
def test_whatever_a_cell_holds_is_a_value_or_refused(named: tuple[str, Attribute], cell: str) -> None:
    attribute = named[1]
    value = Converter(attribute)(cell)
    if value is not None and not isinstance(value, CellError | NamedReference):
        check(attribute, value)
    assert Converter(attribute).column([cell]) == [value]
