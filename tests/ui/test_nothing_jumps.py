"""What others write moves nothing that one looks at: not the row under the mouse, no selection, nothing scrolled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QListView, QScrollArea, QTableView

from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import open_estate
from tests.ui.conftest import open_in_window
from ui.pages.assets.page import AssetsPage
from ui.shell.window import Window

Settle = Callable[..., None]
PAGES = ("overview", "assets", "tasks", "licences", "review", "reports", "history")
PAUSES = 2500
"""Milliseconds in which every page has begun to count again; the longest of their pauses is 1500."""


@pytest.mark.parametrize("page", PAGES)
def test_what_others_write_moves_nothing_that_is_looked_at(
    window: Window, sample_copy: Path, settle: Settle, page: str
) -> None:
    window.resize(1200, 640)
    open_in_window(window, sample_copy, settle)
    window.services.go(page)
    quiet(window, settle)
    for _ in range(2):  # what is chosen in one list may bring the rows of another
        look(window, page)
        quiet(window, settle)
    before = seen(window, page)
    write_as_another(sample_copy)
    window.estate.hear()
    quiet(window, settle)
    assert seen(window, page) == before


def test_the_details_are_of_the_row_that_one_goes_to_before_it_is_read(
    window: Window, sample_copy: Path, settle: Settle
) -> None:
    window.resize(1600, 800)
    open_in_window(window, sample_copy, settle)
    window.services.go("assets")
    settle(tasks=window.tasks)
    page = window.stack.page("assets")
    assert isinstance(page, AssetsPage)
    page.listing.table.setFocus()
    QTest.keyClick(page.listing.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    quiet(window, settle)
    row = page.listing.table.currentIndex().row()
    assert row == page.listing.model.rowCount() - 1
    chosen = page.listing.model.ci(row)
    assert chosen is not None
    assert page.detail.uid == chosen.uid


def quiet(window: Window, settle: Settle) -> None:
    settle(tasks=window.tasks)
    QTest.qWait(PAUSES)
    settle(tasks=window.tasks)


def views(window: Window, page: str) -> list[QAbstractScrollArea]:
    """The lists, tables and areas of a page that can be seen, in order."""
    shown = window.stack.page(page)
    every = shown.findChildren(QAbstractScrollArea)
    return [one for one in every if one.isVisible() and isinstance(one, (QTableView, QListView, QScrollArea))]


def look(window: Window, page: str) -> None:
    """Chooses a row further down, and scrolls everything to its middle."""
    for view in views(window, page):
        if isinstance(view, QAbstractItemView) and view.model() is not None and view.model().rowCount() > 3:
            view.setCurrentIndex(view.model().index(view.model().rowCount() // 2, 0))
    for view in views(window, page):
        bar = view.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)


def seen(window: Window, page: str) -> dict[str, object]:
    """What stands where one looks: of each view what is scrolled, chosen, and in its middle."""
    found: dict[str, object] = {"page": window.stack.page(page).state()}
    for place, view in enumerate(views(window, page)):
        name = f"{place} {type(view).__name__} {view.accessibleName()}"
        if isinstance(view, QAbstractItemView) and view.model() is not None and view.model().rowCount():
            current = view.currentIndex()
            found[name] = text(current)
            if view.verticalScrollBar().value():  # what is looked at from its top shows what is new there
                middle = view.indexAt(view.viewport().rect().center())
                found[f"{name}, seen"] = text(middle), view.visualRect(current.siblingAtColumn(1)).top()
        elif view.verticalScrollBar().maximum():
            found[name] = view.verticalScrollBar().value()
    return found


def text(index: QModelIndex) -> str:
    """The first cell of a row."""
    sibling = index.siblingAtColumn(0)
    return str(sibling.data()) if sibling.isValid() else ""


def write_as_another(path: Path) -> None:
    """Another person changes some items, and makes a few that stand before all others."""
    store = open_estate(path)
    with store.read() as reader:
        laptops = reader.page(Selection("laptop"), limit=5)
    edits = [Edit(ci(one.uid), "notes", one.values.get("notes"), "Others looked at it") for one in laptops]
    made = (("laptop", "AAA-1", {"status": "Deployed"}), ("task", "AAA do it first", {"due": "2020-01-01"}))
    edits += [Edit(ci(new_id()), "", None, {"class": cls, "name": name, **more}) for cls, name, more in made]
    store.apply(Revision(edits, "Somebody else"))
    store.close()
