"""What a list shows is one state: whatever is done in whatever order, the filter field, the heading, the count, the
rows, the details, the trees and what a verb acts on are of the same list at the same moment.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.asked_list import AskedList
from cmdb.model.revision import Edit, Revision, ci
from tests.ui.lists.list_user import CLASSES, FILTERS, WRONG, ListUser, Settle


def walk(person: ListUser, seed: int, steps: int) -> None:
    """Steps in any order; after some of them nobody waits for the answer."""
    chance = random.Random(seed)
    acts: tuple[Callable[[], None], ...] = (
        lambda: person.choose_class(chance.choice(CLASSES)),
        lambda: person.type_filter(chance.choice(FILTERS)),
        lambda: person.type_filter(chance.choice(FILTERS)),
        lambda: person.type_filter(chance.choice(WRONG)),
        person.clear, person.open_view, person.choose_place, person.sort, person.go_away_and_back,
        person.go_to_another_time, person.change_something, person.choose_a_row, person.enter_or_leave_a_draft,
        person.paste_a_list,
    )  # fmt: skip
    done = []
    for _ in range(steps):
        number = chance.randrange(len(acts))
        done.append(number)
        acts[number]()
        if chance.random() < 0.6:
            person.look(f"seed {seed}, acts {done}")
    person.look(f"seed {seed}, acts {done}")


def test_whatever_is_done_in_any_order_the_list_is_what_its_filter_says(person: ListUser) -> None:
    walk(person, 7, 20)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_in_many_orders_the_list_is_what_its_filter_says(person: ListUser, seed: int) -> None:
    walk(person, seed, 60)


def test_the_same_filter_is_applied_to_another_class(person: ListUser) -> None:
    """The filter that was typed last is asked again of another class, and Esc takes a view's filter away."""
    person.type_filter("status = Deployed")
    person.choose_class("server")
    person.look("another class")
    person.type_filter("status = Deployed")
    person.look("the same filter")
    person.open_view()
    person.clear()
    person.look("Esc in a view")


def test_a_view_leaves_the_columns_of_its_class_alone(person: ListUser) -> None:
    before = person.page.listing.columns.names()
    person.open_view()
    person.look("a view")
    assert person.page.listing.columns.names() == ["name", "status"]
    person.page.listing.columns.toggle("model", True)
    person.look("a view with one more column")
    assert person.page.listing.columns.names() == ["name", "status", "model"]
    person.choose_class("laptop")
    person.look("the class")
    assert person.page.listing.columns.names() == before


def test_a_verb_names_the_row_that_is_selected_not_the_one_that_was_left_out(person: ListUser, settle: Settle) -> None:
    table = person.page.listing.table
    table.selectRow(0)
    for row in (1, 0):  # one more, then the first one is taken out again: it is the current row, but not selected
        place = table.visualRect(person.page.listing.model.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    settle()
    given: list[str] = []
    person.page.verbs.run = lambda name, uids, what, cls: given.append(what)  # type: ignore[method-assign]
    person.page._act("edit")
    assert given == ["LT-2048"]
    loaded = person.page.detail.loaded
    assert loaded is not None
    assert loaded.ci.name == "LT-2048"


def test_going_back_to_what_was_deleted_shows_its_list(person: ListUser, settle: Settle) -> None:
    page = person.page
    page.listing.table.selectRow(0)
    settle()
    state = page.state()
    person.choose_class("server")
    settle()
    assert page.detail.uid == ""
    edit = Edit(ci(state["uid"]), "", {"class": "laptop"}, None)
    person.context.workspace.store.apply(Revision([edit], "anna"))
    settle()
    page.opened(**state)
    person._list(AskedList("laptop"))
    person.look("back")
    assert page.detail._states.name == "empty"
