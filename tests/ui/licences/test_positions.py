"""The positions of the Licences page: their order, what narrows them, and what each says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.licences.position_notes import notes
from app.licences.position_order import key_of
from cmdb.model.revision import Edit
from tests.ui.licences.licences_user import (
    Settle,
    current,
    press,
    products,
    shown,
)
from ui.context import Context
from ui.pages.licences.page import LicencesPage


def test_what_needs_action_comes_first(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    verdicts = [row.verdict for row in page.listing.model.rows]
    assert verdicts == ["short", "unknown", "unknown", "over-licensed", "exempt"]
    assert products(page)[0] == "Visio"
    assert current(page).product == "Visio"
    said = shown(page)
    assert "1 of the 3 devices is covered: 2 short." in said
    assert "Buying 2 devices would cost about 400.00 EUR." in said


def test_who_comes_to_the_page_is_in_the_list(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    page.setFocus()
    assert page.window().focusWidget() is page.listing.table


def test_verdicts_and_words_narrow_the_table(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    press(page, "Unknown 2")
    assert {row.verdict for row in page.listing.model.rows} == {"unknown"}
    press(page, "Short 1")
    assert {row.verdict for row in page.listing.model.rows} == {"unknown", "short"}
    press(page, "All 5")
    QTest.keyClicks(page.listing.search, "winrar")
    QTest.keyClick(page.listing.search, Qt.Key.Key_Return)
    assert products(page) == ["WinRAR"]
    assert current(page).product == "WinRAR"
    QTest.keyClicks(page.listing.search, " nothing")
    QTest.keyClick(page.listing.search, Qt.Key.Key_Return)
    assert "No position fits the filter" in shown(page)
    press(page, "Show all")
    assert len(products(page)) == 5


def test_links_lead_to_a_position_or_a_verdict(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["WinRAR", "", "", "device"])
    assert current(page).product == "WinRAR"
    assert page.state()["position"] == ["WinRAR", "", "", "device"]
    page.opened(verdict="unknown")
    settle(tasks=context.tasks)
    assert {row.verdict for row in page.listing.model.rows} == {"unknown"}
    page.opened(position=["Visio", "Professional", "2021", "device"])
    settle(tasks=context.tasks)
    assert current(page).product == "Visio"


def test_numbers_are_sorted_as_numbers_and_the_order_can_be_left(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit]
) -> None:
    page = show()
    page.listing.table.sortByColumn(6, Qt.SortOrder.DescendingOrder)
    needed = [row.needed for row in page.listing.model.rows]
    assert needed == sorted(needed, reverse=True)


def test_columns_can_be_chosen_and_stay(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    assert page.listing.table.isColumnHidden(2)
    menu = QMenu(page)
    page.listing.choice.fill(menu)
    next(action for action in menu.actions() if action.text() == "Edition").trigger()
    assert not page.listing.table.isColumnHidden(2)
    assert not show().listing.table.isColumnHidden(2)


def test_the_details_cover_the_table_in_a_narrow_window(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    page.resize(1000, 700)
    settle(until=lambda: page.detail.isHidden())
    page.listing.table.setFocus()
    QTest.keyClick(page.listing.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert page.listing.isHidden()
    page.detail.close_button.click()
    assert page.listing.isVisible()


def test_what_needs_no_licence_never_contradicts_itself(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["7-Zip", "", "", ""])
    settle(tasks=context.tasks)
    free = next(one for one in page.listing.model.rows if one.product == "7-Zip")
    page.detail.show_position(free, page.found)  # type: ignore[arg-type]
    for name in ("demand", "supply", "allocation"):
        page.detail._choose(name)
    said = shown(page)
    assert "2 installations on 2 devices" in said
    assert "nowhere" not in "\n".join(text.text() for text in page.detail._head.values())
    assert page.detail._head["demand"].text() == "Where it is installed, it needs no licence: nothing is counted."


def test_a_note_stands_beside_its_position(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context, tmp_path: Path
) -> None:
    page = show()
    key = key_of(current(page))
    page.detail.note.keep("Accepted until March.")
    settle(tasks=context.tasks)
    assert "Accepted until March." in page.detail.note.text()
    with context.workspace.read() as reader:
        assert notes(reader) == {key: "Accepted until March."}
    page.detail.note.keep("")
    settle(tasks=context.tasks)
    assert page.detail.note.isHidden()
    with context.workspace.read() as reader:
        assert notes(reader) == {}
    context.workspace.undo_stack.undo()
    with context.workspace.read() as reader:
        assert notes(reader) == {key: "Accepted until March."}
