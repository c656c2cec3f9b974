"""A proposal in staging can be viewed, reduced, applied and dropped."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.estates import check_store
from cmdb.model.control import Control
from cmdb.model.errors import Outdated
from cmdb.model.guards import CreationGuard, FieldGuard
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.connection import process
from cmdb.store.rows import tables
from cmdb.store.staging import StagedProposal, stage
from cmdb.store.store import Store
from cmdb.store.upkeep.abandoned_proposals import DAYS, abandoned, clear_abandoned
from tests.cmdb.store.conftest import Hand


def test_a_staged_proposal_is_applied_as_it_stands(hand: Hand) -> None:
    old = hand.make("laptop", "LT-0")
    site = hand.new("site", "Rotterdam")
    one = hand.new("laptop", "LT-1", location=site.record.key[0])
    two = hand.new("laptop", "LT-2")
    change = Edit(Record("claim", (old, "sheet:x")), "order_number", None, ["PO", "2026-01-01T00:00:00Z"])
    revision = Revision([site, one, two, change], "tester", source="sheet:x")
    labels = {e.record.key[0]: ("laptop", e.after["name"]) for e in (one, two)}
    staged = stage(hand.store, revision, labels)
    assert staged.counts() == {"new": 3, "changed": 1}
    assert list(staged) == list(revision.edits)
    assert [r.label for r in staged.page("new", text="lt-2")] == ["LT-2"]
    staged.drop([r.position for r in staged.page("new", text="lt-2")])
    applied = hand.store.apply(Revision(staged, "tester", source="sheet:x"))
    assert len(applied.created) == 2
    assert hand.get(old).values["order_number"] == "PO"
    staged.discard()
    assert staged.page() == []


def test_a_staged_proposal_stays_guarded_as_it_was_decided(hand: Hand) -> None:
    old = hand.make("laptop", "LT-0", status="In stock")
    one = hand.new("laptop", "LT-1", serial_number="SER-001")
    guards = (CreationGuard(), FieldGuard(old, "status", "In stock"), FieldGuard(old, "notes", None))
    reason = Message("Import of {files}", files=("a.csv", "b.csv"))
    revision = Revision([one], "bert", "sheet:a.csv", reason, guards=guards, decided_at=1)
    staged = StagedProposal(hand.store, stage(hand.store, revision, {}).id)
    assert replace(staged.revision(), edits=revision.edits) == revision
    hand.make("laptop", "LT-9", serial_number="SER-001")
    with pytest.raises(Outdated, match="LT-9"):
        hand.store.apply(staged.revision())
    staged.drop([0])
    assert not hand.store.apply(staged.revision()).number


def test_references_to_a_dropped_record_are_dropped(hand: Hand) -> None:
    site = hand.new("site", "Rotterdam")
    one = hand.new("laptop", "LT-1", location=site.record.key[0])
    other = hand.new("laptop", "LT-2")
    staged = stage(hand.store, Revision([site, one, other], "tester"), {})
    staged.drop([0])
    hand.store.apply(Revision(staged, "tester"))
    with hand.store.read() as reader:
        assert [c.name for c in reader.page(Selection())] == ["LT-2"]


@pytest.mark.parametrize("again", [False, True], ids=["staged here", "staged elsewhere"])
def test_dropping_a_record_drops_references_recursively(hand: Hand, again: bool) -> None:
    site = hand.new("site", "Rotterdam")
    room = hand.new("room", "R1", location=site.record.key[0])
    laptop = hand.new("laptop", "LT-1", location=room.record.key[0])
    server = hand.new("server", "SRV-1")
    link = Edit(Record("relationship", ("depends_on", laptop.record.key[0], server.record.key[0])), "", None, {})
    staged = stage(hand.store, Revision([laptop, site, room, server, link], "tester"), {})
    if again:
        staged = StagedProposal(hand.store, staged.id)
    staged.drop(staged.positions([site.record.key[0]]))
    assert [edit.record for edit in staged] == [server.record]


def test_leaving_rows_out_costs_the_rows_left_out(hand: Hand) -> None:
    """However many rows there are: none is looked through for what refers to those that go."""

    def statements(number: int, left_out: int) -> list[str]:
        site = hand.new("site", "Rotterdam")
        there = {"location": site.record.key[0]}
        edits = [hand.new("laptop", f"LT-{n}", **(there if n < 10 else {})) for n in range(number)]
        staged = stage(hand.store, Revision([site, *edits], "tester"), {})
        asked: list[str] = []

        def hear(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        event.listen(hand.store._engine, "before_cursor_execute", hear)
        staged.drop(staged.positions([site.record.key[0], *(e.record.key[0] for e in edits[-left_out:])]))
        event.remove(hand.store._engine, "before_cursor_execute", hear)
        assert sum(staged.counts().values()) == number - 10 - left_out
        staged.discard()
        return [sql for sql in asked if "staging" in sql]

    few, many = statements(100, 20), statements(3_000, 20)
    assert len(few) == len(many)
    assert len(statements(3_000, 200)) == len(many), "nor by the row"
    assert not any("body" in sql for sql in many)


def test_the_proposal_of_an_ended_process_is_reported_and_cleared(hand: Hand) -> None:
    store = hand.store
    mine = stage(store, Revision([hand.new("site", "Rotterdam")], "tester"), {})
    assert abandoned(store) == [], "the process that made it runs"
    later = datetime.now(UTC) + timedelta(days=DAYS + 1)
    assert abandoned(store, later) == [], "however long"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    owner = {**process.this_one(), "process": str(gone.pid), "started": "1"}
    gone.wait()
    left = _left(store, owner)
    assert [one.id for one in abandoned(store)] == [left]
    (line,) = check_store(store, Control())
    assert "from sheet:x (somebody, 1 row) was left in staging" in line
    assert clear_abandoned(store, Control()) == 1
    assert check_store(store, Control()) == []
    assert mine.counts() == {"new": 1}


@pytest.mark.parametrize("owner", [{}, {"computer": "another", "process": "1", "started": "1"}])
def test_a_proposal_of_an_unknown_process_is_cleared_by_age(hand: Hand, owner: dict[str, str]) -> None:
    left = _left(hand.store, owner)
    assert abandoned(hand.store) == []
    assert abandoned(hand.store, datetime.now(UTC) + timedelta(days=DAYS - 1)) == []
    assert [one.id for one in abandoned(hand.store, datetime.now(UTC) + timedelta(days=DAYS + 1))] == [left]


def _left(store: Store, owner: dict[str, str]) -> str:
    """A proposal that another process has staged."""
    edit = Edit(ci(new_id()), "", None, {"class": "site", "name": "Ghent"})
    staged = stage(store, Revision([edit], "somebody", source="sheet:x"), {})
    header = json.dumps({"author": "somebody", "source": "sheet:x", "reason": "", "owner": owner})
    with engines.writing(store._engine) as connection:
        t = tables.staging_set
        connection.execute(t.update().where(t.c.id == staged.id), {"header": header})
    return staged.id


def test_a_process_that_is_over_does_not_run_though_its_number_is_still_taken() -> None:
    over = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = {**process.this_one(), "process": str(over.pid), "started": process._started(over.pid)}
    assert process.is_running(owner)
    over.kill()
    deadline = time.monotonic() + 10
    while process.is_running(owner) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.is_running(owner) is False, "before anybody has waited for it"
    over.communicate()
    assert process.is_running(owner) is False
