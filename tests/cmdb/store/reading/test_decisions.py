"""Open decisions and the groups of one record are found by indexes, not by reading all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from app.answer_cache import AnswerCache
from app.jobs import Jobs
from app.overview.attention import questions
from app.overview.figures import attention_items
from app.reviews.open_questions import open_decisions, open_number
from cmdb.model.revision import Edit, Record, new_id
from cmdb.register import edits
from cmdb.store.connection import engine as engines
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from tests.cmdb.estates import Hand


def decide(hand: Hand, number: int, state: str) -> list[Record]:
    made = [Record("decision", (new_id(),)) for _ in range(number)]
    hand.apply(*(Edit(one, "", None, {"state": state, "question": "Which?", "name": "LT-1"}) for one in made))
    return made


def test_only_open_ones_are_counted_now_and_in_the_past(hand: Hand, store: Store) -> None:
    decide(hand, 5, "decided")
    (first, second) = decide(hand, 2, "open")
    hand.apply(Edit(first, "state", "open", "decided"))
    with store.read() as reader:
        assert open_number(reader) == 1
        assert list(open_decisions(reader)) == [second.key[0]]
        assert open_decisions(reader)[second.key[0]]["question"] == "Which?"
        assert open_number(reader.as_of(2)) == 2
        assert open_number(reader.as_of(1)) == 0


def test_the_index_answers(hand: Hand, store: Store) -> None:
    decide(hand, 300, "decided")
    decide(hand, 2, "open")
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        if "document" in statement and not statement.startswith("EXPLAIN"):
            plans.append(str(connection.connection.cursor().execute(f"{word} {statement}", parameters).fetchall()))

    if store._engine.dialect.name == "postgresql":
        with engines.writing(store._engine) as connection:
            connection.exec_driver_sql("ANALYZE document")  # as its own jobs do sooner or later
    with store.read() as reader:
        if store._engine.dialect.name == "postgresql":  # a table as small as this one it would just read
            reader._connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        event.listen(store._engine, "before_cursor_execute", explain)
        assert open_number(reader) == 2
        event.remove(store._engine, "before_cursor_execute", explain)
    assert len(plans) == 1
    assert "ix_document_state" in plans[0]


def test_nothing_reads_all_decisions_or_all_groups(hand: Hand, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The review's badge, the overview, and linking into a group."""
    from datetime import date

    one, two, service = hand.make("server", "SRV-1"), hand.make("server", "SRV-2"), hand.make("application", "Mail")
    other = hand.make("application", "Files")
    for owner in (service, other):
        with store.read() as reader:
            store.apply(edits.link(reader, owner, "depends_on", one, "tester", group="Front", needs="1"))
    decide(hand, 3, "open")

    def never(reader: Reader, kind: str) -> Any:
        assert kind not in ("decision", "group"), f"all records of the kind {kind} are read"
        return {}

    monkeypatch.setattr(Reader, "records", never)
    with store.read() as reader:
        assert open_number(reader) == 3
        assert all(one.page != "review" for one in attention_items(reader, date.today()))
        waiting = questions(reader, AnswerCache(), Jobs())
        assert [(one.page, one.subject.values["count"]) for one in waiting] == [("review", 3)]
        revision = edits.link(reader, service, "depends_on", two, "tester", group="front")
    (_, member) = revision.edits
    with store.read() as reader:
        (group,) = reader.groups_of([service])
        assert member.record.key[0] == group, "the group that is there"
        assert len(reader.groups_of([service, other])) == 2
