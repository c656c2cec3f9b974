"""Related records of a CI, counted by kind: the same as all its relationships, a page at a time."""

from __future__ import annotations

from collections import Counter

import pytest

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.reading.related_records import more, recent_history, related
from cmdb.store.store import Store
from tests.cmdb.grouped_links import grouped, joined


def new(cls: str, **values: object) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


def uid(edit: Edit) -> str:
    return edit.record.key[0]


@pytest.fixture
def hub(store: Store) -> str:
    """A site with thirty laptops and five people in it; a server there that much depends on, in groups and without."""
    site, rack = new("site", name="Hub"), new("rack", name="R1")
    server = new("server", name="srv", location=uid(site), rack=uid(rack))
    things = [new("laptop", name=f"L{n:02d}", location=uid(site)) for n in range(30)]
    people = [new("person", name=f"P{n}", location=uid(site)) for n in range(5)]
    apps = [new("application", name=f"A{n}") for n in range(4)]
    peers = [new("switch", name=f"S{n}") for n in range(3)]
    group = Record("group", (new_id(),))
    other = Record("group", (new_id(),))
    links = [Edit(Record("relationship", ("depends_on", uid(app), uid(server))), "", None, {}) for app in apps[1:]]
    links += grouped("depends_on", uid(apps[0]), uid(server), group.key[0])
    for number, it in ((0, other), (1, Record("group", (new_id(),)))):
        links += [Edit(it, "", None, {"owner": uid(apps[number]), "label": f"also {number}", "needs": "1"})]
        links += [joined(Record("relationship", ("depends_on", uid(apps[number]), uid(server))), it.key[0])]
    links += [
        Edit(Record("relationship", ("connected_to", *sorted((uid(server), uid(peer))))), "", None, {})
        for peer in peers
    ]
    body = {"owner": uid(apps[0]), "label": "either", "needs": "1"}
    edits = [site, rack, server, *things, *people, *apps, *peers, Edit(group, "", None, body), *links]
    store.apply(Revision(edits, "tester"))
    return uid(server)


@pytest.mark.parametrize("past", [False, True])
def test_the_kinds_are_the_relationships_taken_together(store: Store, hub: str, past: bool) -> None:
    with store.read() as reader:
        everyone = [c.uid for c in reader.by_uid({r.uid for r in reader.relationships(hub)}).values()]
    if past:
        store.apply(Revision([Edit(ci(hub), "name", "srv", "another")], "tester"))
    with store.read(1 if past else None) as reader:
        for one in (hub, *everyone):
            whole = reader.relationships(one)
            kinds = related(reader, reader.get(one), most=1000)
            assert sorted(r for k in kinds for r in map(repr, k.first)) == sorted(map(repr, whole))
            assert {(k.label, k.inverse, k.attribute): k.number for k in kinds} == Counter(
                (r.label, r.inverse and not symmetric(reader, r.type), r.attribute) for r in whole
            )
            assert [k.label.casefold() for k in kinds] == sorted(k.label.casefold() for k in kinds)


def symmetric(reader: object, kind: str) -> bool:
    types = reader.schema.relationships  # type: ignore[attr-defined]
    return kind in types and types[kind].symmetric


def test_of_many_the_first_are_read(store: Store, hub: str) -> None:
    with store.read() as reader:
        site = reader.get(hub).values["location"]
        kinds = {k.classes: k for k in related(reader, reader.get(site), most=3)}
        laptops = next(k for classes, k in kinds.items() if "laptop" in classes)
        assert laptops.number == 31, "with the server, whose class says it alike"
        assert [r.name for r in laptops.first] == ["L00", "L01", "L02"]
        assert [r.name for r in more(reader, reader.get(site), laptops, 5)] == ["L00", "L01", "L02", "L03", "L04"]


def test_the_latest_versions_and_whether_there_are_more(store: Store, hub: str) -> None:
    for number in range(4):
        store.apply(Revision([Edit(ci(hub), "notes", None if not number else str(number - 1), str(number))], "tester"))
    with store.read() as reader:
        whole = reader.versions(hub)
        assert recent_history(reader, hub, 50) == (whole, False)
        assert recent_history(reader, hub, 2) == (whole[:2], True)
