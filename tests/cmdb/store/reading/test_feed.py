"""The feed of changes says what the journal holds: every field once, in order, in bounded memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from cmdb.model.errors import UserError
from cmdb.model.journal import FieldChange
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.register import edits, history, retention
from cmdb.store.reading import feed
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand


def changes(store: Store, since: int = 0) -> list[FieldChange]:
    with store.read() as reader:
        return list(reader.changes(since))


def rich(hand: Hand) -> dict[str, str]:
    """Something of every kind, with a past: made, changed, deleted, taken back, made again."""
    site, one, two = hand.make("site", "Rotterdam"), hand.make("server", "srv-1"), hand.make("server", "srv-2")
    shop, person = hand.make("application", "Shop"), hand.make("person", "Anja")
    right = hand.make("entitlement", "Office", product="Office", metric="device", quantity=5)
    hand.apply(
        Edit(ci(one), "location", None, site), Edit(ci(one), "memory", None, 8192), Edit(ci(two), "rack_units", None, 2)
    )
    hand.apply(
        Edit(ci(one), "memory", 8192, 16384),
        Edit(ci(one), "purchase_cost", None, Decimal("1234.5")),
        Edit(ci(one), "currency", None, "EUR"),
    )
    group = new_id()
    hand.apply(
        Edit(Record("group", (group,)), "", None, {"owner": shop, "label": "nodes", "needs": "1"}),
        *(Edit(Record("relationship", ("depends_on", shop, s)), "", None, {"alone": False}) for s in (one, two)),
        *(Edit(Record("membership", (group, "depends_on", shop, s)), "", None, {}) for s in (one, two)),
        Edit(Record("installation", (one, "", "Mozilla", "Firefox", "", "128")), "", None, {"user": person}),
        Edit(Record("assignment", (right, person)), "", None, {"since": "2026-01-01"}),
        Edit(Record("sighting", (one, "scan:a", "software")), "", None, {"observed": "2026-01-01T00:00:00Z"}),
        Edit(Record("saved_view", (new_id(),)), "", None, {"name": "Mine"}),
    )
    hand.apply(
        Edit(Record("installation", (one, "", "Mozilla", "Firefox", "", "128")), "last_used", None, "2026-02-01")
    )
    hand.apply(Edit(Record("group", (group,)), "needs", "1", "2"))
    with hand.store.read() as reader:
        revision = edits.change_class(reader, [two], "desktop", "tester")
    hand.store.apply(revision)
    deleted = hand.apply(Edit(ci(one), "", {}, None)).number
    history.undo(hand.store, deleted, "tester")
    hand.apply(
        Edit(Record("membership", (group, "depends_on", shop, two)), "", {}, None),
        Edit(Record("relationship", ("depends_on", shop, two)), "", {"alone": False}, None),
    )
    return {"one": one, "two": two, "shop": shop, "person": person, "right": right}


def expected(store: Store) -> Counter[tuple[Any, ...]]:
    """What the journal says of items and of the kinds that concern them, revision by revision."""
    concerned = {kind.name for kind in feed.concerned()}
    found: Counter[tuple[Any, ...]] = Counter()
    with store.read() as reader:
        for number in range(1, reader.number + 1):
            touched = set()
            for edit in reader.edits(number):
                if edit.record.kind == "ci":
                    before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
                    after: Any = {edit.field: edit.after} if edit.field else edit.after or {}
                    for field in {*before, *after}:
                        pair = (before.get(field), after.get(field))
                        found[number, edit.record.key[0], field, *pair] += 1
                elif edit.record.kind in concerned:
                    touched.add(edit.record)
            for record in touched:
                found[number, "", record.kind] += 1
    return found


def flat(found: list[FieldChange]) -> Counter[tuple[Any, ...]]:
    return Counter(
        (c.number, c.uid, c.field, c.before, c.after) if c.cls else (c.number, "", c.field) for c in found
    )  # fmt: skip


def test_it_says_what_the_journal_holds(hand: Hand) -> None:
    rich(hand)
    found = changes(hand.store)
    assert flat(found) == expected(hand.store)
    assert [c.number for c in found] == sorted(c.number for c in found)
    assert {c.author for c in found} == {"tester"}
    assert all(datetime.fromisoformat(c.time) for c in found)


def test_a_record_that_concerns_an_item_is_a_field_of_it(hand: Hand) -> None:
    uids = rich(hand)
    found = [c for c in changes(hand.store) if not c.cls]

    def of(field: str, uid: str) -> list[tuple[Any, Any]]:
        return [(c.before, c.after) for c in found if (c.field, c.uid) == (field, uid)]

    firefox = {"publisher": "Mozilla", "product": "Firefox", "version": "128", "user": uids["person"]}
    used = {**firefox, "last_used": "2026-02-01"}
    assert of("installation", uids["one"]) == [(None, firefox), (firefox, used), (used, None), (None, used)]
    held = {"holder": uids["person"], "since": "2026-01-01"}
    assert of("assignment", uids["right"]) == [(None, held)]
    assert [after["needs"] for _, after in of("group", uids["shop"])] == ["1", "2"]
    targets = [(after or before)["target"] for before, after in of("relationship", uids["shop"])]
    assert Counter(targets) == {uids["one"]: 3, uids["two"]: 2}
    assert feed.reference_fields("relationship") == {"target"}
    assert feed.reference_fields("installation") == {"user"}


@pytest.mark.parametrize("batch", [1, 3, 2_000])
def test_pulls_one_after_the_other_miss_nothing_and_say_nothing_twice(
    hand: Hand, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_BATCH", batch)
    rich(hand)
    whole = changes(hand.store)
    with hand.store.read() as reader:
        last = reader.number
    for since in range(last):
        assert flat(changes(hand.store, since)) == flat([c for c in whole if c.number > since])
    assert changes(hand.store, last) == []


def test_a_view_of_the_past_ends_there(hand: Hand) -> None:
    rich(hand)
    with hand.store.read(3) as reader:
        assert {c.number for c in reader.changes(1)} == {2, 3}


def test_before_a_checkpoint_it_is_a_clear_error(hand: Hand) -> None:
    rich(hand)
    with hand.store.read() as reader:
        rule = retention.set_rule(reader, "1m", "tester")
    hand.store.apply(rule)
    number = retention.prune(hand.store, "tester", now=datetime(2099, 1, 1).astimezone()).number
    with hand.store.read() as reader:
        point = reader.checkpoint()
        assert point is not None
        with pytest.raises(UserError, match=f"revision {point.number}.*is no longer kept"):
            reader.changes(point.number - 1)
        assert {c.number for c in reader.changes(point.number)} <= set(range(point.number + 1, number + 1))


@pytest.mark.parametrize(("things", "batch"), [(3_000, 100), pytest.param(6_000, 200, marks=pytest.mark.soak)])
def test_a_revision_of_many_fields_is_streamed(
    things: int, batch: int, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times the changes take no more memory."""
    monkeypatch.setattr(feed, "_BATCH", batch)
    few_things = things // 4
    site = hand.make("site", "S")
    made = [hand.new("server", f"s{n}", location=site, memory=n + 1) for n in range(things)]
    hand.apply(*made)
    few = hand.apply(*_changed(made[:few_things], 1)).number
    many = hand.apply(*_changed(made, 2, few_things)).number

    def peak(number: int) -> tuple[int, int]:
        with hand.store.read(number) as reader:
            gc.collect()
            tracemalloc.start()
            found = sum(1 for _ in reader.changes(number - 1))
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found, highest

    peak(few)
    small, large = peak(few), peak(many)
    assert (small[0], large[0]) == (2 * few_things, 2 * things)
    assert large[1] < 1.5 * small[1]


def _changed(made: list[Edit], by: int, before: int = 0) -> Iterator[Edit]:
    for number, edit in enumerate(made):
        whole: Any = edit.after
        twice = number < before
        yield Edit(ci(edit.record.key[0]), "memory", whole["memory"] + twice, whole["memory"] + by)
        yield Edit(ci(edit.record.key[0]), "notes", "1" if twice else None, str(by))
