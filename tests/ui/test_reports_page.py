"""The Reports page: every registered report runs, and what it shows can be narrowed, sorted, opened and exported."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.reports import ReportContext, ReportRow, reports
from app.reports.model import Report, column
from app.reports.report_run import ReportResult
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import EMPTY, Message
from cmdb.model.revision import Edit, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.reports.model import ReportModel
from ui.pages.reports.page import ReportsPage
from ui.widgets.file_dialog import FileDialog

Settle = Callable[..., None]
Show = Callable[..., ReportsPage]


@pytest.fixture
def show(show_page: ShowPage, context: Context, settle: Settle) -> Show:
    """Opens the page and runs its report; revisions reach it as in the window."""

    def open_page(**params: Any) -> ReportsPage:
        page = show_page(ReportsPage, 1240, 850)
        page.opened(**params)
        settle(tasks=context.tasks)
        return page

    return open_page


def column_texts(page: ReportsPage, place: int) -> list[str]:
    model = page.model
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def said(page: ReportsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def written(context: Context) -> list[Path]:
    """The files of which the window says that they were written, and where it offers to open them."""
    return [call[0] for call in context.shell.said("written")]  # type: ignore[attr-defined]


def press(page: ReportsPage, text: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()).click()


def test_every_registered_report_is_listed_and_runs(show: Show, settle: Settle, context: Context) -> None:
    page = show()
    assert page.list.names == list(reports())
    for name, report in reports().items():
        page.opened(report=name)
        settle(tasks=context.tasks)
        assert page.model.result is not None
        assert page.model.result.report is report
        with context.workspace.read(context.moment.at, context.moment.today) as reader:
            expected = list(report.rows(ReportContext(reader)))
        assert page.model.result.rows == expected
        assert str(report.description) in said(page)
        assert page._states.name == ("content" if expected else "empty")


def test_the_list_answers_the_keyboard(show: Show, settle: Settle) -> None:
    page = show()
    first, second = page.list.names[:2]
    assert page.report is reports()[first]
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.report is reports()[second]
    settle(until=lambda: page.model.result is not None and page.model.result.report is page.report)
    assert page.state() == {"report": second, "text": ""}


def test_words_narrow_the_rows(show: Show) -> None:
    page = show(report="assets_by_person")
    assert column_texts(page, 0) == ["Anja Vogt", "Anja Vogt", "Tom Okafor"]
    QTest.keyClicks(page.search, "okafor")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert column_texts(page, 0) == ["Tom Okafor"]
    assert "1 of 3" in said(page)
    QTest.keyClicks(page.search, " nobody")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert "No row fits the filter" in said(page)
    press(page, "Show all rows")
    assert page.model.rowCount() == 3
    assert "3 rows" in said(page)


def test_typing_on_the_table_filters(show: Show) -> None:
    page = show(report="assets_by_person")
    page.table.setFocus()
    QTest.keyClicks(page.table, "t")
    assert page.search.text() == "t"


def test_a_row_opens_the_record_it_is_about(show: Show, context: Context) -> None:
    page = show(report="assets_by_person")
    page.table.setCurrentIndex(page.model.index(2, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert context.shell.said("open_ci") == [(page.model.row_at(2).uid,)]  # type: ignore[attr-defined]


def test_the_order_is_kept_per_report(show: Show, settle: Settle, context: Context) -> None:
    page = show(report="assets_by_person")
    page.table.horizontalHeader().setSortIndicator(3, Qt.SortOrder.DescendingOrder)
    ordered = column_texts(page, 3)
    assert ordered == sorted(ordered, reverse=True)
    page.opened(report="assets_by_location")
    settle(tasks=context.tasks)
    page.opened(report="assets_by_person")
    settle(tasks=context.tasks)
    assert column_texts(page, 3) == ordered


def test_values_are_sorted_by_size_and_empty_ones_stand_last(context: Context) -> None:
    report = Report(
        "r", Message("R"), EMPTY, (column(Message("N"), "integer"), column(Message("D"), "date")), lambda q: ()
    )
    rows = [
        ReportRow((10, "2026-01-02")),
        ReportRow((9, "")),
        ReportRow((None, "2025-12-31")),
        ReportRow((100, "2026-01-01")),
    ]
    model = ReportModel(context.theme)
    model.show_result(ReportResult(report, rows, [""] * 4), {}, None)

    def cells(place: int) -> list[Any]:
        return [model.row_at(i).cells[place] for i in range(model.rowCount())]

    model.sort(0)
    assert cells(0) == [9, 10, 100, None]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert cells(0) == [100, 10, 9, None]
    model.sort(1)
    assert cells(1) == ["2025-12-31", "2026-01-01", "2026-01-02", ""]
    model.sort(-1)
    assert cells(0) == [10, 9, None, 100]


def test_a_revision_is_taken_in(show: Show, settle: Settle, context: Context) -> None:
    page = show(report="assets_by_person")
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        person = reader.find("Anja Vogt").uid
    tablet = Edit(
        ci(new_id()), "", None, {"class": "tablet", "name": "TB-1", "status": "Deployed", "assigned_to": person}
    )
    context.workspace.apply(Revision([tablet], "anna"))
    settle(until=lambda: "TB-1" in column_texts(page, 3))
    assert "4 rows" in said(page)


def test_an_empty_report_says_so(show: Show, settle: Settle, context: Context) -> None:
    page = show(report="contracts_ending")
    assert "Nothing to report" in said(page)
    context.moment.set(0, "1 Jan 2020")
    page.opened(report="assets_by_person")
    settle(tasks=context.tasks)
    assert "Nothing that was recorded on 1 Jan 2020 belongs in it." in said(page)


def test_a_failure_can_be_tried_again(
    show: Show, settle: Settle, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreProblem(Message("The estate cannot be read."), (Message("Its disk is gone."),))

    monkeypatch.setattr("ui.pages.reports.page.run", fail)
    page = show(report="assets_by_person")
    assert "The estate cannot be read." in said(page)
    assert not page._export.isEnabled()
    monkeypatch.undo()
    press(page, "Try again")
    settle(tasks=context.tasks)
    assert page.model.rowCount() == 3


@pytest.mark.parametrize(("kind", "ending"), [
    ("Excel workbook (*.xlsx)", ".xlsx"),
    ("Comma-separated (*.csv)", ".csv"),
    ("JSON (*.json)", ".json"),
    ("Web page, to print or mail (*.html)", ".html"),
])  # fmt: skip
def test_a_report_is_exported_by_its_ending(
    kind: str, ending: str, show: Show, settle: Settle, context: Context, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = show(report="assets_by_person")
    monkeypatch.setattr(FileDialog, "name_to_write", lambda *_: (str(tmp_path / "people"), kind))
    press(page, "Export…")
    path = tmp_path / f"people{ending}"
    settle(until=lambda: written(context) == [path])
    assert _rows(path) == 3
    assert (f"people{ending} is written: 3 rows",) in context.shell.said("toast")  # type: ignore[attr-defined]


def _rows(path: Path) -> int:
    """How many rows of people's equipment a file has."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        return sum("@harbour.example" in str(row[1].value) for row in sheet.iter_rows())
    text = path.read_text("utf-8-sig")
    if path.suffix == ".json":
        return len(list(_records(json.loads(text))))
    if path.suffix == ".csv":
        return sum(any("@harbour.example" in cell for cell in row) for row in csv.reader(text.splitlines()))
    return text.count("@harbour.example")


