"""The Assets page over many items: the first rows at once, all else in the background, nothing lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.register import edits
from cmdb.store.reading.reader import Reader
from cmdb.store.reading.view import CIView
from cmdb.store.store import Store
from tests.ui.conftest import RecordingShell, ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records import model as model_module
from ui.records import slow_query_note
from ui.records.model import FIRST
from ui.widgets.buttons import PrimaryButton
from ui.widgets.fields import Field

Settle = Callable[..., None]
MANY = 1200


@pytest.fixture
def phones(context: Context) -> None:
    made = [
        Edit(ci(new_id()), "", None, {"class": "phone", "name": f"PH-{n:04d}", "status": "Deployed"})
        for n in range(MANY)
    ]
    context.workspace.store.apply(Revision(made, "tester"))


@pytest.fixture
def page(show_page: ShowPage, phones: None, settle: Settle) -> AssetsPage:
    return show_page(AssetsPage)


class Gate:
    """Holds a method of the store's views until it is opened; counts the calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, *, shut: bool = True) -> None:
        self.calls = 0
        self._open = threading.Event()
        if not shut:
            self._open.set()
        real = getattr(CIView, name)

        def held(view: CIView, *arguments: Any) -> Any:
            self.calls += 1
            assert self._open.wait(10)
            return real(view, *arguments)

        monkeypatch.setattr(CIView, name, held)

    def open(self) -> None:
        self._open.set()


def name_at(page: AssetsPage, row: int) -> str:
    return str(page.listing.model.index(row, 0).data())


