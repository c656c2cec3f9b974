"""A file and a database give the same results: the same lists in the same order, and the same records.

The database's locale is German, which has another order than a file's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import search_index
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import DIALECTS, Places, emptied
from tests.laws import examples

ODD = "aAäÄbBßẞzZéÉØłıİ -_.,@/:%\\'\"&|!()*019²½ΑαςΣЖ日本\u0301"
NAMES = st.text(ODD, min_size=1, max_size=8).filter(lambda name: bool(name.strip()))
ROWS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "asset_tag": st.uuids(version=4).map(lambda uid: f"T{uid.hex[:4]}"),
            "host_name": NAMES,
            "notes": NAMES,
            "status": st.sampled_from(["Deployed", "Retired", "In stock"]),
            "purchase_cost": st.sampled_from([Decimal(one) for one in ("0.1", "2", "10", "1234.56")]),
            "memory": st.sampled_from([9, 10, 8192, 16384]),
            "disk_encrypted": st.booleans(),
            "domain": NAMES,
            "mac_address": st.sampled_from(["00:1b", "aa:00", "AA:01"]),
        },
    ),
    min_size=2,
    max_size=6,
)
SORTS = (
    "name",
    "-name",
    "host_name",
    "-host_name",
    "asset_tag",
    "-memory",
    "memory",
    "status,-name",
    "-purchase_cost",
    "domain",
    "-disk_encrypted",
    "disk_encrypted,-domain",
    "mac_address",
    "-mac_address",
)
FILTERS = (
    "", "name ~ a", "host_name = 'ä'", "host_name != A", "host_name is empty", "memory > 10", "purchase_cost < 10",
    "status = Retired", "notes ~ '%'", "name > b", "not memory = 9", "asset_tag ~ t",
    "disk_encrypted = yes", "disk_encrypted = no", "domain = ä", "domain ~ B", "domain >= b", "mac_address ~ 'aa'",
    "mac_address < 'b'", "disk_encrypted is empty", "assigned_to.name ~ a", "id = x", "class = computer",
)  # fmt: skip


@pytest.fixture(scope="module")
def pair(places: Places) -> Iterator[tuple[Store, ...]]:
    """A file and a database that every example finds empty."""
    made = [places.lay_out(places.new(dialect)) for dialect in DIALECTS]
    yield tuple(made)
    for store in made:
        store.close()
        places.clear(store.where)


def told(reader: Reader, words: list[str]) -> dict[str, Any]:
    """What is answered to a set of questions."""
    found: dict[str, Any] = {}
    for where in FILTERS:
        found[where] = [c.uid for c in reader.page(Selection("laptop", where))], reader.count(Selection("ci", where))
    for sort in SORTS:
        found[sort] = list(reader.ids(Selection("laptop", "", sort)))
        found[f"{sort} past"] = reader.page(Selection("ci", "", sort), limit=3, offset=1)
    for word in words:
        found[f"search {word}"] = {c.uid for c in reader.search(word)}
    for attribute in ("status", "memory", "host_name", "purchase_cost", "disk_encrypted", "domain"):
        found[f"facet {attribute}"] = reader.facet(Selection("laptop"), attribute)
    return found


@examples(3, soak=75)
@given(rows=ROWS, data=st.data())
def test_every_list_is_the_same(pair: tuple[Store, ...], rows: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = " ".join(str(v) for row in rows for v in row.values())
    starts = data.draw(st.lists(st.integers(0, len(whole)), max_size=4))
    words = [whole[start : start + 4] for start in starts]
    edits = [Edit(ci(new_id()), "", None, {"class": "laptop", **row}) for row in rows]
    answers = []
    for store in pair:
        emptied(store).apply(Revision(edits, "tester"))
        with store.read() as reader:
            answers.append(told(reader, words))
    assert answers[0] == answers[1]


@examples(50, soak=750)
@given(documents=st.lists(st.tuples(st.text(ODD, max_size=14), st.text(ODD, max_size=14)), max_size=3), data=st.data())
def test_searching_finds_the_same(
    pair: tuple[Store, ...], documents: list[tuple[str, str]], data: st.DataObject
) -> None:
    rows = [(number, *document) for number, document in enumerate(documents, 1)]
    whole = " ".join(part for document in documents for part in document)
    start, length = data.draw(st.integers(0, len(whole))), data.draw(st.integers(1, 10))
    wanted = data.draw(st.sampled_from([str, str.upper, str.lower]))(whole[start : start + length])
    found = []
    for store in pair:
        with engines.writing(store._engine) as connection:
            search_index.clear(connection)
            search_index.write(connection, rows, replace=False)
            clause = search_index.clause(connection.dialect.name, wanted)
            found.append(clause and sorted(connection.execute(text(clause[0]), clause[1]).scalars()))
            connection.rollback()
    assert found[0] == found[1]


def test_the_order_is_that_of_the_characters(store: Store) -> None:
    names = ["Zebra", "äpfel", "Apfel", "apfel 2", "zebra 1", "_x", "10", "9"]
    tags = ["b2", "B1", "a1", "A2", "ä", "_", "1", "2"]
    rows = zip(names, tags, strict=True)
    edits = [Edit(ci(new_id()), "", None, {"class": "laptop", "name": n, "asset_tag": t}) for n, t in rows]
    store.apply(Revision(edits, "tester"))
    with store.read() as reader:
        by_name = [c.name for c in reader.page(Selection("laptop"))]
        by_tag = [c.values["asset_tag"] for c in reader.page(Selection("laptop", "", "asset_tag"))]
    assert by_name == ["10", "9", "_x", "Apfel", "apfel 2", "Zebra", "zebra 1", "äpfel"]
    assert by_tag == ["1", "2", "_", "a1", "A2", "B1", "b2", "ä"]


def test_a_text_too_long_for_a_vector_is_indexed_as_far_as_it_goes(store: Store) -> None:
    notes = " ".join(f"w{number}{'x' * 300}" for number in range(300)) + " " + "y" * 3_000
    edit = Edit(ci(new_id()), "", None, {"class": "laptop", "name": "LT-1", "notes": notes})
    store.apply(Revision([edit], "tester"))
    with store.read() as reader:
        assert [c.name for c in reader.search("w17x")] == ["LT-1"]
        assert [c.name for c in reader.search("y" * 700)] == ["LT-1"]
    assert check_integrity(store) == []


def test_an_index_that_says_something_else_is_found(store: Store) -> None:
    row = {"class": "laptop", "name": "LT-1 Größe", "asset_tag": "A 1", "notes": "one two\nthree one"}
    edits = [Edit(ci(new_id()), "", None, row), Edit(ci(new_id()), "", None, {"class": "site", "name": "Łódź"})]
    store.apply(Revision(edits, "tester"))
    assert check_integrity(store) == []
    sqlite = store._engine.dialect.name == "sqlite"
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql(
            "UPDATE ci_words SET body = 'one two' WHERE rowid = 1"
            if sqlite
            else "UPDATE ci_search SET words = 'one:1 two:2' WHERE id = 1"
        )
    assert list(map(str, check_integrity(store))) == ["The search index disagrees with 1 record."]