def _records(document: Any) -> Iterator[Any]:
    if isinstance(document, dict):
        if document.get("email"):
            yield document
        for part in document.values():
            yield from _records(part)
    elif isinstance(document, list):
        for part in document:
            yield from _records(part)


def test_a_report_is_exported_as_pdf(show: Show, settle: Settle, context: Context, tmp_path: Path) -> None:
    page = show(report="assets_by_person")
    page.write(tmp_path / "people.pdf")
    settle(until=lambda: written(context) == [tmp_path / "people.pdf"])
    assert (tmp_path / "people.pdf").read_bytes().startswith(b"%PDF")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_coming_back_runs_nothing_again(show: Show, settle: Settle, context: Context) -> None:
    page = show(report="assets_by_person")
    result = page.model.result
    page.opened(report="assets_by_person")
    settle(tasks=context.tasks)
    assert page.model.result is result
    page.reload()
    settle(tasks=context.tasks)
    assert page.model.result is not result


def test_the_licence_position_is_exported_as_the_workbook_for_auditors(
    show: Show, settle: Settle, context: Context, tmp_path: Path
) -> None:
    page = show(report="compliance")
    path = tmp_path / "position.xlsx"
    page.write(path)
    settle(until=lambda: written(context) == [path])
    assert {"Summary", "Position", "Rules used"} <= set(openpyxl.load_workbook(path).sheetnames)