def test_the_first_rows_stand_before_they_are_counted_and_put_in_order(
    page: AssetsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, ordering = Gate(monkeypatch, "count"), Gate(monkeypatch, "ids")
    page.opened(cls="phone")
    model, said = page.listing.model, page.listing._count
    settle(lambda: model.rowCount() > 0)
    assert model.rowCount() == FIRST
    assert name_at(page, 0) == "PH-0000"
    assert said.text() == "counting…"
    counting.open()
    settle(lambda: said.text() == "1,200")
    assert model.rowCount() == MANY, "the scroll bar reaches the end"
    assert name_at(page, MANY - 1) == "…", "what cannot be reached yet holds its place"
    ordering.open()
    settle(lambda: name_at(page, MANY - 1) == "PH-1199")


def test_a_list_that_takes_long_says_so_and_can_be_stopped(
    page: AssetsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.opened(cls="phone")
    settle()
    monkeypatch.setattr(slow_query_note, "PATIENCE", 1)
    page.listing.slow._late.setInterval(1)
    ordering = Gate(monkeypatch, "ids")
    page.listing.sort_by("order_number")
    settle(lambda: page.listing.slow.isVisible())
    assert page.listing.slow.text.text().startswith("Sorting by Order number: this attribute is not indexed")
    assert page.listing.slow.mend.isVisible()
    assert name_at(page, 0) == "PH-0000", "what stood stays meanwhile"
    page.listing.stop()
    assert not page.listing.slow.isVisible()
    assert page.listing.sort == "name"
    ordering.open()
    settle()
    assert page.listing.model.selection is not None
    assert page.listing.model.selection.sort == "name", "the late answer was dropped"


def test_of_several_filters_the_last_one_counts(
    page: AssetsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.opened(cls="phone")
    settle()
    paging = Gate(monkeypatch, "page")
    for typed in ("name ~ 000", "name ~ 0001", "name = PH-0012"):
        page.listing.search.setText(typed)
        page.listing.refresh()
    paging.open()
    settle()
    assert [name_at(page, r) for r in range(page.listing.model.rowCount())] == ["PH-0012"]
    assert "1 of 1,200" in page.listing._count.text()


def test_a_revision_repaints_the_rows_it_names_and_asks_for_no_new_list(
    page: AssetsPage, context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.opened(cls="phone")
    settle()
    ordering = Gate(monkeypatch, "ids", shut=False)
    uid = page.listing.model.ci(3).uid  # type: ignore[union-attr]
    place = [a.name for a in page.listing.model.columns].index("status")
    context.workspace.store.apply(Revision([Edit(ci(uid), "status", "Deployed", "Lost")], "tester"))
    settle(lambda: page.listing.model.index(3, place).data() == "Lost")
    settle()
    assert ordering.calls == 0
    context.workspace.store.apply(Revision([Edit(ci(uid), "name", "PH-0003", "PH-9999")], "tester"))
    settle(lambda: name_at(page, MANY - 1) == "PH-9999")
    assert ordering.calls == 1, "it is sorted by name"


def test_place_and_selection_stay_when_the_list_grows(page: AssetsPage, context: Context, settle: Settle) -> None:
    page.opened(cls="phone")
    settle()
    table = page.listing.table
    page.listing.selected_rows.select([(600, 604)], move=True)
    settle()
    before = table.rowViewportPosition(600)
    assert table.verticalScrollBar().value() > 0
    new = Edit(ci(new_id()), "", None, {"class": "phone", "name": "PH-0000-b"})
    context.workspace.store.apply(Revision([new], "tester"))
    settle(lambda: page.listing.model.rowCount() == MANY + 1)
    settle()
    assert page.listing.selected_rows.ranges() == [(601, 605)]
    assert table.rowViewportPosition(601) == before, "the rows that are looked at stand where they stood"


def test_all_can_be_selected_before_all_can_be_reached(
    page: AssetsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordering = Gate(monkeypatch, "ids")
    page.opened(cls="phone")
    settle(lambda: page.listing._count.text() == "1,200")
    page.listing.table.selectAll()
    found: list[int] = []
    page.listing.selected_rows.ids(lambda ids: found.append(len(ids)))
    assert not found, "nothing is done with a part of what is selected"
    ordering.open()
    settle(lambda: found == [MANY])


def test_memory_holds_a_few_rows_however_far_one_scrolls(
    page: AssetsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "KEPT", 150)
    page.opened(cls="phone")
    settle()
    for row in range(0, MANY, 60):
        page.listing.table.scrollTo(page.listing.model.index(row, 0))
        settle(lambda row=row: name_at(page, row) == f"PH-{row:04d}")
    assert len(page.listing.model._rows) <= 150


def test_many_are_edited_in_one_revision_by_a_job_and_undone(
    page: AssetsPage, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    page.opened(cls="phone")
    settle()
    titles: list[str] = []
    context.workspace.jobs.listeners.append(lambda job: titles.append(str(job.title)))
    page.listing.table.selectAll()
    settle()
    page._act("edit")
    settle()
    field = next(one for one in shell.content.findChildren(Field) if one.attribute.name == "cost_centre")
    field.set_value("4711")
    field.edited.emit()
    next(button for button in shell.buttons if isinstance(button, PrimaryButton)).click()
    settle()
    assert "Editing 1,200 items" in titles
    assert costs(context.workspace.store) == {"4711": MANY}
    context.workspace.undo_stack.undo()
    assert costs(context.workspace.store) == {}


def test_a_cancelled_edit_changes_nothing(page: AssetsPage, context: Context, settle: Settle) -> None:
    failures: list[Exception] = []
    context.workspace.jobs.listeners.append(lambda job: job.cancel() if job.active else None)

    def make(reader: Reader) -> Revision:
        settled.wait(5)
        return edits.set_values(reader, [c.uid for c in reader.page(everyone)], {"cost_centre": "1"}, "tester")

    from cmdb.model.selection import Selection

    everyone, settled = Selection("phone"), threading.Event()
    context.edit(make, "Set", failed=failures.append, doing=Message("Editing"))
    settle(lambda: True)
    settled.set()
    settle()
    assert [type(f) for f in failures] == [Cancelled]
    assert costs(context.workspace.store) == {}


def costs(store: Store) -> dict[str, int]:
    from cmdb.model.selection import Selection

    with store.read() as reader:
        return {k: n for k, n in reader.facet(Selection("phone"), "cost_centre").items() if k}
