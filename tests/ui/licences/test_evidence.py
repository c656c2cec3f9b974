"""The evidence of a position: its lines add up and lead to their records."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cmdb.model.revision import Edit
from tests.ui.licences.licences_user import (
    press,
    shown,
    uid,
)
from ui.context import Context
from ui.pages.licences import evidence
from ui.pages.licences.page import LicencesPage


def test_demand_supply_and_allocation_lead_to_their_records(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], context: Context
) -> None:
    page = show()
    demand = page.detail.lists["demand"]
    assert [line.amount for line in demand.lines] == ["1 device"] * 3
    assert sum(line.tone == "bad" for line in demand.lines) == 2
    place = next(i for i, line in enumerate(demand.lines) if line.title == "PC-0")
    QTest.mouseClick(demand.viewport(), Qt.MouseButton.LeftButton,
                     pos=demand.visualRect(demand.model().index(place, 0)).center())  # fmt: skip
    press(page, "Supply 1")
    supply = page.detail.lists["supply"]
    assert "PO-1" in supply.lines[0].why
    supply.setCurrentIndex(supply.model().index(0, 0))
    QTest.keyClick(supply, Qt.Key.Key_Return)
    press(page, "Allocation 1")
    assert "Visio licences" in page.detail.lists["allocation"].lines[0].title
    assert context.shell.said("open_ci") == [(uid(licensed["pc"]),), (uid(licensed["visio"]),)]  # type: ignore[attr-defined]


def test_the_lines_add_up(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    for one in page.listing.model.rows:
        assert len(evidence.demand(one)) == len(one.demand)
        assert sum(line.quantity or 0 for line in one.demand) == one.needed


def test_exceptions_of_a_position_are_a_click_away(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], context: Context
) -> None:
    page = show(position=["7-Zip", "", "", ""])
    assert "It needs no licence" in shown(page)
    press(page, "2 exceptions")
    assert page.views.current == "exceptions"
    assert {row.product for row in page.exceptions.model.rows} == {"7-Zip"}
    page.exceptions.table.opened.emit(0)
    ((opened,),) = context.shell.said("open_ci")  # type: ignore[attr-defined]
    assert opened == page.exceptions.model.row_at(0).subject_id


def test_exempt_copies_are_left_out_until_they_are_asked_for(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit]
) -> None:
    page = show(view="exceptions")
    assert "exempt" not in {row.kind for row in page.exceptions.model.rows}
    press(page, "Exempt 2")
    assert "exempt" in {row.kind for row in page.exceptions.model.rows}


def test_the_page_opens_without_the_views_besides_the_positions(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit]
) -> None:
    page = show()
    assert {"exceptions", "renewals", "names"}.isdisjoint(vars(page))
    page.show_view("exceptions")
    assert page.exceptions.model.rows, "what was counted before is in it"
    assert {"renewals", "names"}.isdisjoint(vars(page))
