"""The estates of the benchmarks: always the same, complete, and of the given size."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.estate import Estate, main, uid
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.model.values import check
from cmdb.store.upkeep.startup import open_estate
from importers.spreadsheets import read_files

SCHEMA = Schema.load()


def test_its_edits_can_be_read_twice_and_name_each_record_once() -> None:
    estate = Estate(700, 1500, 2000)
    for revision in estate.revisions():
        edits = list(revision.edits)
        assert edits == list(revision.edits)
        assert len({e.record for e in edits}) == len(edits)


def test_it_has_the_size_asked_for() -> None:
    edits = [e for r in Estate(700, 1000, 2000).revisions() for e in r.edits]
    kinds = Counter(e.record.kind for e in edits)
    assert kinds["ci"] == 700
    assert kinds["installation"] == 2000
    assert 950 <= kinds["relationship"] <= 1000  # the first few things have nobody before them


def test_its_values_are_valid_and_its_references_lead_somewhere() -> None:
    for revision in Estate(700).revisions():
        for edit in revision.edits:
            for name, value in edit.after.items():
                if name != "class":
                    attribute = SCHEMA.attribute(edit.after["class"], name)
                    check(attribute, value)
                    if attribute.type == "reference":
                        assert value in {uid(n) for n in range(700)}


def test_what_was_bought_is_valid_and_is_installed() -> None:
    edits = [e for r in Estate(700, 0, 2000, 30).revisions() for e in r.edits]
    bought = [e.after for e in edits if e.after.get("class") == "entitlement"]
    assert len(bought) == 30
    for fields in bought:
        for name in fields.keys() - {"class"}:
            check(SCHEMA.attribute("entitlement", name), fields[name])
    installed = {(e.record.key[2], e.record.key[3]) for e in edits if e.record.kind == "installation"}
    assert {(fields["publisher"], fields["product"]) for fields in bought} <= installed


def test_everything_depends_on_the_first_thing() -> None:
    estate = Estate(700, 600)
    needs: dict[str, list[str]] = {}
    for revision in estate.revisions():
        for edit in revision.edits:
            if edit.record.kind == "relationship":
                needs.setdefault(edit.record.key[1], []).append(edit.record.key[2])
    first = uid(estate.first)
    reached = {first}
    for number in range(estate.first + 1, 700):
        if set(needs[uid(number)]) & reached:
            reached.add(uid(number))
    assert len(reached) == 700 - estate.first


def test_it_is_written_through_the_store(tmp_path: Path) -> None:
    where = tmp_path / "bench.terrier"
    assert main([str(where), "--cis", "700", "--relationships", "900", "--installations", "1000"]) == 0
    store = open_estate(where)
    with store.read() as reader:
        assert reader.count(Selection()) == 700
        assert len(list(reader.all_installations())) == 1000
        assert reader.count(Selection("person")) == Estate(700).people
    store.close()


def test_the_spreadsheet_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "bench.xlsx"
    assert main(["--sheet", str(path), "--rows", "300"]) == 0
    (reading,) = read_files([path], SCHEMA)
    assert (reading.read, reading.rejected, reading.unmapped) == (300, 0, [])
    assert {o.cls for o in reading.observations} == {"laptop", "desktop"}
    assert len({o.values["serial_number"] for o in reading.observations}) == 300


def test_a_tiny_estate_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        Estate(10)
