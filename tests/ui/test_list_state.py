"""What a list shows is one state: whatever is done in whatever order, the filter field, the heading, the count, the
rows, the details, the trees and what a verb acts on are of the same list at the same moment.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.asked_list import AskedList
from app.assets.places import within
from app.assets.rows import uids_of
from app.assets.views import ShownList
from app.pasted_list import PastedList, find_pasted
from app.schema.attributes import AttributeForm, hide_attribute, new_attribute
from app.schema.change import NO_ANSWERS, SchemaChange
from app.schema.plan import propose, revise
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register.edits import set_values
from cmdb.store.reading.reader import Reader
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records import pasted_search
from ui.records.filters import FilterForm
from ui.widgets.buttons import Button

Settle = Callable[..., None]
T = TypeVar("T")
CLASSES = ("laptop", "server", "hardware", "ci", "computer")
FILTERS = ("status = Deployed", "status = 'In stock'", "anja", "name ~ a", "phase = live or name = host-a")
WRONG = ("status = ", "colour = red", "(name = a")
"""Filters that no list of these classes takes; the second is refused by the register only."""
VIEW = ShownList("laptop", "status = 'In stock'", "-name", ("name", "status"))
PLACE = within("Rotterdam")
BUGGY: Any = {"label": "Buggy", "plural": "Buggies", "parent": "hardware", "attributes": {"hue": {"label": "Hue"}}}


@dataclass(frozen=True)
class ExpectedState:
    """The list that the steps so far lead to, and the revision that is shown (None: now)."""

    asked: AskedList
    wrong: str = ""
    at: int | None = None


class ListUser:
    """Does what a person does to the page, and knows what it must show then."""

    def __init__(self, page: AssetsPage, context: Context, settle: Settle) -> None:
        self.page, self.context, self.settle = page, context, settle
        self.expected = ExpectedState(AskedList("laptop"))
        self._store = context.workspace.store
        self.changed = ""
        """What was changed since the list was asked for: its details stay, also if it is in the list no longer."""
        self._has_draft = False
        self._trail: list[tuple[dict[str, Any], AskedList]] = []

    def choose_class(self, cls: str) -> None:
        tree = self.page.tree._classes
        item = self.page.tree._items[cls]
        tree.scrollToItem(item)
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(item).center())
        self._list(AskedList(cls, sort=""))

    def choose_place(self) -> None:
        self.page.tree._segments.choose("places")
        self.page.tree._switch("places")
        self.settle()
        tree = self.page.tree._places
        item = tree.topLevelItem(0)
        assert item is not None
        tree.setCurrentItem(item)
        tree.itemClicked.emit(item, 0)
        self._list(AskedList("hardware", PLACE, ""))

    def type_filter(self, text: str) -> None:
        search = self.page.listing.search
        if text in WRONG:
            self.settle()  # or what was asked before would never be answered
        search.selectAll()
        QTest.keyClicks(search, text)
        QTest.keyClick(search, Qt.Key.Key_Return)
        if text in WRONG:
            self.settle()  # until the register has refused it
            self.expected = replace(self.expected, wrong=text)
        else:
            self._list(replace(self.expected.asked, typed=text))

    def clear(self) -> None:
        QTest.keyClick(self.page.listing.search, Qt.Key.Key_Escape)
        self._list(replace(self.expected.asked, typed=""))

    def open_view(self) -> None:
        self.page.opened(cls=VIEW.cls, where=VIEW.where, sort=VIEW.sort, columns=list(VIEW.columns))
        self._list(AskedList(VIEW.cls, VIEW.where, VIEW.sort))

    def sort(self) -> None:
        self.page.listing.sort_by("-name")
        self._list(replace(self.expected.asked, sort="-name"), wrong=self.expected.wrong)

    def paste_a_list(self) -> None:
        self.settle()
        self.page.listing.find_pasted("lt-2041\nSRV1\nnobody")
        self.settle()
        pasted = self.page.listing.asked.pasted
        assert pasted is not None
        assert "nobody" in pasted.missing
        self._list(replace(self.expected.asked, pasted=pasted), wrong=self.expected.wrong)

    def go_away_and_back(self) -> None:
        self._trail.append((self.page.state(), self.expected.asked))
        state, asked = self._trail[0] if len(self._trail) > 1 else self._trail[-1]
        self.page.opened(**state)
        self._list(asked)

    def go_to_another_time(self) -> None:
        at = 1 if self.expected.at is None else None
        self.context.moment.set(at, "before" if at else "")
        self.page.reload()
        self.expected = replace(self.expected, at=at)

    def enter_or_leave_a_draft(self) -> None:
        """A draft in which a laptop in stock is deployed."""
        self.settle()
        workspace = self.context.workspace
        if workspace.draft is not None:
            workspace.close_draft()
        elif self._has_draft:
            workspace.open_draft("Plan")
        else:
            self._has_draft = True
            workspace.make_draft("Plan")
            workspace.edit(lambda reader: set_values(reader, [reader.find("LT-2055").uid], {"status": "Lost"}, "anna"))
        self.page.reload()

    def read(self, ask: Callable[[Reader], T]) -> T:
        """What is true at the moment that is shown, with the draft that is open."""
        return self.context.workspace.question(ask, self.expected.at).answer()

    def change_something(self) -> None:
        with self._store.read() as reader:
            one = reader.find("LT-2048")
        self.changed = one.uid
        status = "In repair" if one.values["status"] == "Deployed" else "Deployed"
        edit = Edit(ci(one.uid), "status", one.values["status"], status)
        self._store.apply(Revision([edit], "anna"))

    def choose_a_row(self) -> None:
        if self.page.listing.model.rowCount():
            self.page.listing.table.selectRow(self.page.listing.model.rowCount() - 1)

    def _list(self, asked: AskedList, wrong: str = "") -> None:
        before = self.expected.asked
        same = (asked.cls, asked.typed, None) == (before.cls, before.typed, before.pasted)
        if same and not asked.sort and not self.expected.wrong:
            return  # chosen already
        if not asked.sort:
            asked = replace(asked, sort=str(self.context.workspace.settings.get(f"assets.sort.{asked.cls}", "name")))
        self.expected, self.changed = replace(self.expected, asked=asked, wrong=wrong), ""

    @property
    def focused(self) -> QWidget | None:
        """What has the focus in the window."""
        return self.page.window().focusWidget()

    # -- what must be true ------------------------------------------------------------------------------------------

    def look(self, after: str) -> None:
        self.settle()
        page, listing, expected = self.page, self.page.listing, self.expected
        asked = expected.asked
        assert listing.shown == listing.asked == asked, after
        assert listing.search.text() == (expected.wrong or asked.typed), after
        assert bool(listing.filter.complaint) == bool(expected.wrong), after
        assert listing.filter.applied == asked.typed, after
        ids = self.read(lambda reader: reader.ids(asked.selection()))
        everything = self.read(lambda reader: reader.count(asked.unfiltered().selection()))
        assert listing.model._order_known == ids, after
        assert listing._count.text() == (f"{len(ids)} of {everything}" if asked.is_filtered else str(len(ids))), after
        assert listing.heading.text() == listing._title(asked), after
        assert listing.view().where == asked.kept_filter(), after
        assert page.tree.current == asked.cls, after
        place = page.tree._places.currentItem()
        assert place is None or asked.typed == PLACE, after
        assert page.detail.uid in ("", self.changed, *self._uids(ids)), after
        self._look_at_verbs(ids, after)

    def _look_at_verbs(self, ids: array[int], after: str) -> None:
        """A verb names the rows that it gets; a past moment and an empty list have none."""
        page, given = self.page, []
        page.verbs.run = lambda name, uids, what, cls: given.append((uids, what))  # type: ignore[method-assign]
        page.listing.table.selectAll()
        page._act("edit")
        self.settle()
        page.listing.table.clearSelection()
        assert bool(given) == bool(ids and self.expected.at is None), after
        for uids, what in given:
            found = self.read(uids)
            assert found == self._uids(ids), after
            name = self.read(lambda reader, uid=found[0]: reader.get(uid).name)
            assert what == (name if len(ids) == 1 else f"{len(ids)} items"), after

    def _uids(self, ids: array[int]) -> list[str]:
        return self.read(lambda reader: uids_of(reader, ids))


@pytest.fixture
def person(show_page: ShowPage, context: Context, settle: Settle) -> ListUser:
    page = show_page(AssetsPage)
    page.opened(cls="laptop")
    settle()
    return ListUser(page, context, settle)


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


@pytest.mark.parametrize("typed", ["seal = x", "seal is empty"])
def test_a_filter_whose_attribute_is_gone_is_an_error_and_nothing_else(
    person: ListUser, settle: Settle, typed: str
) -> None:
    """Neither "nothing matches" nor the rows of before stand beside the message: they would answer no question."""
    listing, workspace = person.page.listing, person.context.workspace

    def change(make: Callable[[Reader], SchemaChange]) -> None:
        with workspace.read() as reader:
            revision = revise(reader, propose(reader, make), NO_ANSWERS, "anna")
        workspace.apply(revision)
        person.page.reload()  # as the window does where the schema has changed
        settle()

    name = add_attribute(workspace, "Seal")
    person.page.reload()
    settle()
    person.type_filter(typed)
    settle()
    assert not listing.filter.complaint
    change(lambda reader: hide_attribute(reader, "laptop", name))
    assert "no attribute" in listing.filter.complaint
    assert listing._states.name == "failed"
    assert not listing.model.rowCount()
    assert listing.selection() is None
    person.type_filter("name ~ LT")
    settle()
    assert listing._states.name == "content"


@pytest.mark.parametrize("descending", ["", "-"])
def test_a_list_is_not_sorted_grouped_or_shown_by_an_attribute_that_others_took_away(
    person: ListUser, settle: Settle, descending: str
) -> None:
    """Else it could never be shown again: the sort is kept for the class, and no header stands to choose another."""
    listing, workspace = person.page.listing, person.context.workspace
    name = add_attribute(workspace, "Seal")
    listing.columns.choose(["name", name, "status"])
    settle()
    listing.sort_by(f"{descending}{name}")
    listing.group_by(name)
    settle()
    assert listing.groups.isVisible()
    with workspace.read() as reader:
        revision = revise(reader, propose(reader, lambda r: hide_attribute(r, "laptop", name)), NO_ANSWERS, "bob")
    person.page.changed(workspace.apply(revision))
    settle()
    assert (listing.asked.sort, listing.asked.group) == ("name", "")
    assert [one.name for one in listing.model.columns] == ["name", "status"]
    assert not listing.groups.isVisible()
    assert listing.model.rowCount() == 3
    person.page.opened(cls="laptop")  # its sort is kept in the settings
    settle()
    assert listing._states.name == "content"


def test_a_list_of_a_class_that_others_took_away_becomes_the_list_of_all(person: ListUser, settle: Settle) -> None:
    listing, store = person.page.listing, person.context.workspace.store
    entry, document = Record("schema_entry", (new_id(),)), {"class": {"buggy": BUGGY}}
    person.page.changed(store.apply(Revision([Edit(entry, "", None, {"document": document})], "bob")))
    person.page.opened(cls="buggy", where="name ~ b", sort="hue")
    settle()
    assert listing.heading.text() == "Buggies"
    person.page.changed(store.apply(Revision([Edit(entry, "", {"document": document}, None)], "bob")))
    settle()
    assert listing.asked == AskedList("ci")
    assert (listing.heading.text(), listing.search.text(), listing._states.name) == ("All items", "", "content")
    person.page.opened(cls="buggy")  # as a link or a start does that remembers it
    settle()
    assert (listing.heading.text(), listing._states.name) == ("All items", "content")


def add_attribute(workspace: Workspace, label: str) -> str:
    """Gives laptops an attribute. Returns its name."""
    names: list[str] = []

    def add(reader: Reader) -> SchemaChange:
        made, name = new_attribute(reader.schema, "laptop", AttributeForm(label))
        names.append(name)
        return made

    with workspace.read() as reader:
        revision = revise(reader, propose(reader, add), NO_ANSWERS, "anna")
    workspace.apply(revision)
    return names[0]
