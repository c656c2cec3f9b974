"""What ends within a year, and the workbook of all positions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from app.licences.renewals import renewals
from cmdb.model.revision import Edit, Revision
from tests.ui.licences.licences_user import (
    TODAY,
    Settle,
    day,
    new,
    press,
    shown,
    uid,
)
from ui.context import Context
from ui.pages.licences.page import LicencesPage
from ui.widgets.file_dialog import FileDialog


def test_the_workbook_is_written_in_a_job(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = show()
    path = tmp_path / "position"
    monkeypatch.setattr(FileDialog, "name_to_write", lambda *_: (str(path), ""))
    press(page, "Export compliance workbook")
    said = context.shell.said  # type: ignore[attr-defined]
    settle(until=lambda: bool(said("written")))
    book = openpyxl.load_workbook(tmp_path / "position.xlsx")
    assert "Position" in " ".join(book.sheetnames)
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert "Visio" in cells
    assert ("position.xlsx is written",) in said("toast")
    assert said("written") == [(tmp_path / "position.xlsx",)]


def test_the_calendar_lists_what_ends_within_a_year(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    agreement = new("agreement", name="Frame", end=day(200), cancel_by=day(100))
    maintained = new("entitlement", name="Kept", product="Visio", metric="device", quantity=1,
                     maintenance_until=day(200), agreement=uid(agreement))  # fmt: skip
    lease = new("lease", name="Laptops", end=day(120), notice_period=90)
    gone = new("lease", name="Old", end=day(50), status="Retired")
    far = new("lease", name="Far", end=day(500))
    context.workspace.apply(Revision([agreement, maintained, lease, gone, far], "anna"))
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        found = renewals(reader, TODAY)
    assert [(one.name, one.kind, one.act_by) for one in found] == [
        ("WinRAR", "Subscription", day(20)),
        ("Laptops", "Lease", day(30)),
        ("Frame", "Agreement", day(100)),
        ("Kept", "Maintenance", day(100)),
    ]
    page = show(view="renewals")
    settle(tasks=context.tasks)
    page.resize(1366 - 196, 700)
    settle()
    assert page.renewals.table.horizontalScrollBar().maximum() == 0, "all columns are in sight, with the cost"
    assert [row.name for row in page.renewals.model.rows] == [one.name for one in found]
    page.renewals.year.clicked.emit(day(20)[:7])
    assert {row.act_by[:7] for row in page.renewals.model.rows} == {day(20)[:7]}
    page.renewals.year.clicked.emit(day(20)[:7])
    assert len(page.renewals.model.rows) == 4
    page.renewals.table.opened.emit(0)
    assert context.shell.said("open_ci") == [(uid(licensed["rar"]),)]  # type: ignore[attr-defined]


def test_the_verdict_is_in_sight_with_and_without_a_draft_in_the_smallest_window(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    page.resize(1024 - 56, 600)
    for today in (None, page.found):
        page.listing.show_today(today)
        settle()
        assert page.listing.table.horizontalScrollBar().maximum() == 0


def test_no_renewals_is_shown(show: Callable[..., LicencesPage]) -> None:
    page = show(view="renewals")
    assert "Nothing ends in the next twelve months" in shown(page)
