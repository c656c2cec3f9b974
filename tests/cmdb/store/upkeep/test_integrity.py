"""``check`` finds changes that bypass ``apply``, in each part of an estate; it repairs nothing and can be cancelled."""

from __future__ import annotations

import sqlite3
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, InUse
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, ci
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import new_key
from cmdb.store.rows import search_index
from cmdb.store.store import Store
from cmdb.store.upkeep import integrity
from cmdb.store.upkeep.audits import AuditContext
from cmdb.store.upkeep.integrity import _STEPS, _watched, check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.grouped_links import grouped
from tests.cmdb.store.conftest import DIALECTS, Hand, KeptRows, Places

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
INSTALLED = {"installed_on": "2025-06-01"}


def rich(hand: Hand) -> dict[str, str]:
    """Something of everything, with a past; returns the ids by name."""
    edits = [
        hand.new("site", "Rotterdam"), hand.new("person", "Anja Vogt"), hand.new("rack", "R1"),
        hand.new("application", "Booking"), *(hand.new("server", f"srv-{n}", memory=8192) for n in range(4)),
    ]  # fmt: skip
    ids = {edit.after["name"]: edit.record.key[0] for edit in edits}
    hand.apply(*edits)
    hand.set(ids["srv-0"], "location", ids["Rotterdam"])
    hand.set(ids["srv-0"], "rack", ids["R1"])
    group = "018f0000-0000-7000-8000-000000000001"
    hand.apply(
        Edit(Record("group", (group,)), "", None, {"owner": ids["Booking"], "label": "nodes", "needs": "1"}),
        *(edit for n in range(2) for edit in grouped("depends_on", ids["Booking"], ids[f"srv-{n}"], group)),
        Edit(Record("installation", (ids["srv-0"], "", "Mozilla", "Firefox", "", "128")), "", None, INSTALLED),
        Edit(Record("saved_view", ("018f0000-0000-7000-8000-000000000002",)), "", None, {"name": "Mine"}),
    )
    mac = Edit(Record("claim", (ids["srv-0"], "scan:agent")), "evidence.mac", None, [["02:00:00:00:00:01"], "2026"])
    hand.apply(mac, source="scan:agent")
    for memory in (1, 2, 3):
        hand.set(ids["srv-1"], "memory", memory)
    hand.apply(Edit(ci(ids["srv-3"]), "", {}, None))
    assert list(map(str, check_integrity(hand.store))) == []
    return ids


SPOILED: dict[str, tuple[list[str], str]] = {
    "a value": (["UPDATE ci SET notes = 'forged' WHERE name = 'srv-0'"], "its claims say None"),
    "a claim": (["DELETE FROM claim WHERE ci = 5"], "but its claims say None"),
    "a claim of nobody": (["UPDATE claim SET ci = 99 WHERE source = 'scan:agent'"], "claims of 1 record"),
    "a claim of one that was": (
        ["INSERT INTO claim SELECT 8, source, said, revision FROM claim WHERE ci = 7"], "claims of 1 record"
    ),
    "a class": (["UPDATE ci SET class = 'nonsense' WHERE name = 'srv-0'"], "nonsense"),
    "a reference": (["UPDATE ci SET location = 99 WHERE name = 'srv-0'"], "by “location” to what does not exist"),
    "a reference by name": (["DELETE FROM extra_reference"], "The index of references differs"),
    "evidence": (["UPDATE evidence SET value = '02:00:00:00:00:02'"], "The identifying values of the records"),
    "evidence of nothing": (["DELETE FROM evidence"], "The identifying values of the records"),
    "a link's end": (["UPDATE relationship SET target = 99 WHERE target = 6"], "points to a target that does not"),
    "a link's type": (["UPDATE relationship SET type = 'likes'"], "the type “likes”"),
    "a link to itself": (["UPDATE relationship SET target = 4 WHERE target = 6"], "from a record to itself"),
    "a product": (["DELETE FROM release"], "a product that does not exist"),
    "a user": (['UPDATE installation SET "user" = 99'], "used by someone who does not exist"),
    "a document": (["UPDATE document SET body = '[1]'"], "cannot be read"),
    "a group": (["DELETE FROM dependency_group"], "a redundancy group that does not exist"),
    "a relationship in a group": (
        ["DELETE FROM relationship WHERE target = 6"], "of a relationship that does not exist"
    ),
    "a membership": (["DELETE FROM membership"], "neither stand alone nor are in a redundancy group"),
    "a group's owner": (["UPDATE dependency_group SET owner = 1"], "not links of the record it belongs to"),
    "a group's needs": (["UPDATE dependency_group SET needs = 'some'"], "neither a number nor a percentage"),
    "a version's end": (["UPDATE ci_version SET ended = revision WHERE id = 6"], "ended before they began"),
    "a version that overlaps": (
        ["UPDATE ci_version SET ended = ended + 1 WHERE id = 6 AND revision = 1"], "overlaps other versions"
    ),
    "a version that goes on": (
        ["UPDATE ci_version SET ended = 8 WHERE id = 6 AND ended = 7", "UPDATE ci SET revision = 7 WHERE id = 6"],
        "overlap what is now",
    ),
    "a version's value": (
        ["UPDATE claim_version SET said = replace(said, '8192', '8193')"], "Revision 1 does not hold what was written"
    ),
    "a removed version": (["DELETE FROM ci_version WHERE id = 8"], "does not hold what was written"),
    "a header": (["UPDATE revision SET author = 'someone else' WHERE number = 4"], "Revision 4 does not hold"),
    "a removed entry": (["DELETE FROM revision WHERE number = 4"], "Revisions 4 to 4 are missing"),
    "the last entry": (["DELETE FROM revision WHERE number = 9"], "missing from the end of the journal"),
    "a time": (["UPDATE revision SET recorded = '2001' WHERE number = 5"], "recorded before the one that precedes it"),
    "an undo of what is to come": (
        ["UPDATE revision SET undoes = 9 WHERE number = 5"], "takes back one that comes after"
    ),
    "a row from nowhere": (["UPDATE ci SET revision = 0 WHERE id = 1"], "missing from the end of the journal"),
}  # fmt: skip


