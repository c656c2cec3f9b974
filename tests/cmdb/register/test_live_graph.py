"""The graph that revisions update gives the same results as a new one, now and at any past moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.graph.graph import Graph
from cmdb.graph.impact import impact
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import edits, history
from cmdb.register.live_graph import LiveGraphs, graph_of
from cmdb.store.reading import link_changes
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.writing.records import ends_problem
from tests.cmdb.graph.test_incremental_update import structure
from tests.cmdb.grouped_links import grouped, joined, left
from tests.cmdb.store.conftest import Places, emptied
from tests.laws import examples

SLOTS = 8
CLASSES = ("server", "virtual_machine", "cluster", "rack", "application", "business_service", "server", "server")
TYPES = ("depends_on", "runs_on", "virtualised_on", "supports", "part_of", "member_of", "stands_by_for", "located_in")
SLOT = st.integers(0, SLOTS - 1)
STEP = st.one_of(
    st.tuples(st.just("make"), SLOT, st.sampled_from(CLASSES), st.none()),
    st.tuples(st.just("make"), SLOT, st.sampled_from(CLASSES), st.none()),
    st.tuples(st.just("link"), SLOT, SLOT, st.sampled_from(TYPES)),
    st.tuples(st.just("link"), SLOT, SLOT, st.sampled_from(TYPES)),
    st.tuples(st.just("group"), SLOT, st.lists(SLOT, min_size=1, max_size=3), st.sampled_from(["1", "2", "50%"])),
    st.tuples(st.just("refer"), SLOT, SLOT, st.sampled_from(["host", "cluster", "location", "rack"])),
    st.tuples(st.just("class"), SLOT, st.sampled_from(CLASSES), st.none()),
    st.tuples(st.just("ungroup"), SLOT, st.none(), st.none()),
    st.tuples(st.just("join"), SLOT, SLOT, st.sampled_from(["join", "join", "alone"])),
    st.tuples(st.just("join"), SLOT, SLOT, st.sampled_from(["join", "join", "alone"])),
    st.tuples(st.just("drop"), SLOT, st.none(), st.none()),
    st.tuples(st.just("undo"), st.integers(1, 6), st.none(), st.none()),
)


class Walk:
    """A small estate that random steps are applied to; what makes no sense at the moment is left out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.uids = [new_id() for _ in range(SLOTS)]

    def step(self, kind: str, first: int, second: Any, third: Any) -> None:
        with suppress(UserError):
            if kind == "undo":
                with self.store.read() as reader:
                    number = reader.number - first
                if number > 0:
                    history.undo(self.store, number, "walk")
                return
            with self.store.read() as reader:
                revision = self._revision(reader, kind, first, second, third)
            self.store.apply(revision)

    def _revision(self, reader: Reader, kind: str, first: int, second: Any, third: Any) -> Revision:
        uid = self.uids[first]
        if kind == "make":
            return Revision([Edit(ci(uid), "", None, {"class": second, "name": f"ci {first}"})], "walk")
        if kind == "link":
            ends = reader.by_uid([uid, self.uids[second]])
            if uid in ends and self.uids[second] in ends:
                wrong = ends_problem(reader.schema, third, ends[uid].cls, ends[self.uids[second]].cls)
                third = "depends_on" if wrong else third
            related = [one for one in reader.relationships(uid) if one.type == third and not one.inverse]
            if any(one.uid == self.uids[second] for one in related):
                return edits.unlink(reader, uid, third, self.uids[second], "walk")
            return edits.link(reader, uid, third, self.uids[second], "walk")
        if kind == "group":
            key = new_id()
            made = [Edit(Record("group", (key,)), "", None, {"owner": uid, "label": "some", "needs": third})]
            for one in dict.fromkeys(second):
                made += grouped("depends_on", uid, self.uids[one], key)
            return Revision(made, "walk")
        if kind == "join":
            records = sorted(key for key in reader.records("relationship") if uid in key[1:])
            if not records:
                return Revision([], "walk")
            record = Record("relationship", records[second % len(records)])
            if third == "alone":
                alone = reader.records("relationship")[record.key].get("alone")
                return Revision([Edit(record, "alone", alone, False if alone is None else None)], "walk")
            groups = sorted(reader.groups_of(record.key[1:]))
            its = reader.memberships([record.key]).get(record.key, ())
            return Revision([(left if key in its else joined)(record, key) for key in groups[:1]], "walk")
        if kind == "ungroup":
            for group, fields in reader.records("group").items():
                if fields["owner"] == uid:
                    return Revision([Edit(Record("group", group), "", fields, None)], "walk")
            return Revision([], "walk")
        if kind == "refer":
            return edits.set_values(reader, [uid], {third: self.uids[second]}, "walk")
        if kind == "class":
            return edits.change_class(reader, [uid], second, "walk")
        return edits.delete(reader, [uid], "walk")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(places: Places, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An estate that every example finds empty."""
    where = places.new(request.param)
    made = places.lay_out(where)
    yield made
    made.close()
    places.clear(where)


def same(one: Graph, other: Graph) -> None:
    assert structure(one) == structure(other)
    assert sorted(map(str, one.errors)) == sorted(map(str, other.errors))
    for node in one.nodes():
        failed = [one.id(node)]
        assert impact(one, failed).hit() == impact(other, failed).hit()


@given(st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=2, max_size=8), st.data())
@examples(3, soak=60)
def test_it_follows_every_revision(store: Store, walk: list[list[tuple[Any, ...]]], data: st.DataObject) -> None:
    emptied(store)
    estate, graphs = Walk(store), LiveGraphs()
    for slot, cls in enumerate(CLASSES):
        estate.step("make", slot, cls, None)
    first = None
    with store.read() as reader:
        graphs.of(reader)
        first = reader.number
    for steps in walk:
        for step in steps:
            estate.step(*step)
        with store.read() as reader:
            same(graphs.of(reader), graph_of(reader))
            last = reader.number
    at = data.draw(st.integers(first, last))
    with store.read(at) as reader:
        same(graphs.of(reader), graph_of(reader))


def test_it_is_not_read_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied(store)
    estate, graphs = Walk(store), LiveGraphs()
    estate.step("make", 0, "server", None)
    estate.step("make", 1, "server", None)
    with store.read() as reader:
        before = graphs.of(reader)
        assert graphs.of(reader) is before
    estate.step("link", 0, 1, "depends_on")
    with store.read() as reader:
        after = graphs.of(reader)
        assert after.base.arrays is before.base.arrays
        ids = reader.inner(estate.uids)
        assert impact(after, [ids[estate.uids[1]]]).down == (ids[estate.uids[0]],)
        assert impact(before, [ids[estate.uids[1]]]).down == ()
    monkeypatch.setattr(link_changes, "FEW", 0)
    estate.step("link", 1, 0, "depends_on")
    with store.read() as reader:
        assert reader.changes_since(reader.number - 1) is None
        assert graphs.of(reader).base.arrays is not before.base.arrays


def test_reading_can_be_stopped(store: Store) -> None:
    emptied(store)
    Walk(store).step("make", 0, "server", None)
    control = Control()
    control.cancel()
    with store.read() as reader, pytest.raises(Cancelled):
        LiveGraphs().of(reader, control)
