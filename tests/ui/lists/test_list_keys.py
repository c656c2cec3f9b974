"""Keys in a list: they lead from the filter to the rows and back, and go on where they were."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from cmdb.model.revision import Edit, Revision, ci
from tests.ui.lists.list_user import ListUser, Settle


def test_keys_lead_from_the_filter_to_the_rows_and_back(person: ListUser, settle: Settle) -> None:
    listing = person.page.listing
    listing.search.setFocus()
    QTest.keyClicks(listing.search, "name ~ LT")
    QTest.keyClick(listing.search, Qt.Key.Key_Return)
    settle()
    assert person.focused is listing.search
    QTest.keyClick(listing.search, Qt.Key.Key_Return)
    assert person.focused is listing.table
    assert listing.selected_rows.ranges() == [(0, 0)]
    QTest.keyClick(listing.table, Qt.Key.Key_Escape)
    assert person.focused is listing.search
    assert listing.search.text() == "name ~ LT"
    QTest.keyClick(listing.search, Qt.Key.Key_Down)
    assert person.focused is listing.table
    QTest.keyClick(listing.table, Qt.Key.Key_Up)
    assert person.focused is listing.search


def test_the_focus_stays_in_the_list_whatever_was_pressed(person: ListUser, settle: Settle) -> None:
    page, listing = person.page, person.page.listing

    def focused() -> QWidget | None:
        settle()
        return page.window().focusWidget()

    listing.search.setFocus()
    person.type_filter("name ~ nothing")
    settle()
    (button,) = (one for one in listing._states.findChildren(QPushButton) if one.isVisibleTo(listing))
    button.setFocus()
    button.click()
    assert focused() is listing.search
    person.type_filter("name ~ LT")
    settle()
    chips = listing.filter.chips
    chips.chips[0].setFocus()
    QTest.keyClick(chips.chips[0], Qt.Key.Key_Delete)
    assert focused() is listing.search
    listing.find_pasted("LT-2041\nX")
    settle()
    chips._list[0].setFocus()
    QTest.keyClick(chips._list[0], Qt.Key.Key_Delete)
    assert focused() is listing.search
    listing.enter_rows()
    with person.context.workspace.store.read() as reader:
        uid = reader.find("LT-2041").uid
    person.context.workspace.store.apply(Revision([Edit(ci(uid), "", {"class": "laptop"}, None)], "anna"))
    assert focused() is listing.table
    assert listing.model.rowCount() == 2


def test_keys_go_on_where_a_row_was_deleted(person: ListUser, settle: Settle) -> None:
    table = person.page.listing.table
    table.setFocus()
    table.selectRow(1)
    settle()
    edit = Edit(ci(person.page.detail.uid), "", {"class": "laptop"}, None)
    person.context.workspace.store.apply(Revision([edit], "anna"))
    settle()
    assert table.currentIndex().row() == 1
    assert person.page.listing.selected_rows.number() == 0
    assert person.page.detail.uid == ""
    QTest.keyClick(table, Qt.Key.Key_Up)
    settle()
    assert person.page.listing.selected_rows.ranges() == [(0, 0)]
    assert person.page.detail.uid
