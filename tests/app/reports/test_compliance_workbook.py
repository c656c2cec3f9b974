"""The workbook for auditors, read back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from app.reports.compliance_workbook import VERDICT_COLOURS, Preparation, write
from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions
from cmdb.model.errors import FileProblem
from cmdb.model.formats import day
from cmdb.model.journal_head import JournalHead

AT = datetime.date(2026, 6, 30)
MADE = Preparation("Harbour", "", "Anna")
HEAD = JournalHead(4, "0" * 64)
SHEETS = ["Summary", "Position", "Entitlements", "Demand", "Allocation", "Exceptions", "Unrecognised", "Rules used"]


def example() -> Positions:
    """One position of each verdict that a small estate can have."""
    devices = tuple(Device(f"pc{n}", f"PC{n}") for n in range(4))
    host = Device("db", "=db", cls="server", sockets=1, cores_per_socket=7)
    bare = Device("db2", "db2", cls="server")
    known = Facts(
        devices=(*devices, host, bare),
        installations=(
            *(InstallationFact(d.id, "Tool") for d in devices), InstallationFact("pc0", "Mozilla Firefox"),
            InstallationFact("pc0", "Frobnicator"), InstallationFact("db", "SQL Server", "", "Standard", "2019"),
            InstallationFact("db2", "SQL Server", "", "Standard", "2022"),
        ),
        entitlements=(
            Entitlement("t", "Tool licences", "Tool", metric="device", quantity=3, cost=Decimal(300), currency="EUR",
                        purchase_order="PO-1", agreement="Frame", start=datetime.date(2024, 1, 1)),
            Entitlement("s", "SQL cores", "SQL Server", edition="Standard", version="2019",
                        metric="sql server core", quantity=4, pack_size=2),
            Entitlement("w", "Seats", "Whiteboard", metric="named user", quantity=5),
        ),
        assignments=(Assignment("ann", "w"),),
    )  # fmt: skip
    return position(known, AT)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return openpyxl.load_workbook(write(example(), tmp_path / "position.xlsx", HEAD, MADE))


def cells(book: Workbook, sheet: str) -> list[dict[str, object]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip((str(h) for h in head), row, strict=True)) for row in rows]


def test_it_has_every_sheet_with_frozen_filtered_headers_and_print_set_up(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.oddHeader is not None
        assert f"Harbour: licence position as of {day(AT)}" in (sheet.oddHeader.left.text or "")
        assert all((sheet.column_dimensions[c].width or 0) > 5 for c in "ABC")


def test_numbers_dates_and_verdicts_are_what_they_are(book: Workbook) -> None:
    rows = {row["Product"]: row for row in cells(book, "Position") if row["Version"] != "2022"}
    tool = rows["Tool"]
    assert (tool["Entitled"], tool["Needed"], tool["Short"], tool["Verdict"]) == (3, 4, 1, "Short")
    assert tool["True-up cost"] == 100
    sql = rows["SQL Server"]
    assert (sql["Entitled"], sql["Needed"], sql["Not transferable"], sql["Verdict"]) == (8, 7, 1, "Compliant")
    assert rows["Firefox"]["Verdict"] == "Exempt"
    (bought,) = [row for row in cells(book, "Entitlements") if row["Entitlement"] == "Tool licences"]
    assert bought["Start"] == datetime.datetime(2024, 1, 1)
    assert (bought["Purchase order"], bought["Agreement"], bought["Cost"]) == ("PO-1", "Frame", 300)


def test_a_verdict_is_a_word_in_its_colour(book: Workbook) -> None:
    sheet = book["Position"]
    column = next(c.column for c in sheet[1] if c.value == "Verdict")
    seen = {}
    for row in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
        seen[row[0].value] = row[0].fill.fgColor.rgb[-6:]
    assert set(seen) == {"Short", "Compliant", "Unknown", "Over-licensed", "Exempt"}
    assert all(seen[verdict] == VERDICT_COLOURS[str(verdict).lower()][1].lstrip("#") for verdict in seen)


def test_every_number_opens_to_its_evidence(book: Workbook) -> None:
    demand = [row for row in cells(book, "Demand") if row["Position"] == "Tool"]
    assert sum(int(str(row["Needed"])) for row in demand) == 4
    assert sum(int(str(row["Covered"])) for row in demand) == 3
    used = [row for row in cells(book, "Allocation") if row["Entitlement"] == "Tool licences"]
    assert [row["Units"] for row in used] == [1, 1, 1]
    (gap,) = [row for row in cells(book, "Exceptions") if row["Of"] == "db2" and "socket" in str(row["Fact"])]
    assert gap["Kind"] == "Unknown"
    assert [row["Product"] for row in cells(book, "Unrecognised")] == ["Frobnicator"]
    rules = {row["Constant"]: (row["Value"], row["Holds from"], row["Source"]) for row in cells(book, "Rules used")}
    value, since, source = rules["minimum per processor"]
    assert value == 4
    assert isinstance(since, datetime.datetime)
    assert source


def test_names_that_look_like_formulas_stay_names(book: Workbook) -> None:
    (holder,) = [c for row in book["Demand"].iter_rows() for c in row if c.value == "=db"]
    assert holder.data_type == "s"


def test_the_summary_has_date_hash_counts_and_what_needs_care(book: Workbook) -> None:
    texts = [str(v) for row in book["Summary"].iter_rows(values_only=True) for v in row if v is not None]
    assert example().hash in texts
    assert "Licence position" in texts
    assert any(t.startswith("Buy 1 device for about 100.00 EUR") for t in texts)
    assert "Unknown" in texts
    assert texts[texts.index("Prepared by") + 1] == "Anna"
    assert texts[texts.index("Estate") + 1] == "Harbour"


def test_the_same_facts_make_the_same_hash_and_other_facts_another() -> None:
    assert example().hash == example().hash
    assert position(Facts(), AT).hash != example().hash


def test_an_empty_position_is_a_readable_workbook(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(position(Facts(), AT), tmp_path / "empty.xlsx", HEAD))
    assert book["Position"]["A2"].value == "Nothing to list."


def test_a_folder_that_is_not_there_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(FileProblem):
        write(example(), tmp_path / "none" / "position.xlsx", HEAD)


def test_rows_are_as_high_as_their_texts_and_a_line_fits_the_paper(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        widths = [sheet.column_dimensions[cell.column_letter].width or 8 for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            lines = max(
                (
                    len(str(cell.value)) / width
                    for cell, width in zip(row, widths, strict=True)
                    if cell.value is not None and cell.alignment.wrap_text
                ),
                default=0,
            )
            if lines > 1.05:
                assert (sheet.row_dimensions[row[0].row].height or 0) >= 13 * lines
        if sum(widths) > 148 + len(widths):  # what is stored is a little wider
            assert sheet.col_breaks.brk, sheet.title
            assert sheet.print_title_cols == "$A:$A"
        else:
            assert sheet.page_setup.fitToHeight == 0
