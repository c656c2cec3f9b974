"""Unique values at an import are the same where the store says so: texts without the case of A to Z, numbers as they
are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdb.model.observation import Observation, Origin
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.reconciliation import Proposal, reconcile
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.reconciliation.estate import sheet


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "unique.terrier")
    own = {"badge": {"label": "Badge", "unique": True}, "slot": {"label": "Slot", "type": "integer", "unique": True}}
    document = {"class": {"laptop": {"attributes": own}}}
    made.apply(Revision([Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document})], "test"))
    yield made
    made.close()


def take(store: Store, **rows: dict[str, object]) -> Proposal:
    seen = [
        Observation("laptop", {"name": name, **values}, Origin("x.csv", "", n))
        for n, (name, values) in enumerate(rows.items(), 2)
    ]
    with store.read() as reader:
        proposal = reconcile([sheet(*seen)], StoreLookup(reader), store.schema, author="tester")
    store.apply(proposal.revision)
    return proposal


def test_texts_that_differ_for_the_store_differ_at_an_import(store: Store) -> None:
    found = take(store, one={"badge": "STRASSE"}, two={"badge": "STRAßE"}, three={"badge": "ÄB"}, four={"badge": "äB"})
    assert (found.created, found.rejected) == (4, 0)
    found = take(
        store, five={"badge": "Strasse"}, six={"badge": "Äb"}, seven={"badge": "äb"}, eight={"badge": "straßE"}
    )
    assert (found.created, found.rejected) == (0, 4), "they are taken"
    found = take(store, nine={"badge": "éa"}, ten={"badge": "éA"}, eleven={"badge": "Éa"})
    assert (found.created, found.rejected) == (1, 2)


def test_numbers_are_one_records_only_too(store: Store) -> None:
    assert take(store, one={"slot": 5}).created == 1
    found = take(store, two={"slot": 5}, three={"slot": 6}, four={"slot": 6}, five={"slot": 7})
    assert (found.created, found.rejected) == (1, 3)
