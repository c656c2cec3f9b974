"""A person at the list of items, who does one thing after the other and knows what must be shown then."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.asked_list import AskedList
from app.assets.places import within
from app.assets.rows import uids_of
from app.assets.views import ShownList
from cmdb.model.revision import Edit, Revision, ci
from cmdb.register.edits import set_values
from cmdb.store.reading.reader import Reader
from ui.context import Context
from ui.pages.assets.page import AssetsPage

Settle = Callable[..., None]
T = TypeVar("T")
CLASSES = ("laptop", "server", "hardware", "ci", "computer")
FILTERS = ("status = Deployed", "status = 'In stock'", "anja", "name ~ a", "phase = live or name = host-a")
WRONG = ("status = ", "colour = red", "(name = a")
"""Filters that no list of these classes takes; the second is refused by the register only."""
VIEW = ShownList("laptop", "status = 'In stock'", "-name", ("name", "status"))
PLACE = within("Rotterdam")


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
