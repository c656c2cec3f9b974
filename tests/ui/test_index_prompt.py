"""Attributes that a person marks are indexed: the mark is a schema entry, the index a job's work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

import cmdb.store.store
from app.assets.indexed_attributes import is_quick
from app.indexes import index_labels
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records import index_prompt
from ui.records.slow_query_note import SlowQueryNote
from ui.shell.index_builds import build_missing, listed

Settle = Callable[..., None]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every estate counts as one whose indexes take their time."""
    monkeypatch.setattr(cmdb.store.store, "SMALL", 0)


def header_menu(page: AssetsPage, name: str) -> QMenu:
    menu = QMenu(page)
    place = [a.name for a in page.listing.model.columns].index(name)
    page.listing.columns.fill_for(menu, place)
    return menu


def press(menu: QMenu, start: str) -> None:
    next(a for a in menu.actions() if a.text().startswith(start)).trigger()


@pytest.fixture
def page(context: Context, settle: Settle) -> AssetsPage:
    found = AssetsPage(context)
    found.resize(1400, 800)
    found.show()
    found.opened(cls="laptop", columns=["name", "order_number", "status"])
    settle()
    return found


def test_a_column_s_menu_marks_it_and_a_job_builds_the_index(
    page: AssetsPage, context: Context, shell: Any, settle: Settle, large: None
) -> None:
    store = context.workspace.store
    unsubscribe = store.subscribe(
        lambda a: context.tasks.post(lambda: build_missing(context.workspace, context.tasks, shell))
    )
    titles: list[str] = []
    context.workspace.jobs.listeners.append(lambda job: titles.append(str(job.title)))
    press(header_menu(page, "order_number"), "Make sorting and filtering by Order number fast")
    settle()
    settle(lambda: not context.workspace.jobs.busy)
    settle()
    assert store.schema.all_attributes()["order_number"].indexed
    assert "Making Order number fast to sort by" in titles, "it stands in the job panel"
    assert store.missing_indexes() == []
    assert shell.said("toast")[-1] == ("Sorting and filtering by Order number is fast now.",)
    with store.read() as reader:
        assert reader.sorts_by_index(Selection("laptop", sort="order_number"))
        (entry,) = reader.records("schema_entry").values()
    owner = next(c for c in store.schema.tree() if "order_number" in c.attributes)
    assert entry["document"] == {"class": {owner.name: {"attributes": {"order_number": {"indexed": True}}}}}
    press(header_menu(page, "order_number"), "Sorting and filtering by Order number need not be fast")
    settle()
    with store.read() as reader:
        assert reader.records("schema_entry") == {}, "the mark is taken away, not contradicted"
    assert not is_quick(store.schema, "order_number")
    unsubscribe()


def test_marking_is_undone_like_any_change(page: AssetsPage, context: Context, settle: Settle) -> None:
    attribute = context.schema.all_attributes()["order_number"]
    index_prompt.mark(context, attribute)
    settle()
    assert is_quick(context.schema, "order_number")
    context.workspace.undo_stack.undo()
    assert not is_quick(context.schema, "order_number")


def test_a_missing_index_is_built_when_the_estate_is_opened(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    store = context.workspace.store
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql("DROP INDEX ix_ci_status")
    assert store.missing_indexes() == ["ix_ci_status"]
    assert index_labels(store.schema, ["ix_ci_status"]) == ["Status"]
    build_missing(context.workspace, context.tasks, shell)
    settle()
    settle(lambda: not context.workspace.jobs.busy)
    assert store.missing_indexes() == []


def test_an_index_is_offered_only_for_slow_lists(context: Context, theme: Any) -> None:
    known = context.schema.all_attributes()
    menu = QMenu()
    for name in ("name", "location", "asset_tag"):
        index_prompt.offer(context, menu, known[name])
    assert not menu.actions()
    note = SlowQueryNote(context, lambda: None)
    note.wait_for(Selection("hardware", sort="-order_number"))
    assert note.text.text().startswith("Sorting by Order number: this attribute is not indexed")
    note.wait_for(Selection("hardware", where="status = Deployed and order_number = 5"))
    assert note.text.text().startswith("Filtering by Order number")
    note.wait_for(Selection("hardware", text="lenovo"))
    assert not note.mend.isVisibleTo(note), "there is nothing to index"


def test_labels_are_listed_as_in_a_sentence() -> None:
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(["A", "B", "C", "D", "E"]) == "A, B and 3 more"
