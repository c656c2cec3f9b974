"""Reports as people read them: cells in the locale, and pages of paper."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetricsF

from app.reports import ReportRow
from app.reports.model import Report, column
from app.reports.report_run import ReportOrigin, ReportResult
from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import Message
from ui.theme import Theme
from ui.widgets.cells import shown
from ui.widgets.report_pdf import column_widths, on_paper, write_pdf


def test_values_are_written_as_people_read_them() -> None:
    assert shown(column(Message("Cost"), "money"), Decimal("1234.5")) == "1,234.50"
    assert shown(column(Message("Days left"), "integer"), -3) == "-3"
    assert shown(column(Message("On"), "date"), "2026-12-04") == "4 Dec 2026"
    assert shown(column(Message("Flag"), "boolean"), False) == "No"
    assert shown(column(Message("None")), None) == ""


def test_a_pdf_has_as_many_pages_as_its_rows_ask_for(theme: Theme, tmp_path: Path) -> None:
    def pages(rows: int) -> int:
        report = Report(
            "r",
            Message("R"),
            Message("What it is."),
            (column(Message("Name")), column(Message("N"), "integer")),
            lambda q: (),
        )
        made = [ReportRow((f"A name that is rather long {n}", n)) for n in range(rows)]
        path = tmp_path / f"{rows}.pdf"
        with path.open("wb") as file:
            write_pdf(ReportResult(report, made, [""] * rows), file, "today", theme.family)
        written = path.read_bytes()
        assert written.startswith(b"%PDF")
        return len(re.findall(rb"/Type\s*/Page\b", written))

    assert pages(0) == 1
    assert pages(10) == 1
    assert pages(400) > 5


@given(st.lists(st.tuples(st.text(max_size=40), st.integers()), max_size=5), st.integers(300, 2000))
def test_columns_on_paper_fill_the_page(rows: list[tuple[str, int]], room: int) -> None:
    columns = (column(Message("Name")), column(Message("Number"), "integer"))
    cells = [[text, str(number)] for text, number in rows]
    metrics = QFontMetricsF(QFont())
    widths = column_widths(columns, cells, metrics, metrics, room)
    assert sum(widths) == pytest.approx(room)
    assert min(widths) > 0


def test_a_report_is_drawn_by_the_ending_of_its_file(theme: Theme, tmp_path: Path) -> None:
    report = Report("r", Message("R"), Message("What it is."), (column(Message("Name")),), lambda q: ())
    drawn = on_paper(theme.family)
    assert list(drawn) == [".pdf"]
    path = tmp_path / "r.pdf"
    with path.open("wb") as file:
        origin = ReportOrigin("Harbour", date(2026, 11, 29), JournalHead(4, "ab"))
        drawn[".pdf"](ReportResult(report, [ReportRow(("x",))], []), file, origin)
    assert path.read_bytes().startswith(b"%PDF")
