"""Retention: what is deleted, what stays, its proof, and the messages about deleted history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, InvalidValue, Irreversible, NotFound, UserError
from cmdb.model.retention import PruningResult, in_words
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.register import baselines, history, retention
from cmdb.register.difference import Comparison
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables
from cmdb.store.rows.journal import PAIRS
from cmdb.store.store import Store
from cmdb.store.upkeep import pruning
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.register.test_difference import HISTORIES, Fuller
from tests.cmdb.store.conftest import DIALECTS, Hand, KeptRows, Places, emptied
from tests.cmdb.store.estate_snapshot import picture
from tests.laws import examples

NOW = datetime(2026, 7, 2, tzinfo=UTC)


def clock(store: Store) -> None:
    """Revision n is recorded on the first of month n of 2025, then 2026."""

    def now() -> str:
        with store.read() as reader:
            year, month = divmod(reader.number, 12)
        return f"{2025 + year}-{month + 1:02d}-01T12:00:00.000Z"

    store.clock = now


@pytest.fixture
def old(store: Store) -> Hand:
    """An estate of ten revisions."""
    return ten_revisions(store)


def ten_revisions(store: Store) -> Hand:
    """Ten revisions: an item renamed nine times; the fifth also deletes a second item, which the fourth had made."""
    clock(store)
    hand = Hand(store)
    uid = hand.make("laptop", "LT-1", notes="0")
    for number in range(2, 11):
        more = [hand.new("laptop", "gone")] if number == 4 else []
        if number == 5:
            with store.read() as reader:
                more = [Edit(ci(reader.find("gone").uid), "", {}, None)]
        hand.apply(Edit(ci(uid), "notes", str(number - 2), str(number - 1)), *more)
    return hand


def keep(store: Store, how_long: str) -> None:
    with store.read() as reader:
        store.apply(retention.set_rule(reader, how_long, "tester"))


def versions(store: Store) -> int:
    with store._engine.connect() as connection:
        return sum(len(connection.execute(select(past.c.ended)).all()) for _, past in PAIRS)


def test_nothing_goes_unless_people_say_so(old: Hand) -> None:
    before = versions(old.store)
    assert retention.prune(old.store, "tester", now=NOW) == PruningResult(0, 0)
    assert versions(old.store) == before
    with old.store.read() as reader:
        assert retention.rule(reader) == ""
        assert not retention.due(reader, NOW)
        assert retention.remaining(reader) == (0, "")


def test_what_is_older_goes_and_the_rest_stays_as_it_was(old: Hand) -> None:
    store = old.store
    keep(store, "12m")  # the 11th revision; a year before NOW the seventh was the last
    pictures = {number: picture(store, number) for number in range(7, 12)}
    with store.read() as reader:
        found = retention.plan(reader, "12m", NOW)
        assert (found.number, found.baseline) == (7, "")
        assert retention.due(reader, NOW)
    before = versions(store)
    done = retention.prune(store, "tester", now=NOW)
    assert (done.number, done.versions) == (12, found.versions)
    assert versions(store) == before - found.versions
    assert check_integrity(store) == []
    for number in range(7, 12):
        assert picture(store, number) == pictures[number]
    with store.read() as reader:
        assert retention.remaining(reader)[0] == 7
        assert not retention.due(reader, NOW)
        header = reader.revision(12)
        assert header.source == "retention"
        assert str(header.reason) == "The history before 1 Jul 2025 is no longer kept"
        assert [h.number for h in reader.revisions()] == list(range(12, 0, -1)), "headers stay"
    assert retention.prune(store, "tester", now=NOW) == PruningResult(0, 0), "once is enough"


def test_what_is_gone_is_said_to_be_gone(old: Hand) -> None:
    store = old.store
    keep(store, "1y")
    retention.prune(store, "tester", now=NOW)
    said = r"The past before 1 Jul 2025 \(revision 7\) is no longer kept\."
    with pytest.raises(UserError, match=said), store.read(6):
        pass
    with store.read() as reader:
        uid = reader.find("LT-1").uid
        assert reader.revision_at("2025-02-10") == 2
        for ask in (reader.edits, reader.statements, reader.between, reader.as_of):
            with pytest.raises(UserError, match=said):
                ask(6)
        assert [e.after for e in reader.edits(8)] == ["7"]
        with pytest.raises(UserError, match=said):
            list(Comparison(reader, 6).lines())
        assert [(one.then, one.now) for one in Comparison(reader, 7).lines()] == [("6", "9")]
        assert [v.number for v in reader.versions(uid)] == [10, 9, 8]
        assert [h.number for h in reader.revisions(uid=uid)] == [10, 9, 8]
        for since, numbers in ((3, [10, 9, 8]), (8, [10, 9]), (10, [])):
            assert reader.changed_by_others({uid: since}, "") == ({uid: numbers[::-1]} if numbers else {})
    changed = r"What revision 7 changed is no longer kept: the history before 1 Jul 2025 is gone\."
    with pytest.raises(Irreversible, match=changed):
        history.undo(store, 7, "tester")
    assert history.undo(store, 8, "tester").kept, "later ones can be taken back as ever"
    assert check_integrity(store) == []


def test_a_pruning_cannot_be_taken_back_and_the_rule_can(old: Hand) -> None:
    store = old.store
    keep(store, "12m")
    pruned = retention.prune(store, "tester", now=NOW).number
    with pytest.raises(UserError, match="cannot come back"):
        history.undo(store, pruned, "tester")
    with store.read() as reader:
        (record,) = reader.records("checkpoint")
        assert history.latest_undoable(reader) == pruned - 1
    with pytest.raises(InvalidValue, match="cannot come back"):
        old.apply(Edit(Record("checkpoint", record), "", {}, None))
    history.undo(store, pruned - 1, "tester")
    with store.read() as reader:
        assert retention.rule(reader) == ""


def test_a_baseline_bounds_what_goes(old: Hand) -> None:
    store = old.store
    keep(store, "12m")
    store.apply(baselines.add("Audit", 3, "tester"))
    before = picture(store, 3)
    with store.read() as reader:
        found = retention.plan(reader, "12m", NOW)
        assert (found.number, found.baseline) == (3, "Audit")
    retention.prune(store, "tester", now=NOW)
    assert picture(store, 3) == before
    assert check_integrity(store) == []
    with pytest.raises(InvalidValue, match="no longer kept"):
        store.apply(baselines.add("Too late", 2, "tester"))


def test_the_same_again_later_goes_further(old: Hand) -> None:
    store = old.store
    keep(store, "12m")
    retention.prune(store, "tester", now=NOW.replace(month=3))
    with store.read() as reader:
        assert retention.remaining(reader)[0] == 3
    now = picture(store)
    retention.prune(store, "tester", now=NOW)
    with store.read() as reader:
        assert retention.remaining(reader)[0] == 7
    assert check_integrity(store) == []
    assert {k: v for k, v in picture(store).items() if k != "checkpoint"} == {
        k: v for k, v in now.items() if k != "checkpoint"
    }


def test_a_stopped_pruning_is_taken_up_by_the_next(old: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    store = old.store
    keep(store, "12m")
    monkeypatch.setattr(pruning, "BATCH", 2)
    with store.read() as reader:
        total = retention.plan(reader, "12m", NOW).versions
    control = Control(lambda done, total, text: control.cancel() if str(text).startswith("Deleting") and done else None)
    before = versions(store)
    stopped = retention.prune(store, "tester", control, NOW)
    assert stopped.versions + stopped.left == total
    assert stopped.left
    assert versions(store) == before - stopped.versions
    assert check_integrity(store) == []
    with pytest.raises(UserError, match="no longer kept"), store.read(5):
        pass
    done = retention.prune(store, "tester", now=NOW)
    assert done.number == 0
    assert versions(store) == before - total
    assert check_integrity(store) == []


def test_a_pruning_that_is_stopped_at_once_changes_nothing(old: Hand) -> None:
    keep(old.store, "12m")
    before = picture(old.store)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        retention.prune(old.store, "tester", control, NOW)
    assert picture(old.store) == before


def test_an_item_that_was_forgotten_leaves_nothing_to_the_next_that_has_its_number(old: Hand) -> None:
    store = old.store
    with store.read() as reader:
        gone = reader.as_of(4).find("gone").uid
    keep(store, "12m")
    retention.prune(store, "tester", now=NOW)
    with store.read() as reader, pytest.raises(NotFound):
        reader.versions(gone)
    uid = old.make("desktop", "new")
    with store.read() as reader:
        assert [v.number for v in reader.versions(uid)] == [13]
    again = old.apply(Edit(ci(gone), "", None, {"class": "laptop", "name": "gone"}))
    assert again.created == {gone}
    assert check_integrity(store) == []


def meddle(store: Store, sql: str) -> list[str]:
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql(sql)
    return list(map(str, check_integrity(store)))


@pytest.fixture(scope="module", params=DIALECTS)
def pruned(request: pytest.FixtureRequest, places: Places) -> Iterator[tuple[Store, KeptRows]]:
    """An estate with little history left; each test restores its rows."""
    with places.borrowed(request.param) as store:
        ten_revisions(store)
        keep(store, "12m")
        retention.prune(store, "tester", now=NOW)
        assert check_integrity(store) == []
        yield store, KeptRows(store)
        assert check_integrity(store) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ci_version SET notes = 'x' WHERE revision = 7",
        "UPDATE ci_version SET revision = 5 WHERE revision = 7",
        "DELETE FROM ci_version WHERE revision = 7",
        "UPDATE claim_version SET said = replace(said, '6', '5') WHERE revision = 7",
        "UPDATE revision SET author = 'x' WHERE number = 3",
        "UPDATE revision SET hash = 'x' WHERE number = 7",
        "UPDATE document SET body = replace(body, '\"number\":7', '\"number\":8') WHERE kind = 'checkpoint'",
        "UPDATE ci_version SET notes = 'x' WHERE revision = 9",
        "DELETE FROM document WHERE kind = 'checkpoint'",
    ],
)
def test_check_finds_what_was_changed_from_outside(pruned: tuple[Store, KeptRows], sql: str) -> None:
    store, rows = pruned
    problems = meddle(store, sql)
    rows.restore()
    assert problems != []


@pytest.mark.parametrize("text", ["", "0m", "24", "24d", "m", "-1y", "1.5y", "forever"])
def test_only_months_and_years_can_be_kept(hand: Hand, text: str) -> None:
    with pytest.raises(InvalidValue):
        hand.apply(Edit(Record("retention", ("retention",)), "", None, {"keep": text}))


@pytest.mark.parametrize(
    ("keep", "words", "before"),
    [("1m", "1 month", "2026-02-28"), ("13m", "13 months", "2025-02-28"), ("2y", "2 years", "2024-03-31")],
)
def test_months_are_those_of_the_calendar(keep: str, words: str, before: str) -> None:
    assert str(in_words(keep)) == words
    now = datetime(2026, 3, 31, 8, tzinfo=UTC)
    from cmdb.store.reading.checkpoints import months

    assert retention._before(now, months(keep)).date().isoformat() == before


def law(store: Store, histories: Any, which: int) -> None:
    clock(store)
    estate = Fuller(store)
    for steps in histories:
        store.apply(Revision(estate.edits(steps), "law"))
    keep(store, "1m")
    with store.read() as reader:
        last = reader.number
        recorded = reader.revision(1 + which % last).recorded
    pictures = [picture(store, number) for number in range(last + 1)]
    year, month = divmod(int(recorded[:4]) * 12 + int(recorded[5:7]), 12)
    retention.prune(store, "law", now=datetime(year, month + 1, 2, tzinfo=UTC))
    assert check_integrity(store) == []
    with store.read() as reader:
        first = retention.remaining(reader)[0]
    for number in range(first, last + 1):
        assert picture(store, number) == pictures[number]
    with store._engine.connect() as connection:
        for _, past in PAIRS:
            assert not connection.execute(select(past).where(past.c.ended <= first)).first()
        assert connection.execute(select(tables.ci.c.id)).all() is not None
    for number in range(last, first, -1):
        with store.read() as reader:
            if reader.revision(number).source != "retention":
                history.preview_undo(reader, number, "law")
                reader.edits(number)


@examples(3, soak=60)
@given(histories=HISTORIES, which=st.integers(0, 6))
def test_what_is_kept_stays_as_it_was(file: Store, histories: Any, which: int) -> None:
    law(emptied(file), histories, which)


@examples(2, soak=15)
@given(histories=HISTORIES, which=st.integers(0, 6))
def test_what_is_kept_stays_as_it_was_on_a_server(server: Store, histories: Any, which: int) -> None:
    law(emptied(server), histories, which)


def test_a_process_that_comes_late_hears_that_anything_may_have_changed(old: Hand) -> None:
    late = open_estate(old.store.where)
    heard: list[tuple[int, bool]] = []
    late.subscribe(lambda applied: heard.append((applied.number, "notes" in applied.fields)))
    uid = old.make("laptop", "LT-9", notes="a")
    for notes in ("b", "c"):
        old.set(uid, "notes", notes)
    keep(old.store, "1m")
    retention.prune(old.store, "tester", now=datetime(2026, 2, 2, tzinfo=UTC))
    with old.store.read() as reader:
        assert (retention.remaining(reader)[0], reader.number) == (13, 15)
    late.poll()
    assert heard == [(13, True), (14, False), (15, False)]
    late.close()


def test_what_was_let_go_is_proved_where_the_estate_moves(old: Hand, places: Places, tmp_path: Path) -> None:
    keep(old.store, "12m")
    retention.prune(old.store, "tester", now=NOW)
    target: str | Path = tmp_path / "moved.terrier"
    if old.store._engine.dialect.name == "sqlite":
        target = places.new("postgresql")
        places.make(target)
    move(old.store, target)
    moved = open_estate(target)
    assert check_integrity(moved) == []
    with moved.read() as reader:
        assert retention.remaining(reader)[0] == 7
    moved.close()
    places.clear(target)
