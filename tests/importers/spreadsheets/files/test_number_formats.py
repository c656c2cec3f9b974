"""Formats of numbers that carry meaning: cells are what they show."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from importers.spreadsheets import SheetReading, open_file
from importers.spreadsheets.files.number_formats import ShownNumber, meaning_of, shown
from tests.laws import examples


@pytest.mark.parametrize(
    ("code", "number", "seen"),
    [
        ("00000", 42.0, "00042"), ("00000;[Red]-00000", 42.0, "00042"), ("000-00-0000", 123456789.0, "123-45-6789"),
        ('"SRV-"000', 7.0, "SRV-007"), ('"INV"0000', 12345.0, "INV12345"), ("@", 42.0, "42"),
        ('0 "GB"', 16.0, "16 GB"), ('0.0" GB"', 237.4, "237.4 GB"), ('General" TB"', 2.0, "2 TB"),
        ("#,##0.00 [$€-407]", 1234.5, "1234.5 EUR"), ("[$$-409]#,##0.00", 5.0, "5 USD"), ("[$CHF-807] 0", 5.0, "5 CHF"),
        ('"€"#,##0.00', 1.234, "1.2340 EUR"), ("#,##0.00\\ [$kr-41D]", 9.0, "9 SEK"), ('#,##0.00 "Kč"', 5.0, "5 CZK"),
    ],
)  # fmt: skip
def test_what_a_format_adds_is_shown(code: str, number: float, seen: str) -> None:
    meaning = meaning_of(code)
    assert meaning is not None
    assert shown(number, meaning) == seen


@pytest.mark.parametrize(
    "code",
    ["General", "0", "0.00", "#,##0", "0%", "0.00E+00", "yyyy-mm-dd", "hh:mm", "[h]:mm", "[$-409]d-mmm-yy", "# ?/?",
     '0" kg"', '"ca. "0', '0,"GB"', '_("$"* #,##0.00_)', "[<=9999999]###\\-####;\\(###\\) ###\\-####", "", ";;;"],
)  # fmt: skip
def test_other_formats_leave_the_number(code: str) -> None:
    assert meaning_of(code) is None


def test_what_a_format_does_not_fit_stays_a_number() -> None:
    zeros = meaning_of("00000")
    assert zeros is not None
    assert [shown(n, zeros) for n in (-1.0, 1.5, 1e16)] == [-1.0, 1.5, 1e16]


def test_a_number_with_a_unit_goes_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(ShownNumber("16 GB", 16.0)))
    assert (again, again.number) == ("16 GB", 16.0)


@examples(50, soak=2000)
@given(
    st.text(alphabet='0#?.,"GBkr€$[]-;\\_*@ymd%E+ 4079', max_size=16), st.floats(allow_nan=False, allow_infinity=False)
)
def test_any_format_is_read(code: str, number: float) -> None:
    meaning = meaning_of(code)
    if meaning is not None:
        assert isinstance(shown(number, meaning), str | float)


def test_a_workbooks_formats_come_through(tmp_path: Path, read_book: Callable[[Path], SheetReading]) -> None:
    path = tmp_path / "laptops.xlsx"
    with xlsxwriter.Workbook(path) as book:
        zeros, size, euro = (book.add_format({"num_format": f}) for f in ("00000", '0 "GB"', "#,##0.00 [$€-407]"))
        sheet = book.add_worksheet("Laptops")
        sheet.write_row(0, 0, ["Asset tag", "Name", "Memory", "Purchase cost", "Cores per processor"])
        for row, (tag, memory, cost) in enumerate([(42, 16, 899.9), (43, 8, 1.234), (44, 32, 1000)], 1):
            sheet.write_number(row, 0, tag, zeros)
            sheet.write_string(row, 1, f"pc-{row}")
            sheet.write_number(row, 2, memory, size)
            sheet.write_number(row, 3, cost, euro)
            sheet.write_number(row, 4, 4, size)
    assert open_file(path).sheets[0].rows[1] == ["00042", "pc-1", "16 GB", "899.9 EUR", "4 GB"]
    told = read_book(path)
    keys = ("asset_tag", "memory", "purchase_cost", "currency", "cores_per_processor")
    assert [[one.values[key] for key in keys] for one in told.observations] == [
        ["00042", 16384, Decimal("899.9"), "EUR", 4],
        ["00043", 8192, Decimal("1.234"), "EUR", 4],
        ["00044", 32768, Decimal(1000), "EUR", 4],
    ]
    assert told.problems == []


def test_typed_amounts_say_their_currency(read: Callable[..., SheetReading]) -> None:
    told = read(
        "Asset tag;Name;Class;Purchase cost\nT-1;a;Laptop;€ 1.389,00\nT-2;b;Laptop;12,50 CHF\nT-3;c;Laptop;7,00\n"
    )
    assert [one.values.get("currency") for one in told.observations] == ["EUR", "CHF", None]
