"""Rows of items that a revision creates are written without a comparison: what stands then is what edits would make."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model import packed_edits
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.new_records import NewSectionRows, as_new
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.packed_rows import encode_row
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables
from cmdb.store.rows.journal import Journal
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.writing import interned_values
from cmdb.store.writing.interned_values import InternedBodies
from cmdb.store.writing.new_rows import NewRows
from tests.cmdb.store.conftest import emptied
from tests.laws import examples

PC, OTHER, PERSON = new_id(), new_id(), new_id()
ITEMS = [
    Edit(ci(PC), "", None, {"class": "laptop", "name": "pc"}),
    Edit(ci(OTHER), "", None, {"class": "laptop", "name": "other"}),
    Edit(ci(PERSON), "", None, {"class": "person", "name": "Ann Ö"}),
]
WORDS = st.sampled_from(["", "a", "ö", "Ä b"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "user": st.just(PERSON), "environment": st.sampled_from(["dev", "ü"]), "installed_on": st.just("2026-01-02"),
        "origin": st.sampled_from(["deb", "rpm", "snap", None]),
        "stated_by": st.sampled_from([["scan:x"], ["scan:x", "scan:ö"]]),
    },
)  # fmt: skip
INSTALLED = st.dictionaries(st.tuples(st.sampled_from([PC, OTHER]), WORDS, WORDS, WORDS, WORDS, WORDS), FIELDS)
COLUMNS = st.fixed_dictionaries(
    {"name": st.sampled_from(["vim", "ö"])},
    optional={
        "size": st.integers(0, 9), "fixed": st.booleans(), "installed": st.just("2026-01-02T03:04:05Z"),
    },
)  # fmt: skip
ROWS = st.dictionaries(
    st.tuples(st.sampled_from([PC, OTHER]), st.just("software_details"), st.sampled_from(["scan:x", "sheet:y"]), WORDS),
    COLUMNS,
)


def made(kind: str, records: dict[Any, Any]) -> list[Edit]:
    return [Edit(Record(kind, key), "", None, fields) for key, fields in records.items()]


def standing(store: Store, edits: PackedEdits) -> dict[str, Any]:
    """What stands after edits: the rows of the tables, and what the store says that it wrote."""
    applied = store.apply(Revision(edits, "law"))
    with store._engine.connect() as connection:
        stand_for = {
            column: {row[0]: tuple(row[1:]) for row in connection.execute(table.select())}
            for column, table in (("release", tables.release), ("body", tables.section_body))
        }
        rows = {
            table.name: sorted(
                (
                    [stand_for[name][value] if name in stand_for else value for name, value in row._mapping.items()]
                    for row in connection.execute(table.select())
                ),
                key=repr,
            )
            for table in (tables.installation, tables.section)
        }
    assert check_integrity(store) == [], "the chain is over these rows"
    interned = {name: sorted(its.values()) for name, its in stand_for.items()}
    return {**rows, **interned, "applied": (applied.created, applied.updated, applied.kinds)}


def same_either_way(store: Store, installed: dict[Any, Any], rows: dict[Any, Any]) -> None:
    edits = PackedEdits([*ITEMS, *made("installation", installed), *made("section", rows)])
    at_once = standing(emptied(store), edits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_edits, "_MANY", 1)
        many = PackedEdits(ITEMS)
        its = [*made("installation", installed), *made("section", rows)]
        for new in as_new({one.record: one.after for one in its}) or ():
            many.add_new(new)
        if not [*many.new]:
            many += its
        assert sorted(many, key=repr) == sorted(edits, key=repr)
        assert standing(emptied(store), many) == at_once
        patch.setattr(NewRows, "write", lambda *_: False)
        compared = standing(emptied(store), edits)
    assert at_once == compared


@examples(5, soak=200)
@given(installed=INSTALLED, rows=ROWS)
def test_new_rows_are_what_edits_make(file: Store, installed: dict[Any, Any], rows: dict[Any, Any]) -> None:
    same_either_way(file, installed, rows)


@examples(2, soak=50)
@given(installed=INSTALLED, rows=ROWS)
def test_new_rows_are_what_edits_make_on_a_server(
    server: Store, installed: dict[Any, Any], rows: dict[Any, Any]
) -> None:
    same_either_way(server, installed, rows)


ROW = Record("section", (PC, "software_details", "scan:x", "vim"))
VIM = Record("installation", (PC, "", "", "vim", "", "1"))


def test_a_new_row_that_other_edits_change_is_what_they_make(store: Store) -> None:
    edits = [
        *ITEMS, Edit(ROW, "", None, {"name": "vim"}), Edit(VIM, "", None, {}), Edit(VIM, "user", None, PERSON),
        Edit(VIM, "", None, {"user": PERSON}),
    ]  # fmt: skip
    store.apply(Revision(edits, "anna"))
    with store.read() as reader:
        (one,) = reader.all_installations()
        assert one.user == PERSON
    assert check_integrity(store) == []


def test_what_is_wrong_with_a_new_row_is_said(store: Store) -> None:
    wrong: list[tuple[Record, Any, type[Exception]]] = [
        (Record("section", (PC, "software_details")), {"name": "vim"}, InvalidValue),
        (ROW, {"nothing": "vim"}, InvalidValue),
        (ROW, {"name": ""}, InvalidValue),
        (ROW, {"size": True}, InvalidValue),
        (ROW, {"installed": "2026-02-31T00:00:00Z"}, InvalidValue),
        (VIM, {"nothing": "1"}, InvalidValue),
        (VIM, {"user": new_id()}, NotFound),
    ]
    for record, fields, error in wrong:
        with pytest.raises(error):
            store.apply(Revision([*ITEMS, Edit(record, "", None, fields)], "anna"))
    with pytest.raises(Conflict, match="exists already"):
        store.apply(Revision([*ITEMS, Edit(VIM, "", None, {}), Edit(VIM, "", None, {"origin": "deb"})], "anna"))
    with store.read() as reader:
        assert not list(reader.all_installations())


def test_new_rows_of_known_items_are_compared(store: Store) -> None:
    store.apply(Revision(ITEMS, "anna"))
    keys = [f"{number}" for number in range(200)]
    edits = PackedEdits()
    row = encode_row({"name": "vim"})
    edits.add_new(NewSectionRows(PC, "software_details", "scan:x", keys, [row] * len(keys)))
    assert store.apply(Revision(edits, "anna")).updated == {PC}
    with store.read() as reader:
        assert len(reader.records("section")) == len(keys)
    assert store.apply(Revision(edits, "anna")).number == 0, "the same made twice is one"


def test_bodies_that_are_there_are_found_however_many_are_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interned_values, "IN_CHUNK", 2)
    texts = [b'{"name":"%d"}' % number for number in range(7)]
    with engines.writing(store._engine) as connection:
        first, again = (InternedBodies(connection, Journal(connection, 1)) for _ in range(2))
        first.create(texts[:5])
        again.create(texts)
        assert [again[text] for text in texts[:5]] == [first[text] for text in texts[:5]]
        assert len({again[text] for text in texts}) == len(texts)
