"""Choosing columns in a panel that stays open, and saved views with their own columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from app.assets.views import ShownList, change, save
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records.column_sheet import ColumnSheet
from ui.widgets.buttons import PrimaryButton

Settle = Callable[..., None]


@pytest.fixture
def page(context: Context, shell: Any, settle: Settle) -> Iterator[AssetsPage]:
    """The page, which the shell opens again when a view asks for it."""
    found = AssetsPage(context)
    found.resize(1400, 800)
    found.show()
    shell.go = lambda page, **params: found.opened(**params)
    found.opened(cls="laptop")
    settle()
    yield found
    settle()
    found.close()


def columns(page: AssetsPage) -> list[str]:
    return [attribute.name for attribute in page.listing.model.columns]


def test_columns_are_chosen_searched_and_ordered_while_the_panel_stays(
    page: AssetsPage, shell: Any, settle: Settle
) -> None:
    first = columns(page)
    page.listing.columns.open_sheet()
    sheet = shell.content
    assert isinstance(sheet, ColumnSheet)
    sheet.show()
    titles = [top.text(0) for top in sheet._tops()]
    assert titles[-3:] == ["Computers", "Hardware", "All items"], "by the class that declares them"
    QTest.keyClicks(sheet._search, "cost cen")
    (found,) = [item for item in sheet._items() if not item.isHidden() and not item.parent().isHidden()]
    sheet._all.setCurrentItem(found)
    QTest.keyClick(sheet._all, Qt.Key.Key_Space)
    assert columns(page) == [*first, "cost_centre"]
    assert shell.said("close_sheet") == [], "it stays open"
    sheet._order.setCurrentRow(len(first))
    QTest.keyClick(sheet._order, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert columns(page) == [*first[:-1], "cost_centre", first[-1]]
    QTest.keyClick(sheet._order, Qt.Key.Key_Delete)
    assert columns(page) == first
    assert found.checkState(0) == Qt.CheckState.Unchecked
    sheet._order.setCurrentRow(0)
    for _ in range(len(first)):
        QTest.keyClick(sheet._order, Qt.Key.Key_Delete)
    assert len(columns(page)) == 1, "one is left"
    next(b for b in sheet.findChildren(QPushButton) if b.text() == "Reset to default").click()
    assert columns(page) == first == sheet.names
    settle()


def test_a_view_has_its_own_columns_and_leaves_those_of_the_class(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    listing = page.listing
    own = columns(page)
    listing.columns.choose(["name", "serial_number"])
    listing.search.setText("phase = stock")
    listing.refresh()
    listing.views._save()
    shell.content.findChild(QLineEdit).setText("In stock")
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()
    assert listing.heading.text() == "In stock"
    page.opened(cls="laptop")
    settle()
    assert listing.heading.text() == "Laptops"
    listing.columns.choose([])
    settle()
    (view,) = listing.views._views
    listing.views.show_view(view)
    settle()
    assert (columns(page), listing.search.text()) == (["name", "serial_number"], "phase = stock")
    assert (listing.heading.text(), listing.views.bar._save.isVisible()) == ("In stock", False)
    listing.columns.toggle("model", True)
    listing.sort_by("-name")
    settle()
    assert listing.views.is_changed
    assert listing.views.bar._save.isVisible()
    listing.views.back()
    settle()
    assert (columns(page), listing.sort) == (["name", "serial_number"], "name")
    listing.columns.toggle("model", True)
    listing.views.save_changes()
    settle()
    assert not listing.views.is_changed
    menu = QMenu()
    listing.views.fill(menu)
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["In stock"]
    listing.views.close()
    settle()
    assert (columns(page), listing.heading.text(), listing.search.text()) == (own, "Laptops", "")
    listing.views.show_view(listing.views._views[0])
    settle()
    assert columns(page) == ["name", "serial_number", "model"]
    listing.group_by("status")
    settle()
    place = page.state()
    page.opened(cls="phone")
    settle()
    page.opened(**place)
    settle()
    assert (columns(page), listing.heading.text()) == (["name", "serial_number", "model"], "In stock"), "back is back"
    assert listing.model.attribute is not None
    assert listing.views.is_changed


def test_a_view_whose_saving_is_undone_is_left(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    listing = page.listing
    end = context.workspace.subscribe(lambda applied: context.tasks.post(page.changed, applied))
    page.opened(cls="laptop", where="phase = stock")
    settle()
    listing.views._save()
    shell.content.findChild(QLineEdit).setText("In stock")
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle(lambda: listing.heading.text() == "In stock")
    with context.workspace.read() as reader:
        number = reader.number
    context.workspace.undo_revision(number)
    settle(lambda: listing.heading.text() == "Laptops")
    assert not listing.views.bar.isVisible()
    assert listing.search.text() == "phase = stock"
    end()


def test_a_view_that_others_changed_meanwhile_is_not_overwritten(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    listing, store = page.listing, context.workspace.store
    view = ShownList("laptop", "phase = stock", "name", ("name", "status"))
    context.edit(lambda reader: save(reader, "In stock", view, "anna"), "")
    settle()
    listing.views.load()
    settle()
    (one,) = listing.views._views
    listing.views.show_view(one)
    settle()
    assert not listing.views.is_changed
    with store.read() as reader:
        theirs = change(reader, one, replace(view, where="status = Lost"), "bea")
        theirs = replace(theirs, decided_at=reader.number)
    store.apply(theirs)
    listing.columns.toggle("model", True)
    listing.views.save_changes()
    settle()
    assert "was changed meanwhile" in str(shell.problems.pop())
    assert listing.views.is_changed
    listing.views.back()
    settle()
    assert (listing.search.text(), listing.views.is_changed) == ("status = Lost", False)