@pytest.fixture(scope="module", params=DIALECTS)
def full(request: pytest.FixtureRequest, places: Places) -> Iterator[tuple[Store, KeptRows]]:
    """An estate with something of everything; each test restores its rows."""
    with places.borrowed(request.param) as store:
        rich(Hand(store))
        yield store, KeptRows(store)
        assert list(map(str, check_integrity(store))) == []


@pytest.mark.parametrize("what", SPOILED)
def test_changes_from_outside_are_found(full: tuple[Store, KeptRows], what: str) -> None:
    store, rows = full
    statements, said = SPOILED[what]
    with engines.writing(store._engine) as connection:
        for sql in statements:
            connection.exec_driver_sql(sql)
    problems = list(map(str, check_integrity(store)))
    rows.restore()
    assert any(said in line for line in problems), problems


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE ci_words SET body = 'other words' WHERE rowid = 5", "disagrees with 1 record."),
        ("DELETE FROM ci_words WHERE rowid = 5", "holds 6 records, the register 7"),
        ("DELETE FROM ci_letters WHERE rowid = 5", "disagrees with 1 record."),
        ("DROP INDEX ix_ci_class_name", "ix_ci_class_name is missing"),
    ],
)
def test_parts_that_only_files_have_are_checked(tmp_path: Path, sql: str, said: str) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    rich(Hand(store))
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql(sql)
    problems = list(map(str, check_integrity(store)))
    assert any(said in line for line in problems), problems
    store.close()


