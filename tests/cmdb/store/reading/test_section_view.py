"""Sections as they are read: now, at a past moment, from several sources, with the steps of each row."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.errors import UserError
from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.revision import SECTION_NOW, Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.reconciliation import reconcile
from cmdb.register import history
from cmdb.register.forgetting import forgetting
from cmdb.register.merging import merge
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity

MODULE = {"slot": 1, "size": 8192, "serial_number": "M-1"}
VOLUME = {"mount": "/", "size": 1000, "free": 400}


def take(store: Store, day: int, source: str = "agent", name: str = "nb-1", **details: list[dict[str, Any]]) -> int:
    serial = f"PF1{name.upper()}"
    computer = Observation("laptop", {"name": name, "serial_number": serial}, details=details, sections=tuple(details))
    reading = Reading(Source("scan", source), f"2026-03-0{day}T08:00:00Z", [computer], read=1)
    with store.read() as reader:
        revision = reconcile([reading], StoreLookup(reader), store.schema, "tester").revision
    return store.apply(revision).number


def uid_of(store: Store, name: str = "nb-1") -> str:
    with store.read() as reader:
        return reader.find(name).uid


def test_rows_are_read_with_their_latest_values_and_as_of_then(store: Store) -> None:
    first = take(store, 1, memory_modules=[MODULE], volumes=[VOLUME])
    second = take(store, 2, memory_modules=[{**MODULE, "serial_number": "M-2"}], volumes=[{**VOLUME, "free": 5}])
    uid = uid_of(store)
    with store.read() as reader:
        found = reader.sections(uid)
        steps = reader.section_history(uid, "memory_modules")
        entry = reader.versions(uid)[0]
        changed = [one for one in reader.changes(first) if one.field == "section"]
        differing = [one for batch in reader.between(first).of("section") for one in batch]
    with store.read(first) as reader:
        before = reader.sections(uid)
    assert list(found) == ["memory_modules", "volumes"]
    (module,), (volume,) = found["memory_modules"], found["volumes"]
    assert (module.columns["serial_number"], module.observed) == ("M-2", "2026-03-02T08:00:00Z")
    assert (volume.columns, volume.now) == ({"mount": "/", "size": 1000}, {"free": 5})
    assert before["memory_modules"][0].columns["serial_number"] == "M-1"
    assert before["volumes"][0].now == {}
    assert [(one.number, one.before is None) for one in steps] == [(second, False), (first, True)]
    assert [(e.record.kind, e.field, e.after) for e in entry.edits] == [("section", "serial_number", "M-2")]
    assert len(changed) == len(differing) == 1
    assert check_integrity(store) == []


def test_a_serial_number_in_a_row_finds_the_record_now_and_then(store: Store) -> None:
    first = take(store, 1, memory_modules=[{**MODULE, "serial_number": "KX77-A1"}])
    take(store, 1, name="nb-2", memory_modules=[{**MODULE, "serial_number": "ZZ00"}])
    second = take(store, 2, memory_modules=[{**MODULE, "serial_number": "KX99-B2"}])

    def found(words: str, at: int | None = None) -> list[str]:
        with store.read(at) as reader:
            page = reader.page(Selection("laptop", text=words), limit=5)
            assert at is not None or [one.uid for one in reader.search(words)] == [one.uid for one in page]
            return [one.name for one in page]

    assert (found("kx99-b2"), found("KX77"), found("nb-1"), found("zz00")) == (["nb-1"], [], ["nb-1"], ["nb-2"])
    assert (found("KX77-a1", first), found("kx99", first), found("kx99", second)) == (["nb-1"], [], ["nb-1"])
    assert check_integrity(store) == []
    history.undo(store, second, "tester")
    assert (found("kx99"), found("kx77")) == ([], ["nb-1"])
    store.apply(Revision([Edit(ci(uid_of(store)), "", {}, None)], "tester"))
    assert found("kx77") == []
    assert check_integrity(store) == []


def test_an_undo_takes_rows_back_and_the_next_scan_brings_them_again(store: Store) -> None:
    first = take(store, 1, memory_modules=[MODULE], volumes=[VOLUME])
    second = take(store, 2, memory_modules=[{**MODULE, "serial_number": "M-2"}], volumes=[{**VOLUME, "size": 9}])
    uid = uid_of(store)
    history.undo(store, second, "tester")
    with store.read() as reader:
        assert reader.sections(uid)["memory_modules"][0].columns == MODULE
        assert reader.sections(uid)["volumes"][0].now == {"free": 400}
    assert check_integrity(store) == []
    take(store, 3, memory_modules=[{**MODULE, "serial_number": "M-2"}], volumes=[VOLUME])
    with store.read() as reader:
        assert reader.sections(uid)["memory_modules"][0].columns["serial_number"] == "M-2"
    assert first < second


def test_what_an_old_undo_took_is_seen_again_although_the_scan_is_the_same(store: Store) -> None:
    take(store, 1)
    first = take(store, 2, memory_modules=[MODULE, {**MODULE, "slot": 2}])
    latest = [MODULE, {**MODULE, "slot": 2, "serial_number": "M-2"}]
    take(store, 3, memory_modules=latest)
    history.undo(store, first, "tester")
    with store.read() as reader:
        assert [row.key for row in reader.sections(uid_of(store))["memory_modules"]] == ["2|"]
    take(store, 4, memory_modules=latest)
    with store.read() as reader:
        assert [dict(row.columns) for row in reader.sections(uid_of(store))["memory_modules"]] == latest
    assert check_integrity(store) == []


def test_the_better_source_is_shown_with_the_others_beside_it(store: Store) -> None:
    take(store, 1, memory_modules=[MODULE])
    take(store, 2, "later", memory_modules=[{**MODULE, "serial_number": "M-2"}])
    with store.read() as reader:
        (row,) = reader.sections(uid_of(store))["memory_modules"]
    assert (row.source, [one.source for one in row.also]) == ("scan:later", ["scan:agent"])


def test_rows_go_with_their_source_and_with_their_record(store: Store) -> None:
    take(store, 1, memory_modules=[MODULE], volumes=[VOLUME])
    take(store, 2, "later", memory_modules=[MODULE])
    uid = uid_of(store)
    with store.read() as reader:
        revision, found = forgetting(reader, "scan:agent", "tester")
    store.apply(revision)
    assert found.gone["section"] == 2
    with store.read() as reader:
        assert [row.source for row in reader.sections(uid)["memory_modules"]] == ["scan:later"]
    assert count(store, "section_now") == 0
    number = store.apply(Revision([Edit(ci(uid), "", {}, None)], "tester")).number
    assert count(store, "section") == 0
    history.undo(store, number, "tester")
    with store.read() as reader:
        assert len(reader.sections(uid)["memory_modules"]) == 1
    assert check_integrity(store) == []


def test_rows_move_with_a_merge_and_its_undo_brings_them_back(store: Store) -> None:
    take(store, 1, memory_modules=[MODULE], volumes=[VOLUME])
    take(store, 2, "other", "nb-2", memory_modules=[MODULE], batteries=[{"serial_number": "B", "charge": 40}])
    kept, gone = uid_of(store), uid_of(store, "nb-2")
    with store.read() as reader:
        number = store.apply(merge(reader, [kept, gone], kept, "tester")).number
    with store.read() as reader:
        (row,) = reader.sections(kept)["memory_modules"]
        assert reader.sections(kept)["batteries"][0].now == {"charge": 40}
    assert [row.source, *(one.source for one in row.also)] == ["scan:other", "scan:agent"]
    history.undo(store, number, "tester")
    with store.read() as reader:
        assert [len(reader.sections(uid)["memory_modules"][0].also) for uid in (kept, gone)] == [0, 0]
    assert check_integrity(store) == []


def test_an_older_value_never_replaces_a_later_one_and_wrong_ones_are_refused(store: Store) -> None:
    take(store, 3, volumes=[VOLUME])
    uid = uid_of(store)
    record = Record(SECTION_NOW, (uid, "volumes", "scan:agent"))
    before = None
    for observed, free, expected in (("2026-03-02T08:00:00Z", 1, 400), ("2026-03-04T08:00:00Z", 2, 2)):
        now = Edit(record, "", None, {"observed": observed, "rows": {"/||": {"free": free}}})
        store.apply(Revision([now, Edit(ci(uid), "notes", before, observed)], "tester"))
        before = observed
        with store.read() as reader:
            assert reader.sections(uid)["volumes"][0].now["free"] == expected
    for row in ({"size": "much"}, {"colour": "red"}):
        key = Record("section", (uid, "volumes", "scan:agent", "x"))
        with pytest.raises(UserError, match=r"much|colour"):
            store.apply(Revision([Edit(key, "", None, row)], "tester"))


def count(store: Store, table: str) -> int:
    with store.read() as reader:
        rows = reader._connection.execute(tables.metadata.tables[table].select()).all()
    return len(rows)


def test_an_estates_own_section_works_the_same_and_stays_while_it_has_rows(store: Store) -> None:
    entry = Record("schema_entry", (new_id(),))
    columns = {"number": {"type": "integer"}, "label": {"searched": True}, "load": {"volatile": True}}
    body = {"section": {"rails": {"of": ["laptop"], "identifies": ["number"], "columns": columns}}}
    store.apply(Revision([Edit(entry, "", None, {"document": body})], "tester"))
    take(store, 1, rails=[{"number": 1, "label": "RAIL-7Q", "load": "3 kg"}])
    with store.read() as reader:
        (row,) = reader.sections(uid_of(store))["rails"]
        assert (row.key, row.values()) == ("1", {"number": 1, "label": "RAIL-7Q", "load": "3 kg"})
        assert [one.name for one in reader.search("rail-7q")] == ["nb-1"]
    less = {"section": {"rails": {**body["section"]["rails"], "columns": {"number": {"type": "integer"}}}}}
    for changed in (less, {"section": {}}):
        with pytest.raises(UserError, match="must stay"):
            store.apply(Revision([Edit(entry, "document", body, changed)], "tester"))
    assert check_integrity(store) == []
