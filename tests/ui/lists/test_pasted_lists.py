"""A list that was copied elsewhere is a filter."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.asked_list import AskedList
from app.pasted_list import PastedList, find_pasted
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from tests.ui.lists.list_user import ListUser, Settle
from ui.records import pasted_search
from ui.widgets.buttons import Button


def test_a_pasted_list_is_a_filter(person: ListUser, settle: Settle) -> None:
    page, listing = person.page, person.page.listing
    clipboard = QApplication.clipboard()
    clipboard.setText("A2041\nlt-2055\nX-1\nX-2\n")
    listing.search.setFocus()
    QTest.keyClick(listing.search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert listing.shown is not None
    assert listing.shown.pasted is not None
    person._list(replace(person.expected.asked, pasted=listing.shown.pasted))
    person.look("a pasted list")
    assert listing._count.text() == "2 of 3"
    chip, _, copy = listing.filter.chips._list
    assert isinstance(chip, Button)
    assert isinstance(copy, Button)
    assert (chip.text(), copy.text()) == ("Pasted list: 2 of 4 found", "2 not found: copy")
    copy.click()
    assert clipboard.text() == "X-1\nX-2"
    state = page.state()
    person.type_filter("status = 'In stock'")
    person.look("a filter beside the list")
    QTest.keyClick(listing.filter.chips._list[0], Qt.Key.Key_Delete)
    person._list(replace(person.expected.asked, pasted=None))
    person.look("the list is taken out")
    page.opened(**state)
    person._list(AskedList("laptop", pasted=page.both.pasted_before(state["pasted"])))
    person.look("back")
    person.choose_class("server")
    person.look("another class")


def test_what_was_copied_is_a_filter_where_the_focus_is_in_the_rows(person: ListUser, settle: Settle) -> None:
    listing, clipboard = person.page.listing, QApplication.clipboard()

    def paste(text: str) -> None:
        clipboard.setText(text)
        listing.enter_rows()
        QTest.keyClick(listing.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        settle()

    paste("A2041\nlt-2055\nX-1\n")
    assert listing.shown is not None
    assert listing.shown.pasted is not None
    person._list(replace(person.expected.asked, pasted=listing.shown.pasted))
    person.look("a list that was pasted into the rows")
    assert listing._count.text() == "2 of 3"
    listing.show_pasted(None)
    settle()
    paste("LT-2048")
    assert (listing.search.text(), person.page.window().focusWidget()) == ("LT-2048", listing.search)
    QTest.keyClick(listing.search, Qt.Key.Key_Return)
    settle()
    assert listing.shown is not None
    assert listing.shown.typed == "LT-2048"


def test_a_pasted_list_is_cancelled_in_the_job_panel(
    person: ListUser, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(*given: Any, control: Control, **how: Any) -> PastedList:
        """Two lines would be found before anybody can cancel."""
        with suppress(Cancelled):
            control.wait(60)
        return find_pasted(*given, control=control, **how)

    monkeypatch.setattr(pasted_search, "find_pasted", find)
    listing, jobs = person.page.listing, person.context.workspace.jobs
    before = listing.shown
    jobs.listeners.append(lambda job: job.cancel())
    listing.find_pasted("A2041\nlt-2055")
    settle()
    assert listing.shown == before, "the list stays as it is"
    assert not listing.filter._busy.text()
    jobs.listeners.clear()
