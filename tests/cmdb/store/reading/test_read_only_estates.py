"""A reader can't write: the database itself refuses, on SQLite and on PostgreSQL, through every public name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem, UserError
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from tests.cmdb.estates import Hand
from tests.cmdb.store.estate_snapshot import picture

WRITES = (
    "INSERT INTO meta (key, value) VALUES ('planted', 'x')",
    "UPDATE ci SET name = 'planted'",
    "DELETE FROM claim",
    "CREATE TABLE planted (a integer)",
    "DROP TABLE claim",
    "ALTER TABLE ci ADD COLUMN planted text",
)
WRITING = {"write", "apply_within", "apply", "build_index", "follow_schema"}
"""What of the store may write."""


@pytest.fixture
def full(hand: Hand) -> Hand:
    """An estate with something of everything that is read."""
    server, laptop = hand.make("server", "SRV-1"), hand.make("laptop", "LT-1", asset_tag="A-1")
    hand.apply(Edit(Record("relationship", ("depends_on", laptop, server)), "", None, {}))
    hand.set(laptop, "notes", "Spare")
    return hand


@pytest.mark.parametrize("sql", WRITES)
def test_the_connection_within_refuses(full: Hand, sql: str) -> None:
    before = picture(full.store)
    with pytest.raises((DBAPIError, StoreProblem)), full.store.read() as reader:
        reader._connection.exec_driver_sql(sql)
    with pytest.raises(Exception, match=r"read-?only"), full.store.read() as reader:  # the driver's own connection
        reader._connection.connection.driver_connection.execute(sql)  # type: ignore[union-attr]
    with pytest.raises((DBAPIError, StoreProblem)), full.store._engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(sql)  # nor does any other that was not taken for writing
    assert picture(full.store) == before


def test_a_connection_that_was_written_with_is_read_only_when_it_is_read_with(full: Hand) -> None:
    """The pool hands the same one to both."""
    for _ in range(3):
        full.make("site", f"Site {new_id()}")
        with pytest.raises(StoreProblem), full.store.read() as reader:
            reader._connection.exec_driver_sql(WRITES[1])
    with full.store.read() as reader:
        assert reader.count(Selection("site")) == 3


def test_nothing_that_a_reader_hands_out_can_write(full: Hand) -> None:
    before = picture(full.store)
    begun = _writers(full.store)
    found = set()
    with full.store.read() as reader:
        uid = reader.find("LT-1").uid
        for name, value in _answers(reader, uid):
            found.add(name)
            assert not list(_connections(value)), f"Reader.{name} hands out a connection"
    assert {"get", "edges", "between", "as_of", "records", "checkpoint_at", "interrupt"} <= found
    assert begun == []
    assert picture(full.store) == before


def test_nothing_of_the_store_but_what_says_so_writes(full: Hand) -> None:
    begun = _writers(full.store)
    other = {"close", "subscribe", "read", "clock"}
    for name, value in inspect.getmembers(full.store):
        if name.startswith("_") or name in WRITING | other:
            continue
        answer = value() if callable(value) else value
        assert not list(_connections(answer)), f"Store.{name} hands out a connection"
    assert begun == []
    full.make("site", "Ghent")
    assert begun == [True], "the counting works"


def _writers(store: Store) -> list[bool]:
    """Fills with each transaction that may write."""
    begun: list[bool] = []

    @event.listens_for(store._engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            begun.append(True)

    return begun


def _answers(reader: Reader, uid: str) -> Iterator[tuple[str, Any]]:
    """What each public name of a reader answers."""
    known: dict[str, Any] = {
        "uid": uid, "uids": [uid], "ids": [1, 2], "computers": [uid], "number": 2, "selection": Selection("laptop"),
        "control": Control(), "kind": "ci", "attribute": "status", "words": "LT", "word": "LT-1", "text": "LT",
        "section": "software", "moment": "1", "today": date(2026, 1, 1), "wanted": [ci(uid)], "rows": [],
        "own": reader.get(uid), "owners": [uid], "groups": [uid], "numbers": [1], "hierarchy": "place", "since": 1,
        "relationships": [("depends_on", uid, uid)], "fields": ["status"], "source": "sheet:a.xlsx", "sources": [1],
        "work": [1], "key": "Deployed", "time": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    special: dict[str, dict[str, Any]] = {
        "number_at": {"moment": datetime.now().astimezone()}, "records": {"kind": "baseline"},
        "records_of": {"kind": "relationship", "wanted": []}, "decoded": {"kind": "relationship"},
        "identified": {"wanted": {"asset_tag": ["a1"]}},
        "statements": {"number": 1}, "revision_at": {"moment": "1"},
        "changed_by_others": {"since": {uid: 0}, "who": "anna"},
        "seen_with": {"cls": "laptop", "words": "LT"}, "sources_of": {"kind": "depends_on", "target": 1},
        "linked_to": {"kind": "depends_on", "targets": {1}},
    }  # fmt: skip
    for name, value in inspect.getmembers(reader):
        if name.startswith("_"):
            continue
        if not callable(value):
            yield name, value
            continue
        needed = [p.name for p in inspect.signature(value).parameters.values() if p.default is p.empty]
        given = {one: special.get(name, {}).get(one, known.get(one)) for one in needed}
        assert None not in given.values(), f"say here what to call Reader.{name} with: {given}"
        try:
            answer = value(**given)
        except UserError:
            answer = None
        if hasattr(answer, "__enter__"):
            with answer:
                pass
        yield name, list(answer) if isinstance(answer, Iterator) else answer


def _connections(value: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Connections and engines that public names lead to from here."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, (str, bytes, int, float, type(None), date)):
        return
    seen.add(id(value))
    if isinstance(value, (Connection, Engine)):
        yield value
    elif isinstance(value, Mapping):
        for one in list(value.items())[:50]:
            yield from _connections(one[0], seen)
            yield from _connections(one[1], seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in list(value)[:50]:
            yield from _connections(one, seen)
    elif type(value).__module__.startswith("cmdb."):
        for name in dir(value):
            if not name.startswith("_") and not isinstance(getattr(type(value), name, None), property):
                one = getattr(value, name)
                yield from () if callable(one) else _connections(one, seen)
