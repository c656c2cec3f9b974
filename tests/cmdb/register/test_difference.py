"""The difference between two moments: applied to the state at one, it gives the state at the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.control import Control
from cmdb.model.difference import DifferenceFilter, DifferenceLine
from cmdb.model.errors import Cancelled
from cmdb.model.revision import KINDS, Edit, Record, Revision, ci
from cmdb.register.difference import Comparison
from cmdb.store.reading.difference import RecordDifference
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand, emptied
from tests.cmdb.store.estate_snapshot import picture
from tests.cmdb.store.writing.test_laws import STEP, TEXTS, WrittenEstate
from tests.laws import examples

State = dict[str, dict[tuple[str, ...], dict[str, Any]]]

OTHERS = ("install", "assign", "group", "look", "join")
MORE = st.tuples(st.sampled_from([*OTHERS, "join"]), st.integers(0, 5), st.integers(0, 5), TEXTS)
HISTORIES = st.lists(st.lists(st.one_of(STEP, MORE), min_size=1, max_size=6), min_size=1, max_size=6)


class Fuller(WrittenEstate):
    """An estate in which software is installed, licences assigned and groups made, too."""

    def edits(self, steps: list[tuple[Any, ...]]) -> list[Edit]:
        """Edits of a revision."""
        found = super().edits([s for s in steps if s[0] not in OTHERS])
        gone = {e.record.key[0] for e in found if e.record.kind == "ci" and e.after is None}
        with self.store.read() as reader:
            there = reader.by_uid(self.slots).keys() - gone
            kinds = {k: reader.records(k) for k in ("assignment", "group", "sighting", "relationship", "membership")}
            installed = {
                (i.computer, i.scope, i.publisher, i.product, i.edition, i.version): i
                for i in reader.all_installations()
            }
        made: dict[Record, Edit] = {}
        key: tuple[Any, ...]
        for kind, a, b, value in steps:
            uid, other = self.slots[a], self.slots[b]
            if kind == "install" and uid in there:
                key = (uid, "", "Acme", f"Tool {b}", "", "1")
                present: Any = installed.get(key)
                fields: dict[str, Any] = {"origin": value} if value else {}
            elif kind == "assign" and {uid, other} <= there:
                key, fields = (uid, other), {"since": f"2026-01-{b + 1:02d}"} if value else {}
                present = kinds["assignment"].get(key)
                kind = "assignment"
            elif kind == "group" and uid in there:
                key, fields = (f"group-{b}",), {"owner": uid, "needs": "1", **({"label": value} if value else {})}
                present = kinds["group"].get(key)
            elif kind == "look" and uid in there:
                key, fields = (uid, "scan", "disks"), {"observed": f"2026-01-0{b + 1}T00:00:00Z"}
                present = kinds["sighting"].get(key)
                kind = "sighting"
            elif kind == "join":
                linked = ("depends_on", uid, other)
                group = next((g for g, f in kinds["group"].items() if f["owner"] in (uid, other)), ("",))
                edited = {Record("relationship", linked), Record("group", group)} & {e.record for e in found}
                if linked not in kinds["relationship"] or not group[0] or edited or {uid, other} - there:
                    continue
                key, fields = (*group, *linked), {}
                present = kinds["membership"].get(key)
                kind = "membership"
            else:
                continue
            record = Record({"install": "installation"}.get(kind, kind), key)
            made[record] = Edit(record, "", None, fields) if present is None else Edit(record, "", {}, None)
        return [*found, *made.values()]


def state(store: Store, at: int) -> State:
    """The picture of a moment as kind → key → fields."""
    found = picture(store, at)
    records: State = {k: v for k, v in found.items() if k in KINDS and k not in ("ci", "installation")}
    records["ci"] = {(uid,): {"class": cls, **values} for uid, (cls, values) in found["ci"].items()}
    records["claim"] = {(uid, source): pairs for uid, said in found["said"].items() for source, pairs in said.items()}
    records["installation"] = {
        (i.computer, i.scope, i.publisher, i.product, i.edition, i.version): {
            f: v for f in ("user", "environment", "installed_on", "last_used", "origin") if (v := getattr(i, f))
        }
        for i in found["installation"]
    }
    return records


def difference(store: Store, then: int, at: int | None) -> list[RecordDifference]:
    with store.read(at) as reader:
        return [one for batch in Comparison(reader, then).differences(KINDS) for one in batch]


def patched(before: State, differences: list[RecordDifference]) -> State:
    """A picture with a difference applied to it, edit by edit."""
    found = {kind: {key: dict(fields) for key, fields in records.items()} for kind, records in before.items()}
    for one in differences:
        assert one.before != one.after
        records = found[one.record.kind]
        for record, field, then, now in one.edits():
            if not field:
                assert (then is None) != (now is None)
                assert records.pop(record.key, None) == then
                if now is not None:
                    records[record.key] = dict(now)
            else:
                assert records[record.key].pop(field, None) == then
                if now is not None:
                    records[record.key][field] = now
    return found


def compare_all(store: Store, history: Any) -> None:
    """Writes a history, and compares each moment with each."""
    estate = Fuller(store)
    for steps in history:
        store.apply(Revision(estate.edits(steps), "law"))
    with store.read() as reader:
        last = reader.number
    states = [state(store, number) for number in range(last + 1)]
    for then in range(last + 1):
        for now in range(last + 1):
            found = difference(store, then, now)
            assert patched(states[then], found) == states[now]
            assert len({d.record for d in found}) == len(found)
        assert sorted(map(repr, difference(store, then, None))) == sorted(map(repr, difference(store, then, last)))


@examples(3, soak=40)
@given(history=HISTORIES)
def test_a_difference_leads_from_one_moment_to_the_other(file: Store, history: Any) -> None:
    compare_all(emptied(file), history)


@examples(2, soak=15)
@given(history=HISTORIES)
def test_a_difference_leads_from_one_moment_to_the_other_on_a_server(server: Store, history: Any) -> None:
    compare_all(emptied(server), history)


def lines(hand: Hand, then: int, wanted: DifferenceFilter | None = None, at: int | None = None) -> list[DifferenceLine]:
    with hand.store.read(at) as reader:
        return list(Comparison(reader, then).lines(wanted))


def test_reverted_changes_and_temporary_records_are_no_difference(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", notes="a")
    hand.set(uid, "notes", "b")
    passing = hand.make("laptop", "LT-2")
    hand.set(uid, "notes", "a")
    hand.apply(Edit(ci(passing), "", {}, None))
    assert lines(hand, 1) == []
    assert [(one.what, one.then, one.now) for one in lines(hand, 2)] == [("Notes", "b", "a")]
    assert {(one.what, one.item, one.there) for one in lines(hand, 3)} == {
        ("Deleted", "LT-2", False), ("Notes", "LT-1", True),
    }  # fmt: skip


def test_a_deleted_and_recreated_item_is_the_same_item(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", notes="a")
    hand.apply(Edit(ci(uid), "", {}, None))
    hand.apply(Edit(ci(uid), "", None, {"class": "desktop", "name": "LT-1", "notes": "a"}))
    assert [(one.change, one.what, one.then, one.now) for one in lines(hand, 1)] == [
        ("changed", "Class", "Laptop", "Desktop")
    ]
    assert [(one.change, one.what) for one in lines(hand, 2)] == [("created", "Created")]
    assert [(one.change, one.what) for one in lines(hand, 1, at=2)] == [("deleted", "Deleted")]


def test_lines_say_what_differs_in_words_and_can_be_narrowed(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt")
    laptop = hand.make("laptop", "LT-1", memory=8192)
    server = hand.make("server", "SRV-1")
    licence = hand.make("agreement", "Office")
    installation = Record("installation", (laptop, "", "Acme", "Draw", "", "2.1"))
    hand.apply(
        Edit(ci(laptop), "assigned_to", None, anja),
        Edit(ci(laptop), "memory", 8192, 16384),
        Edit(Record("relationship", ("depends_on", server, laptop)), "", None, {}),
        Edit(Record("group", ("g",)), "", None, {"owner": server, "needs": "1", "label": "pair"}),
        Edit(installation, "", None, {"user": anja}),
        Edit(Record("assignment", (licence, anja)), "", None, {}),
    )
    found = {(one.kind, one.change, one.item, one.what, one.then, one.now) for one in lines(hand, 4)}
    assert found == {
        ("ci", "changed", "LT-1", "Assigned to", "", "Anja Vogt"),
        ("ci", "changed", "LT-1", "Memory", "8 GiB", "16 GiB"),
        ("relationship", "created", "SRV-1", "depends on", "", "LT-1"),
        ("group", "created", "SRV-1", "Redundancy group", "", "pair: needs 1"),
        ("installation", "created", "LT-1", "Software", "", "Acme Draw 2.1"),
        ("assignment", "created", "Office", "Assigned to", "", "Anja Vogt"),
    }
    narrowed = [one.what for one in lines(hand, 4, DifferenceFilter(cls="hardware", text="draw acme"))]
    assert narrowed == ["Software"]
    assert [one.kind for one in lines(hand, 4, DifferenceFilter(kinds=("group",)))] == ["group"]
    assert {one.item for one in lines(hand, 4, DifferenceFilter(cls="server"))} == {"SRV-1"}
    assert [(one.then, one.now) for one in lines(hand, 5, DifferenceFilter(text="memory"), at=4)] == [
        ("16 GiB", "8 GiB")
    ]


def test_comparing_counts_tells_how_far_it_is_and_can_be_stopped(hand: Hand) -> None:
    hand.apply(*(hand.new("laptop", f"LT-{n}") for n in range(50)))
    said: list[tuple[int, int]] = []
    with hand.store.read() as reader:
        comparison = Comparison(reader, 0, Control(lambda done, total, _: said.append((done, total))))
        assert len(list(comparison.lines())) == 50
        assert comparison.counts == {("ci", "created"): 50}
        assert said[-1] == (50, 50)
        stopped = Control()
        stopped.cancel()
        with pytest.raises(Cancelled):
            list(Comparison(reader, 0, stopped).lines())


def test_only_rows_between_the_two_are_read(hand: Hand) -> None:
    hand.apply(*(hand.new("laptop", f"LT-{n}") for n in range(500)))
    uid = hand.make("laptop", "LT-X")
    hand.set(uid, "notes", "x")
    with hand.store.read() as reader:
        assert reader.between(2).rows(KINDS) <= 6
        assert reader.between(3).rows(KINDS) == 0
        plans: list[str] = []
        if reader._connection.dialect.name == "sqlite":
            for kind in ("ci", "relationship", "installation", "claim", "sighting", "assignment", "saved_view"):
                plans += _plans(reader, kind)
    assert not [line for line in plans if line.startswith("SCAN")], plans


def _plans(reader: Any, kind: str) -> list[str]:
    """SQLite's words on how it finds the rows."""
    from sqlalchemy import event

    found: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("SELECT") and "_version" in statement:
            rows = reader._connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(row[3] for row in rows.fetchall())

    event.listen(reader._connection.engine, "before_cursor_execute", explain)
    try:
        for then, now in ((2, None), (1, 2)):
            list((reader.as_of(now) if now else reader).between(then).of(kind))
    finally:
        event.remove(reader._connection.engine, "before_cursor_execute", explain)
    return found
