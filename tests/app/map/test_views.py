"""Saved views of the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.map.question import MapQuestion
from app.map.views import remove, save, saved_views
from cmdb.model.errors import Conflict
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

ASKED = MapQuestion("a", ("b",), "radial", 4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = create_estate(tmp_path / "views.terrier")
    yield found
    found.close()


def keep(store: Store, name: str, question: MapQuestion) -> None:
    with store.read() as reader:
        known = next((one for one in saved_views(reader) if one.name.casefold() == name.casefold()), None)
        revision = save(reader, name, question, {"a": (1.25, -2.0)}, "anna", over=known)
        revision = replace(revision, decided_at=reader.number)
    store.apply(revision)


def test_a_saved_view_restores_its_question_and_positions(store: Store) -> None:
    keep(store, "Switch two", ASKED)
    with store.read() as reader:
        (view,) = saved_views(reader)
    assert (view.name, view.question) == ("Switch two", ASKED)
    assert view.positions["a"] == pytest.approx((1.25, -2.0), abs=0.06)


def test_a_view_of_the_same_name_is_replaced(store: Store) -> None:
    keep(store, "Switch two", ASKED)
    keep(store, "switch TWO", MapQuestion("c"))
    keep(store, "another", ASKED)
    with store.read() as reader:
        views = saved_views(reader)
        assert [(view.name, view.question) for view in views] == [("another", ASKED), ("Switch two", MapQuestion("c"))]
        revision = replace(remove(reader, views[1], "anna"), decided_at=reader.number)
    store.apply(revision)
    with store.read() as reader:
        assert [view.name for view in saved_views(reader)] == ["another"]


def test_a_view_that_cannot_be_read_asks_for_nothing(store: Store) -> None:
    fields = {"name": "Broken", "cls": "map", "where": "{not json", "sort": "", "columns": []}
    store.apply(Revision([Edit(Record("saved_view", (new_id(),)), "", None, fields)], "anna"))
    with store.read() as reader:
        (view,) = saved_views(reader)
    assert (view.question, view.positions) == (MapQuestion(), {})


def test_nobody_overwrites_a_view_that_they_have_not_seen(store: Store) -> None:
    keep(store, "Switch two", ASKED)
    with store.read() as reader:
        (seen,) = saved_views(reader)
    keep(store, "Switch two", MapQuestion("c"))
    with store.read() as reader:
        with pytest.raises(Conflict, match="was changed meanwhile"):
            save(reader, "Switch two", ASKED, {}, "tom", over=seen)
        with pytest.raises(Conflict, match="Another view was saved"):
            save(reader, "Switch two", ASKED, {}, "tom")
        with pytest.raises(Conflict, match="“Switch two” was changed meanwhile, and is not deleted"):
            remove(reader, seen, "tom")
        (now,) = saved_views(reader)
        gone = replace(remove(reader, now, "anna"), decided_at=reader.number)
    store.apply(gone)
    with store.read() as reader:
        assert not list(remove(reader, seen, "tom").edits), "it is gone already"
