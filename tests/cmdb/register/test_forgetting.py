"""Forgetting a source: what only it said goes, what others say shows again, and an undo brings all of it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cmdb.model.errors import Outdated
from cmdb.model.forgetting import ForgottenSource
from cmdb.model.observation import NamedReference, Observation, ObservedLink, Origin, Reading, Source
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.reconciliation import reconcile
from cmdb.register import history
from cmdb.register.forgetting import forgetting
from cmdb.store.reading import source_rows
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand, emptied
from tests.cmdb.store.estate_snapshot import picture
from tests.laws import examples

A, B = "import:a.json", "sheet:b.xlsx"


def propose(store: Store, source: str, where: str = "") -> tuple[Revision, ForgottenSource]:
    with store.read() as reader:
        return forgetting(reader, source, "tester", where)


def forget(store: Store, source: str, where: str = "") -> tuple[int, ForgottenSource]:
    revision, found = propose(store, source, where)
    return store.apply(revision).number, found


def new(cls: str, name: str, source: str = A, **values: Any) -> tuple[str, list[Edit]]:
    """A record that a source creates."""
    uid = new_id()
    said = {n: [v, "2026-03-01T10:00:00Z"] for n, v in {"name": name, **values}.items()}
    return uid, [Edit(ci(uid), "", None, {"class": cls}), Edit(Record("claim", (uid, source)), "", None, said)]


def say(uid: str, source: str, **values: Any) -> Edit:
    said = {n: [v, "2026-03-02T10:00:00Z"] for n, v in values.items()}
    return Edit(Record("claim", (uid, source)), "", None, said)


def values(hand: Hand, uid: str) -> dict[str, Any] | None:
    with hand.store.read() as reader:
        found = reader.by_uid([uid])
        return dict(found[uid].values) if uid in found else None


def test_since_when_things_were_with_somebody_goes_too(hand: Hand, store: Store) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    uid, made = new("laptop", "LT")
    hand.apply(*made)
    at = {"record": uid, "at": 1_767_225_600_000, "what": "import", "field": "assigned_to"}
    dated = Edit(Record("event", (new_id(),)), "", None, {**at, "after_ref": ann})
    hand.apply(say(uid, B, assigned_to=ann), dated, source=B)
    stated = Edit(Record("event", (new_id(),)), "", None, {**at, "what": "hand_over", "after_ref": bob})
    hand.apply(stated)
    before = picture(store)
    number, found = forget(store, B)
    assert found.gone["event"] == 1
    with store.read() as reader:
        assert [fields["what"] for fields in reader.records("event").values()] == ["hand_over"]
    assert check_integrity(store) == []
    history.undo(store, number, "tester")
    assert picture(store) == before


def test_the_next_best_claims_show_again_and_hand_edits_stay(hand: Hand) -> None:
    uid, made = new("laptop", "LT", "scan:x", memory=16384, notes="scanned", cost_centre="1")
    hand.apply(*made, say(uid, A, name="LT", memory=8192), say(uid, "person", notes="by hand"))
    assert values(hand, uid) == {"name": "LT", "memory": 16384, "notes": "by hand", "cost_centre": "1"}
    before = picture(hand.store)
    number, found = forget(hand.store, "scan:x")
    assert (found.changed, found.deleted, found.bare) == (1, 0, 0)
    assert values(hand, uid) == {"name": "LT", "memory": 8192, "notes": "by hand"}
    assert history.undo(hand.store, number, "tester").kept == ()
    assert picture(hand.store) == before


@pytest.mark.parametrize("batch", [1, 2_000])
def test_what_only_it_knew_goes_and_what_others_refer_to_keeps_class_and_name(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(source_rows, "BATCH", batch)
    laptop, one = new("laptop", "LT", notes="n")
    anna, two = new("person", "Anna", email="a@example.org")
    server, three = new("server", "S", memory=1)
    rack, four = new("rack", "R")
    hand.apply(*one, *two, *three, *four)
    other = hand.make("laptop", "Other", assigned_to=anna)
    hand.apply(Edit(Record("relationship", ("depends_on", other, server)), "", None, {}))
    before = picture(hand.store)
    number, found = forget(hand.store, A)
    assert (found.deleted, found.bare, found.changed) == (2, 2, 0)
    assert [values(hand, uid) for uid in (laptop, rack)] == [None, None]
    assert [values(hand, uid) for uid in (anna, server)] == [{"name": "Anna"}, {"name": "S"}]
    assert history.undo(hand.store, number, "tester").kept == ()
    assert picture(hand.store) == before


def test_what_refers_to_one_another_only_goes_together(hand: Hand) -> None:
    anna, one = new("person", "Anna")
    laptop, two = new("laptop", "LT", assigned_to=anna)
    software = Record("installation", (laptop, "", "Acme", "Editor", "", "1"))
    hand.apply(*one, *two, Edit(software, "", None, {"user": anna, "stated_by": [A]}))
    _, found = forget(hand.store, A)
    assert (found.deleted, found.gone) == (2, {"installation": 1})
    assert [values(hand, uid) for uid in (anna, laptop)] == [None, None]


@pytest.mark.parametrize("batch", [1, 2_000])
def test_dated_assignments_of_several_files_at_once_hold_no_record(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(source_rows, "BATCH", batch)
    files = []
    for file, name in (("a.csv", "LT-1"), ("b.csv", "LT-2")):
        holder = NamedReference("person", f"Owner of {name}")
        values = {"name": name, "asset_tag": name, "assigned_to": holder, "assigned_on": "2026-01-01"}
        row = Observation("laptop", values, Origin(file, "Sheet", 2))
        files.append(Reading(Source("sheet", file), "2026-03-01T10:00:00Z", [row], read=1))
    with hand.store.read() as reader:
        proposal = reconcile(files, StoreLookup(reader), reader.schema, "tester")
    hand.store.apply(proposal.revision)
    with hand.store.read() as reader:
        events = [one for one in reader.edits(1) if one.record.kind == "event"]
    assert (len(events), proposal.revision.source) == (2, "import")
    _, found = forget(hand.store, "sheet:a.csv")
    assert (found.deleted, found.bare) == (2, 0)
    with hand.store.read() as reader:
        assert len(reader.ids(Selection("ci", ""))) == 2


def test_a_source_is_forgotten_again_with_the_assignments_that_it_dated(hand: Hand) -> None:
    values = {"name": "LT-1", "assigned_to": NamedReference("person", "Ann"), "assigned_on": "2026-01-01"}
    row = Observation("laptop", values, Origin("b.xlsx", "Sheet", 2))
    reading = Reading(Source("sheet", "b.xlsx"), "2026-03-01T10:00:00Z", [row], read=1)
    with hand.store.read() as reader:
        hand.store.apply(reconcile([reading], StoreLookup(reader), reader.schema, "tester").revision)
    for _ in range(2):
        number, found = forget(hand.store, B)
        assert (found.deleted, found.bare, found.gone) == (2, 0, {"event": 1})
        assert history.undo(hand.store, number, "tester").kept == ()


def test_of_files_that_came_together_only_those_go_that_it_dated(hand: Hand) -> None:
    def read(file: str, name: str, **values: Any) -> Reading:
        row = Observation("laptop", {"name": name, "asset_tag": name, **values}, Origin(file, "Sheet", 2))
        return Reading(Source("sheet", file), "2026-03-01T10:00:00Z", [row], read=1)

    ann, bob = ({"assigned_to": NamedReference("person", one), "assigned_on": "2026-01-01"} for one in ("Ann", "Bob"))
    files = [read("a.csv", "LT-1", **ann), read("b.csv", "LT-1", memory=1), read("b.csv", "LT-2", **bob)]
    files += [read("a.csv", "LT-3", **bob), read("b.csv", "LT-3", **bob)]
    with hand.store.read() as reader:
        hand.store.apply(reconcile(files, StoreLookup(reader), reader.schema, "tester").revision)
    before = picture(hand.store)
    number, found = forget(hand.store, "sheet:a.csv")
    assert (found.gone, found.deleted) == ({"event": 1}, 1), "Ann, of whom only it knew, goes too"
    assert history.undo(hand.store, number, "tester").kept == ()
    assert picture(hand.store) == before


def test_links_that_others_state_stay_without_it(hand: Hand) -> None:
    uids = [hand.make("server", f"S-{n}") for n in range(4)]
    links = [Record("relationship", ("depends_on", uids[0], other)) for other in uids[1:]]
    stated = ([A], [A, B], None)
    hand.apply(*(Edit(r, "", None, {"stated_by": s} if s else {}) for r, s in zip(links, stated, strict=True)))
    group = Edit(Record("group", ("g",)), "", None, {"owner": uids[0], "label": "G", "needs": "1", "stated_by": [A]})
    members = [
        Edit(Record("membership", ("g", *r.key)), "", None, {"stated_by": s} if s else {})
        for r, s in zip(links[1:], stated[1:], strict=True)
    ]
    hand.apply(group, *members)
    before = picture(hand.store)
    number, found = forget(hand.store, A)
    with hand.store.read() as reader:
        assert {k[2]: f.get("stated_by") for k, f in reader.records("relationship").items()} == {
            uids[2]: [B],
            uids[3]: None,
        }
        assert [f.get("stated_by") for f in reader.records("group").values()] == [None], "a person's link is in it"
        assert len(reader.records("membership")) == 2
    assert (found.gone, found.left) == ({"relationship": 1}, 3)
    assert check_integrity(hand.store) == []
    assert history.undo(hand.store, number, "tester").kept == ()
    assert picture(hand.store) == before


def test_only_of_records_that_match(hand: Hand) -> None:
    berlin, one = new("laptop", "LT-1", cost_centre="1")
    lyon, two = new("laptop", "LT-2", cost_centre="2")
    hand.apply(*one, *two, say(lyon, B, name="LT-2", notes="b"))
    _, found = forget(hand.store, A, "cost_centre = 1")
    assert (found.deleted, found.changed) == (1, 0)
    assert (values(hand, berlin), values(hand, lyon)) == (None, {"name": "LT-2", "cost_centre": "2", "notes": "b"})


def test_what_a_class_requires_stays(hand: Hand) -> None:
    uid, made = new("entitlement", "Visio", product="Visio", metric="device", quantity=5, notes="n")
    hand.apply(*made, say(uid, B, notes="b"))
    forget(hand.store, A)
    kept = values(hand, uid)
    assert kept is not None
    assert (kept["name"], kept["product"], kept["notes"]) == ("Visio", "Visio", "b")


def test_nothing_comes_to_stand_in_itself(hand: Hand) -> None:
    inner, one = new("room", "Inner", B)
    outer, two = new("room", "Outer", B)
    site, three = new("site", "Site", B)
    hand.apply(*one, *two, *three)
    hand.apply(say(inner, A, location=outer), say(outer, "import:z", location=site))
    hand.apply(say(outer, "scan:c", location=inner))  # outvoted by what the import says
    _, found = forget(hand.store, "import:z")
    (kept,) = found.kept
    assert (kept.uid, kept.field) == (outer, "location")
    assert (values(hand, outer) or {})["location"] == site


def test_what_it_was_decided_on_is_checked_when_it_is_written(hand: Hand) -> None:
    anna, made = new("person", "Anna")
    hand.apply(*made)
    revision, _ = propose(hand.store, A)
    hand.make("laptop", "LT", assigned_to=anna)
    with pytest.raises(Outdated, match="Anna"):
        hand.store.apply(revision)
    _, found = forget(hand.store, A)
    assert (found.deleted, found.bare) == (0, 1)


# -- with imports ---------------------------------------------------------------------------------------------------


def reading(source: str, rows: list[tuple[int, int, int]], links: list[tuple[int, int, int]]) -> Reading:
    """Rows (laptop, memory, person) and links (laptop, server, group); 0: none of it."""
    kind, _, name = source.partition(":")
    seen = []
    for laptop, memory, person in rows:
        said: dict[str, Any] = {"name": f"LT-{laptop}", "serial_number": f"PF1ABC{laptop:02}"}
        said |= {"memory": memory * 1024} if memory else {}
        said |= {"assigned_to": NamedReference("person", f"Person {person}")} if person else {}
        seen.append(Observation("laptop", said, Origin(name, "L", len(seen))))
    servers = {server for _, server, _ in links}
    seen += [Observation("server", {"name": f"S-{n}"}, Origin(name, "S", n)) for n in sorted(servers)]
    laptops = {row[0] for row in rows}
    made = [
        ObservedLink(
            NamedReference("", f"LT-{a}"), "depends_on", NamedReference("", f"S-{b}"), f"G-{g}" if g else "", "",
            Origin(name, "R", n),
        )
        for n, (a, b, g) in enumerate(links)
        if a in laptops
    ]  # fmt: skip
    return Reading(Source(kind, name), "2026-03-01T10:00:00Z", seen, read=len(seen), links=made)  # type: ignore[arg-type]


def take(store: Store, one: Reading) -> int:
    with store.read() as reader:
        proposal = reconcile([one], StoreLookup(reader), store.schema, author="tester")
    assert proposal.review == []
    return store.apply(proposal.revision).number


def known(store: Store) -> dict[str, Any]:
    """What everyone sees, by names instead of ids."""
    with store.read() as reader:
        every = {one.uid: one for one in reader.all(Selection("ci"))}
        names = {uid: one.name for uid, one in every.items()}
        shown = {one.name: {n: names.get(str(v), v) for n, v in one.values.items()} for one in every.values()}
        groups = {k[0]: (names[str(f["owner"])], f["label"], f["needs"]) for k, f in reader.records("group").items()}
        return {
            "records": shown,
            "links": {tuple(map(names.get, k[1:])): f for k, f in reader.records("relationship").items()},
            "members": sorted((groups[k[0]], names[k[2]], names[k[3]]) for k in reader.records("membership")),
            "groups": sorted(groups.values()),
        }


def test_its_undo_yields_to_a_newer_import_of_the_source(hand: Hand) -> None:
    other = hand.make("laptop", "LT-1", serial_number="PF1ABC01", notes="by hand")
    rows = [(1, 1, 0), (2, 1, 1), (3, 2, 0)]
    take(hand.store, reading(A, rows, []))
    number, found = forget(hand.store, A)
    assert (found.deleted, found.changed) == (3, 1)
    take(hand.store, reading(A, [(1, 2, 0), (2, 2, 1)], []))
    after = known(hand.store)
    kept = history.undo(hand.store, number, "tester").kept
    assert {(one.name, one.field) for one in kept} >= {("LT-1", "memory"), ("LT-2", ""), ("Person 1", "")}
    again = known(hand.store)
    assert again["records"].pop("LT-3")["memory"] == 2048, "what the newer import does not say comes back"
    assert again == after
    assert values(hand, other) == {"name": "LT-1", "serial_number": "PF1ABC01", "notes": "by hand", "memory": 2048}
    assert check_integrity(hand.store) == []


_rows = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 2)), max_size=3, unique_by=lambda r: r[0]
)
_links = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 1)), max_size=3, unique=True)


@settings(examples(6, soak=75), phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(first=st.tuples(_rows, _links), second=st.tuples(_rows, _links))
def test_forgetting_the_first_of_two_imports_leaves_what_the_second_alone_would_have_made(
    file: Store, first: Any, second: Any
) -> None:
    store = emptied(file)
    take(store, reading(B, *second))
    alone = known(store)
    store = emptied(file)
    take(store, reading(A, *first))
    take(store, reading(B, *second))
    before = picture(store)
    number, _ = forget(store, A)
    assert known(store) == alone
    if number:
        assert history.undo(store, number, "tester").kept == ()
        assert picture(store) == before
