"""Large workbooks are read by another process, and nothing is different but that it can be ended."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem
from importers.spreadsheets.sheets import opening
from importers.spreadsheets.sheets.opening import open_file
from importers.spreadsheets.sheets.workbook_process import WorkbookProcess


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sheets with cells of every type, and a hidden one."""
    path = tmp_path_factory.mktemp("book") / "stock.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet("Laptops")
        sheet.write_row(0, 0, ("Name", "Bought", "Price", "Used", "Seen", "Count"))
        for n in range(1, 40):
            sheet.write_row(n, 0, (f"pc{n}", date(2026, 3, 1 + n % 3), n / 4, n % 2 == 0, "", 1))
            if n % 5:
                sheet.write_datetime(n, 4, datetime(2026, 3, 1, 14, n), made.add_format({"num_format": "yyyy hh:mm"}))
        sheet.merge_range(3, 0, 5, 0, "three")
        sheet.write_formula(41, 2, "=1/0", None, "#DIV/0!")
        made.add_worksheet("Empty")
        made.add_worksheet("Notes").hide()
        made.worksheets()[2].write(0, 0, "Größe ☃")
    return path


def test_another_process_reads_what_this_one_would(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = open_file(book)
    monkeypatch.setattr(opening, "APART", 0)
    apart = open_file(book)
    assert [(s.name, s.hidden) for s in apart.sheets] == [(s.name, s.hidden) for s in here.sheets]
    for mine, other in zip(here.sheets, apart.sheets, strict=True):
        assert other.rows == mine.rows
        assert [list(map(type, row)) for row in other.rows] == [list(map(type, row)) for row in mine.rows]
        assert other.merged == mine.merged
    apart.sheets[0].forget()
    assert apart.sheets[0].rows == here.sheets[0].rows


def test_the_reading_ends_where_it_is_cancelled(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def slow(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        started.append(start([command[0], "-c", "import time; time.sleep(60)"], **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", slow)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        WorkbookProcess(book, control.check).sheets()
    assert started[0].poll() is not None


def test_a_damaged_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(FileProblem, match="damaged"):
        WorkbookProcess(path).sheets()