def test_a_file_that_cannot_be_written_is_a_problem(
    show: Show, settle: Settle, context: Context, tmp_path: Path
) -> None:
    page = show(report="assets_by_person")
    page.write(tmp_path / "nowhere" / "people.xlsx")
    problems = context.shell.problems  # type: ignore[attr-defined]
    settle(until=lambda: bool(problems))
    assert "nowhere" in str(problems.pop())
    assert written(context) == []


def test_of_a_long_report_the_first_rows_are_shown_and_all_are_exported(
    show: Show, settle: Settle, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.reports.page.MOST", 2)
    page = show(report="asset_register")
    assert page.model.rowCount() == 2
    assert page._count.text() == "2 rows, the first ones; the export has them all"
    page.write(tmp_path / "register.csv")
    settle(lambda: not context.workspace.jobs.busy)
    assert len((tmp_path / "register.csv").read_text("utf-8").splitlines()) == 1 + 4


@pytest.mark.parametrize("width", [760, 1100])
def test_what_a_report_is_about_is_in_sight(show: Show, settle: Settle, context: Context, width: int) -> None:
    page = show(report="warranty_ending")
    rows = [
        ReportRow((f"LT-{n}", "Laptop", "A1", "SERIAL-12345", "EliteBook 840 G9", "Anja Vogt", "Rotterdam / Hall / 2",
                   "2026-12-01", 12)) for n in range(30)
    ]  # fmt: skip
    report = reports()["warranty_ending"]
    page._show(ReportResult(report, rows, ["" for _ in rows]))
    page.resize(width, 700)
    settle(tasks=context.tasks)
    header = page.table.horizontalHeader()
    ends = {
        column.name: header.sectionViewportPosition(place) + header.sectionSize(place)
        for place, column in enumerate(report.columns)
    }
    assert max(ends[name] for name in ("name", *report.subjects)) <= page.table.viewport().width()
    assert report.subjects == ("warranty_until", "days_left")


def test_a_report_that_scrolls_cuts_nothing(show: Show, settle: Settle, context: Context) -> None:
    page = show(report="warranty_ending")
    rows = [
        ReportRow((f"LT-{n}", "Access point" if not n % 9 else "Laptop", "A1", "SERIAL-12345", "EliteBook 840 G9",
                   "Anja Vogt", "Rotterdam / Hall / 2", "2026-12-01", 12)) for n in range(30)
    ]  # fmt: skip
    page._show(ReportResult(reports()["warranty_ending"], rows, ["" for _ in rows]))
    page.resize(900, 700)
    settle(tasks=context.tasks)
    table = page.table
    assert table.horizontalHeader().length() > table.viewport().width()
    need = table.fontMetrics().horizontalAdvance("Access point")
    assert table.columnWidth(1) > need + 16
