"""Reports and licences in the past: judged by the day that is shown; and a report about two moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.moments import PointInTime
from ui.context import Context
from ui.pages.licences.page import LicencesPage
from ui.pages.reports.page import ReportsPage

Settle = Callable[..., None]


@pytest.fixture
def page(context: Context) -> ReportsPage:
    found = ReportsPage(context)
    found.resize(1200, 800)
    found.show()
    return found


def names(page: ReportsPage) -> list[str]:
    assert page.model.result is not None
    return [str(row.cells[0]) for row in page.model.result.rows]


def test_a_report_is_judged_by_the_day_that_is_shown(page: ReportsPage, settle: Settle, tmp_path: Path) -> None:
    moment = page.context.moment
    moment.set(2, "1 Dec 2026", date(2026, 12, 1))
    page.opened(report="warranty_ending")
    settle()
    near = names(page)
    page.write(tmp_path / "near.csv")
    settle(lambda: (tmp_path / "near.csv").exists() and not page.context.workspace.jobs.active())
    moment.set(2, "1 Dec 2030", date(2030, 12, 1))
    page.reload()
    settle()
    assert near != names(page) == []
    assert len((tmp_path / "near.csv").read_text("utf-8-sig").splitlines()) == len(near) + 1


def test_a_report_about_two_moments_asks_for_the_other_one(page: ReportsPage, settle: Settle) -> None:
    page.opened(report="asset_register")
    settle()
    assert not page._since.isVisible()
    page.show_report("difference")
    page.run()
    settle()
    assert page._since.isVisible()
    assert "From the beginning to revision 2" in page._about.text()
    page._since._take(PointInTime(1, "then"))
    settle()
    assert page.model.result is not None
    assert [row.cells[3:] for row in page.model.result.rows] == [("LT-2041", "Status", "In repair", "Deployed")]
    assert "From revision 1" in page._about.text()


def test_rights_are_judged_at_the_day_that_is_shown(context: Context, settle: Settle) -> None:
    page = LicencesPage(context)
    page.resize(1200, 800)
    page.show()
    page.opened()
    settle()
    assert page.day.day == date.today()
    assert page.day._button.text().strip() == "Today"
    context.moment.set(1, "12 Mar 2026 10:00 (revision 1)", date(2026, 3, 12))
    page.reload()
    settle()
    assert page.day.day == date(2026, 3, 12)
    assert page.found is not None
    assert page.found.at == date(2026, 3, 12)
    assert "Today" not in page.day._button.text()
    assert page._known.text() == "As known on 12 Mar 2026 10:00"
    page.day.pick("2025-01-01")
    assert page.state()["at"] == "2025-01-01"
    context.moment.set(None)
    page.day.pick("")
    page.reload()
    settle()
    assert page.day._button.text().strip() == "Today"
