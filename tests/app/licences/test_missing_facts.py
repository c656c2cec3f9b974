"""The missing facts of a licence position, and the revisions that supply them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.licences.missing_facts import FactGap, missing_facts, supply
from app.positions import positions_at
from cmdb.licences.engine.results import Position
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue, UserError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

DAY = date(2026, 11, 29)
LONG_AGO = "2026-11-28T00:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    yield made
    made.close()


def new(cls: str, **values: Any) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


def installed(computer: Edit, product: str, publisher: str, edition: str = "") -> Edit:
    key = (computer.record.key[0], "", publisher, product, edition, "2019")
    return Edit(Record("installation", key), "", None, {"origin": "scan"})


def fill(store: Store, computers: int = 1, **values: Any) -> list[str]:
    """Virtual machines with a SQL Server, and licences for it; their ids."""
    machines = [
        new("virtual_machine", name=f"vm-{n}", status="Deployed", last_seen=LONG_AGO, **values)
        for n in range(computers)
    ]
    licence = new("entitlement", name="SQL cores", product="SQL Server", edition="Standard", version="2019",
                  metric="sql server core", quantity=64, pack_size=2)  # fmt: skip
    store.apply(Revision([*machines, licence], "anna"))
    return [one.record.key[0] for one in machines]


def software(store: Store, uids: list[str], edition: str) -> None:
    key = "Microsoft SQL Server 2019"
    edits = [
        Edit(Record("installation", (uid, "", "Microsoft", key, edition, "2019")), "", None, {"origin": "scan"})
        for uid in uids
    ]
    store.apply(Revision(edits, "anna", "scan"))


def unknown(store: Store) -> list[Position]:
    with store.read() as reader:
        found = positions_at(reader, DAY, Control()).positions
    return [one for one in found if one.verdict == "unknown"]


def asked(store: Store, position: Position, **also: Any) -> list[FactGap]:
    with store.read() as reader:
        return missing_facts(reader, position, **also).gaps


def test_a_missing_attribute_is_supplied(store: Store) -> None:
    uids = fill(store)
    software(store, uids, "Standard")
    (position,) = unknown(store)
    gap = next(one for one in asked(store, position) if one.missing.fact == "virtual cores")
    assert (gap.how, gap.missing.id) == ("attribute", uids[0])
    with store.read() as reader:
        wrong = supply(reader, gap, "many", position, "tom")
        right = supply(reader, gap, 6, position, "tom")
    with pytest.raises(InvalidValue):
        store.apply(wrong)
    store.apply(right)
    assert unknown(store) == []


def test_an_edition_is_supplied_for_the_copies_that_have_none(store: Store) -> None:
    uids = fill(store, virtual_cores=4)
    software(store, uids, "")
    position = next(one for one in unknown(store) if any(m.fact == "edition" for m in one.missing))
    gap = next(one for one in asked(store, position) if one.how == "edition")
    with store.read() as reader:
        store.apply(supply(reader, gap, "Standard", position, "tom"))
    with store.read() as reader:
        assert [one.edition for one in reader.installations(uids[0])] == ["Standard"]
    assert unknown(store) == []


def test_a_condition_is_answered_and_the_answer_can_be_taken_back(store: Store) -> None:
    laptop = new("laptop", name="PC", status="Deployed", last_seen=LONG_AGO)
    store.apply(Revision([laptop], "anna"))
    store.apply(Revision([installed(laptop, "Docker Desktop", "Docker")], "anna", "scan"))
    (position,) = unknown(store)
    gap = next(one for one in asked(store, position) if one.how == "answer")
    assert "250 employees" in gap.question
    with store.read() as reader:
        revision = supply(reader, gap, True, position, "tom")
    assert str(revision.reason).startswith("Yes: ")
    store.apply(revision)
    assert unknown(store) == []


def test_of_many_missing_facts_the_first_are_asked_for_and_those_that_are_asked_for_already(store: Store) -> None:
    uids = fill(store, computers=40)
    software(store, uids, "Standard")
    (position,) = unknown(store)
    with store.read() as reader:
        found = missing_facts(reader, position)
        assert found.facts >= 40
        assert len(found.gaps) == 30
        last = next(one for one in reversed(position.missing) if one.id)
        more = missing_facts(reader, position, {(last.fact, last.of, last.id)})
    assert len(more.gaps) == 31
    assert last.id in more.records


def test_what_nobody_can_type_says_so(store: Store) -> None:
    fill(store)
    software(store, fill(store), "Standard")
    (position,) = unknown(store)
    gap = FactGap(position.missing[0], "")
    with store.read() as reader, pytest.raises(UserError, match="can't be typed"):
        supply(reader, gap, "x", position, "tom")
