"""The filter of a list as it is typed: what is wrong is said, words are completed, conditions are chips."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.asked_list import AskedList
from tests.ui.lists.list_user import ListUser, Settle
from ui.records.filters import FilterForm


def test_what_is_wrong_is_said_after_a_pause_and_moves_nothing(person: ListUser, settle: Settle) -> None:
    listing = person.page.listing
    before = listing.table.mapTo(person.page, listing.table.rect().topLeft())
    listing.search.setFocus()
    QTest.keyClicks(listing.search, "colour = red")
    listing.filter._patience.setInterval(30)
    listing.filter._patience.start()
    listing.search._timer.setInterval(1)
    listing.search._timer.start()
    settle(lambda: bool(listing.filter.error.text()))
    assert "colour" in listing.filter.error.text()
    assert listing.filter.error.isVisible()
    assert person.page.window().focusWidget() is listing.search, "one types on"
    assert listing.table.mapTo(person.page, listing.table.rect().topLeft()) == before
    assert listing.model.rowCount() == 3


def test_an_empty_list_names_its_filter_whatever_is_typed_over_it(person: ListUser, settle: Settle) -> None:
    listing = person.page.listing
    settle()
    listing.search.setText("name = nobody")
    listing.refresh()
    settle()
    said = " ".join(one.text() for one in listing._states.findChildren(QLabel) if one.isVisibleTo(listing))
    assert "nothing matches the filter" in said
    assert "name = nobody" in said
    listing.search.setText("colour = red")
    listing.refresh()
    settle(lambda: bool(listing.filter.complaint))
    assert listing.filter.error.text().endswith("Still applied: name = nobody")
    said = " ".join(one.text() for one in listing._states.findChildren(QLabel) if one.isVisibleTo(listing))
    assert "name = nobody" in said, "it is of the filter that is applied"


def test_attributes_operators_and_values_are_completed(person: ListUser, settle: Settle) -> None:
    listing = person.page.listing
    field, offered = listing.search, listing.filter.completer
    field.setFocus()
    QTest.keyClicks(field, "warranty_u")
    assert offered.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not offered.isVisible()
    assert field.text() == "warranty_u"
    field.selectAll()
    QTest.keyClicks(field, "stat")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "status "
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "status = "
    QTest.keyClicks(field, "in st")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    QTest.keyClicks(field, "and location within rot")
    settle(lambda: not offered._later.isActive())
    settle()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == 'status = "In stock" and location within Rotterdam '
    assert person.focused is field
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.expected = replace(person.expected, asked=AskedList("laptop", field.text().strip()))
    settle()
    assert listing.shown == person.expected.asked
    assert listing.model.rowCount() == 1


def test_conditions_are_chips_that_are_changed_and_taken_out_by_keys(person: ListUser, settle: Settle) -> None:
    bar = person.page.listing.filter
    person.type_filter("status = 'In stock' and name ~ LT")
    person.look("two conditions")
    assert [one.accessibleName() for one in bar.chips.chips] == ["Status is In stock", "Name contains LT"]
    bar.chips._turn()
    person._list(AskedList("laptop", 'status = "In stock" or name ~ LT'))
    person.look("one is enough")
    bar.chips.chips[0].setFocus()
    QTest.keyClick(bar.chips.chips[0], Qt.Key.Key_Right)
    assert person.focused is bar.chips.chips[1]
    QTest.keyClick(bar.chips.chips[1], Qt.Key.Key_Delete)
    person._list(AskedList("laptop", 'status = "In stock"'))
    person.look("one was taken out")
    assert person.focused is bar.chips.chips[0]
    QTest.keyClick(bar.chips.chips[0], Qt.Key.Key_Return)
    form = bar.chips.findChild(FilterForm)
    assert form is not None
    form._op.setCurrentIndex(form._op.findData("!="))
    form._add()
    person._list(AskedList("laptop", 'status != "In stock"'))
    person.look("the other one was changed")
    QTest.keyClick(bar.chips.chips[0], Qt.Key.Key_Delete)
    person._list(AskedList("laptop"))
    person.look("no condition is left")