@pytest.fixture(params=["plain", "encrypted"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An estate in a file. SQLCipher brings a newer SQLite than the system's may be."""
    store = create_estate(
        tmp_path / "estate.terrier", key=new_key("some words") if request.param == "encrypted" else None
    )
    yield store
    store.close()


def test_writes_of_others_are_no_damage(file: Store) -> None:
    other = open_estate(file.where, key=file.key)
    hand = Hand(other)
    for number in range(3):
        with file.read() as reader:
            assert len(reader.search("site")) == number
        hand.make("site", f"Site {number}")
        assert check_integrity(file) == []
    other.close()


@pytest.mark.parametrize("table", ["ci_words", "ci_letters"])
def test_a_damaged_search_index_is_found_and_called_so(file: Store, table: str) -> None:
    hand = Hand(file)
    hand.apply(*(hand.new("site", f"Site {n}") for n in range(20)))
    with engines.writing(file._engine) as connection:
        connection.exec_driver_sql(f"DELETE FROM {table}_data WHERE id > 10")
    problems = [line for line in map(str, check_integrity(file)) if line.startswith("The search index is damaged")]
    assert len(problems) == 1
    assert table in problems[0]


def test_many_problems_are_counted(hand: Hand) -> None:
    hand.apply(*(hand.new("site", f"Site {n}") for n in range(1200)))
    with engines.writing(hand.store._engine) as connection:
        connection.exec_driver_sql("UPDATE ci SET notes = 'forged'")
    problems = list(map(str, check_integrity(hand.store)))
    assert sum("'forged'" in line for line in problems) == 1000
    assert "There are 200 more problems of the records." in problems


def test_it_has_progress_and_can_be_cancelled_anywhere(hand: Hand) -> None:
    cancelled_anywhere(hand, at_every_report=False)


@pytest.mark.soak
def test_it_can_be_cancelled_at_every_report(hand: Hand) -> None:
    cancelled_anywhere(hand, at_every_report=True)


def cancelled_anywhere(hand: Hand, *, at_every_report: bool) -> None:
    """Cancels a check at every report, or at the first of each step only."""
    rich(hand)
    heard: list[tuple[int, int, Message]] = []
    check_integrity(hand.store, Control(lambda *said: heard.append(said)))
    titles = list(dict.fromkeys(str(text).partition(" (")[0] for _, _, text in heard))
    assert titles == [f"Checking the {what}" for what in _STEPS]
    assert all(done <= total for done, total, _ in heard)
    first = {heard.index(next(one for one in heard if str(one[2]).startswith(title))) for title in titles}
    for moment in range(len(heard)):
        if not at_every_report and moment not in first:
            continue
        control = stopped_after(moment)
        with pytest.raises(Cancelled):
            check_integrity(hand.store, control)


def stopped_after(reports: int) -> Control:
    """A control that is cancelled when it has reported so often."""
    seen: list[Callable[[], None]] = []

    def report(done: int, total: int, text: Message) -> None:
        seen.append(control.cancel)
        if len(seen) > reports:
            control.cancel()

    control = Control(report)
    return control


def test_a_long_statement_is_interrupted(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    control = Control()
    threading.Timer(0.2, control.cancel).start()
    with (
        store.read() as reader,
        pytest.raises(OperationalError, match="interrupted"),
        _watched(AuditContext(reader, store, control, "")),
    ):
        reader._connection.exec_driver_sql(ENDLESS)
    store.close()


def test_a_revision_of_many_rows_takes_little_memory(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    hand = Hand(store)
    servers = [hand.new("server", f"srv-{n}") for n in range(20)]
    hand.apply(*servers)
    software = [
        Edit(Record("installation", (s.record.key[0], "", "Publisher", f"Product {n}", "", "1")), "", None, INSTALLED)
        for s in servers
        for n in range(1500)
    ]
    hand.apply(*software)
    del software
    check_integrity(store)  # what is loaded once is not counted
    tracemalloc.start()
    assert check_integrity(store) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12e6, f"{peak / 1e6:.1f} MB"
    store.close()


def test_statuses_that_mean_nothing_are_named(hand: Hand) -> None:
    statuses = ["Deployed", {"value": "Unclear"}, {"value": "Shelved", "phase": "stock"}]
    document = {"class": {"server": {"attributes": {"status": {"choices": statuses}}}}}
    hand.apply(Edit(Record("schema_entry", ("own",)), "", None, {"document": document}))
    for number, status in enumerate(("Unclear", "Unclear", "Shelved", "Deployed")):
        hand.make("server", f"S{number}", status=status)
    assert list(map(str, check_integrity(hand.store))) == [
        "Server: the status “Unclear” has no phase in the schema; it counts as live.",
        "Server: 2 records with the status “Unclear”, which has no phase: they count as live.",
    ]


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, sqlite3.Connection]]:
    """An estate that another program is writing to, and does not let go of."""
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(search_index, "has_check_of_its_own", lambda connection: True)
    store = create_estate(tmp_path / "held.terrier")
    with closing(sqlite3.connect(tmp_path / "held.terrier", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield store, other
    store.close()


def test_a_writer_beside_the_check_is_waited_for(held: tuple[Store, sqlite3.Connection]) -> None:
    store, other = held
    asked = []

    def progress(done: int, total: int, text: Message) -> None:
        if "search index" in str(text):
            asked.append(str(text))
            if len(asked) == 3:  # it was refused twice
                other.execute("ROLLBACK")

    assert check_integrity(store, Control(progress)) == []


def test_a_writer_that_does_not_end_is_no_problem_of_the_estate(
    held: tuple[Store, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "_PATIENCE", 0.2)
    with pytest.raises(InUse, match=r"is in use.*The search index was not checked\."):
        check_integrity(held[0])
