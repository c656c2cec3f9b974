"""The law of drafts: the estate with a draft is the estate that applying the draft makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.revision import Revision
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import Places, emptied
from tests.cmdb.store.drafts.test_draft_store import opened
from tests.cmdb.store.estate_snapshot import picture
from tests.cmdb.store.writing.test_laws import REVISIONS, Revisions, WrittenEstate
from tests.laws import examples


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def emptiable(places: Places, request: pytest.FixtureRequest) -> Iterator[Store]:
    where = places.new(request.param)
    store = places.lay_out(where)
    yield store
    store.close()
    places.clear(where)


@examples(5, soak=100)
@given(before=REVISIONS, drafted=REVISIONS, meanwhile=REVISIONS, others=st.booleans())
def test_what_is_shown_with_it_is_what_applying_it_makes(
    emptiable: Store, before: Revisions, drafted: Revisions, meanwhile: Revisions, others: bool
) -> None:
    store = emptied(emptiable)
    estate = WrittenEstate(store)
    for steps in before:
        store.apply(Revision(estate.edits(steps), "law"))
    plan = opened(store)
    planned = WrittenEstate(plan)
    planned.slots = estate.slots
    untouched = picture(store)
    for steps in drafted:
        plan.apply(Revision(planned.edits(steps), "law"))
    assert picture(store) == untouched
    if others:
        for steps in meanwhile:
            store.apply(Revision(estate.edits(steps), "law"))
    shown = without_drafts(picture(plan, searched=True))
    plan.commit("law")
    assert without_drafts(picture(store, searched=True)) == shown
    if conflicts := plan.conflicts():
        for conflict in conflicts:
            plan.settle(conflict.record, keep_draft=len(conflict.name) % 2 == 0)
        shown = without_drafts(picture(plan, searched=True))
        plan.commit("law")
        assert without_drafts(picture(store, searched=True)) == shown
    assert check_integrity(store) == []


def without_drafts(found: dict[str, Any]) -> dict[str, Any]:
    return {kind: its for kind, its in found.items() if kind != "draft"}
