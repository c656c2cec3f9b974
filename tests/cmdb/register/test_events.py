"""Events of verbs: what happened when, late or not, undone, and after records are deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.renewal import edit
from app.verbs import known_verbs, make
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue, Outdated
from cmdb.model.event_times import milliseconds
from cmdb.model.field_points import TRACKED, FieldPoint
from cmdb.model.revision import Record, Revision
from cmdb.register import edits, history, retention
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.cmdb.store.conftest import emptied
from tests.laws import examples


def do(store: Store, verb: str, uid: str, at: str = "", **values: Any) -> int:
    """Does a verb with a record; the revision's number."""
    return edit(
        store,
        lambda reader: make(reader, known_verbs()[verb], [uid], values, "tester", at, every=True),
        store.apply,
    ).number


def points(store: Store, uid: str, field: str, at: int | None = None) -> list[FieldPoint]:
    """What happened to a field."""
    with store.read(at) as reader:
        return list(reader.field_points([uid], TRACKED)[uid].fields[field])


def days_ago(days: int) -> str:
    """The ISO date of some days ago."""
    return (clock.today() - timedelta(days=days)).isoformat()


def test_a_verb_writes_an_event_for_each_tracked_field(hand: Hand) -> None:
    ann = hand.make("person", "Ann")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    number = do(hand.store, "hand_over", laptop, to=ann)
    with hand.store.read() as reader:
        events: list[Any] = [one.after for one in reader.edits(number) if one.record.kind == "event"]
        assert [one for one in reader.versions(laptop)[0].edits if one.record.kind == "event"]
    found = {one["field"]: one for one in events}
    assert set(found) == {"status", "assigned_to"}
    assert {(one["what"], one["record"]) for one in events} == {("hand_over", laptop)}
    assert (found["assigned_to"].get("before_ref"), found["assigned_to"]["after_ref"]) == (None, ann)
    assert (found["status"]["before"], found["status"]["after"]) == ("In stock", "Deployed")
    assert abs(found["status"]["at"] - milliseconds(clock.now())) < 60_000
    number = do(hand.store, "change_class", laptop, **{"class": "Desktop"})
    with hand.store.read() as reader:
        (event,) = (one.after for one in reader.edits(number) if one.record.kind == "event")
    assert event == {"record": laptop, "at": event["at"], "what": "change_class"}  # type: ignore[index, call-overload]


def test_a_late_event_changes_the_past_only(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1", status="In stock", home_place=hand.make("room", "Store"))
    do(hand.store, "hand_over", laptop, days_ago(2), to=ann)
    before = hand.get(laptop)
    number = do(hand.store, "hand_over", laptop, days_ago(5), to=bob)
    assert hand.get(laptop).values == before.values
    told = points(hand.store, laptop, "assigned_to")
    assert [one.after for one in told] == [None, bob, ann]
    assert [one.before for one in told] == [None, None, None], "Ann's hand-over knew nothing of Bob"
    do(hand.store, "take_back", laptop, days_ago(4))
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [None, bob, None, ann]
    history.undo(hand.store, number, "tester")
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [None, None, ann]


def test_a_plain_edit_counts_when_it_was_recorded(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    hand.set(laptop, "assigned_to", ann)
    do(hand.store, "hand_over", laptop, days_ago(3), to=bob)
    assert hand.get(laptop).values["assigned_to"] == ann
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [None, bob, ann]
    assert hand.get(laptop).values["status"] == "In stock", "what goes with a late hand-over is late"


def test_whom_a_thing_came_into_the_register_with_is_known_from_then_on(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob, store_room = hand.make("person", "Ann"), hand.make("person", "Bob"), hand.make("room", "Store")
    held = hand.make("laptop", "LT-1", status="Deployed", assigned_to=ann, location=store_room)
    stored = hand.make("laptop", "LT-2", status="In stock", location=store_room)
    monkeypatch.setenv(clock.VARIABLE, (clock.moment() + timedelta(days=2)).isoformat())
    for laptop in (held, stored):
        do(hand.store, "hand_over", laptop, days_ago(5), to=bob)
    assert hand.get(held).values["assigned_to"] == ann, "it came with Ann, so Bob had it before"
    assert [one.after for one in points(hand.store, held, "assigned_to")] == [ann, bob, ann]
    assert hand.get(stored).values["assigned_to"] == bob
    assert hand.get(stored).values["status"] == "Deployed"


def test_it_is_known_also_where_more_happened_since(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob, cleo = (hand.make("person", name) for name in ("Ann", "Bob", "Cleo"))
    laptop = hand.make("laptop", "LT-1", status="Deployed", assigned_to=ann)
    monkeypatch.setenv(clock.VARIABLE, (clock.moment() + timedelta(days=4)).isoformat())
    do(hand.store, "hand_over", laptop, days_ago(2), to=cleo)
    do(hand.store, "hand_over", laptop, days_ago(9), to=bob)
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [ann, bob, ann, cleo]
    assert hand.get(laptop).values["assigned_to"] == cleo


def test_what_goes_with_a_late_hand_over_is_late_too(hand: Hand) -> None:
    ann, bob, store_room = hand.make("person", "Ann"), hand.make("person", "Bob"), hand.make("room", "Store")
    laptop = hand.make("laptop", "LT-1", status="In stock", location=store_room)
    do(hand.store, "hand_over", laptop, days_ago(6), to=ann)
    do(hand.store, "hand_over", laptop, days_ago(2), to=bob)
    before = hand.get(laptop).values
    do(hand.store, "take_back", laptop, days_ago(4), place=store_room)
    assert hand.get(laptop).values == before
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [None, ann, None, bob]


def test_undone_edits_and_verbs_are_no_points(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1", status="In stock", assigned_to=ann)
    first = points(hand.store, laptop, "assigned_to")
    by_hand = hand.set(laptop, "assigned_to", bob).number
    undone = history.undo(hand.store, by_hand, "tester").number
    assert points(hand.store, laptop, "assigned_to") == first
    history.undo(hand.store, undone, "tester")
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [ann, bob]
    late = do(hand.store, "hand_over", laptop, to=ann)
    gone = history.undo(hand.store, late, "tester").number
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [ann, bob]
    assert [one.after for one in points(hand.store, laptop, "assigned_to", late)] == [ann, bob, ann]
    history.undo(hand.store, gone, "tester")
    assert [one.after for one in points(hand.store, laptop, "assigned_to")] == [ann, bob, ann]


def test_an_undo_of_a_part_takes_its_events_back(hand: Hand) -> None:
    ann, place = hand.make("person", "Ann"), hand.make("room", "2.14")
    laptops = [hand.make("laptop", name, status="In stock") for name in ("LT-1", "LT-2")]
    values = {"to": ann, "place": place}
    number = edit(
        hand.store,
        lambda reader: make(reader, known_verbs()["hand_over"], laptops, values, "tester", days_ago(2), every=True),
        hand.store.apply,
    ).number
    history.undo(hand.store, number, "tester", part=history.Part(laptops[0], "location"))
    history.undo(hand.store, number, "tester", part=history.Part(laptops[1]))
    assert {one.after for one in points(hand.store, laptops[0], "location")} == {None}
    assert [one.after for one in points(hand.store, laptops[0], "assigned_to")] == [None, ann]
    assert {one.after for one in points(hand.store, laptops[1], "assigned_to")} == {None}
    assert hand.get(laptops[1]).values["status"] == "In stock"


def test_the_future_is_refused(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1", status="In stock")
    for when in (days_ago(-1), (clock.moment() + timedelta(hours=1)).isoformat()):
        with pytest.raises(InvalidValue, match="is in the future"):
            do(hand.store, "retire", laptop, when)
    do(hand.store, "retire", laptop, days_ago(0))
    assert hand.get(laptop).values["status"] == "Retired"


def test_what_happened_meanwhile_makes_a_stated_time_be_decided_anew(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    with hand.store.read() as reader:
        values = {"to": ann}
        decided = make(reader, known_verbs()["hand_over"], [laptop], values, "tester", days_ago(3), every=True)
    number = do(hand.store, "hand_over", laptop, days_ago(2), to=bob)
    with pytest.raises(Outdated):
        hand.store.apply(decided)
    history.undo(hand.store, number, "tester")
    with pytest.raises(Outdated):
        hand.store.apply(decided)
    do(hand.store, "hand_over", laptop, days_ago(3), to=ann)
    assert hand.get(laptop).values["assigned_to"] == ann


def test_events_outlast_whom_they_name(hand: Hand) -> None:
    ann = hand.make("person", "Ann")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    do(hand.store, "hand_over", laptop, days_ago(800), to=ann)
    with hand.store.read() as reader:
        gone = hand.store.apply(edits.delete(reader, [ann, laptop], "tester")).number
    told = points(hand.store, laptop, "assigned_to")
    assert [one.after for one in told] == [None, ann]
    assert check_integrity(hand.store) == []
    history.undo(hand.store, gone, "tester")
    with hand.store.read() as reader:
        hand.store.apply(edits.delete(reader, [ann, laptop], "tester"))
        event = Record("event", ("00000000-0000-7000-8000-000000000000",))
        whole = {"record": laptop, "at": 0, "what": "hand_over", "field": "assigned_to", "before_ref": ann}
    hand.apply(edits.Edit(event, "", None, whole))
    assert check_integrity(hand.store) == []


def test_retention_keeps_the_names_that_events_tell(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    do(hand.store, "hand_over", laptop, days_ago(3), to=ann)
    do(hand.store, "hand_over", laptop, days_ago(2), to=bob)
    carl, dora = hand.make("person", "Carl"), hand.make("person", "Dora")
    task = hand.make("task", "Hand it over", assignee=carl)
    do(hand.store, "complete", task)
    with hand.store.read() as reader:
        hand.store.apply(edits.delete(reader, [ann, bob, carl, dora], "tester"))
        hand.store.apply(retention.set_rule(reader, "1m", "tester"))
    later = clock.moment() + timedelta(days=90)
    assert retention.prune(hand.store, "tester", Control(), later).versions
    with hand.store.read() as reader:
        names = reader.last_names([ann, bob, carl, dora])
        assert {name for _, name in names.values()} == {"Ann", "Bob", "Carl"}, "nothing names Dora"
        assert retention.plan(reader, "1m", later).versions == 0
        told = reader.field_points([laptop], TRACKED)[laptop].fields["assigned_to"]
        assert [one.after for one in told][1:] == [ann, bob, None]
    assert check_integrity(hand.store) == []
    hand.make("person", "Emil")
    assert check_integrity(hand.store) == []


# -- the law --------------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(("hand_over", "take_back", "plain")), st.integers(0, 9), st.integers(0, 1)),
    min_size=1,
    max_size=6,
)


@examples(5, soak=50)
@given(steps=STEPS)
def test_the_value_today_is_that_of_the_latest_event_in_whatever_order_they_come(file: Store, steps: Any) -> None:
    hand = Hand(emptied(file))
    people = [hand.make("person", name) for name in ("Ann", "Bob")]
    laptop = hand.make("laptop", "LT-1", status="In stock", home_place=hand.make("room", "Store"))
    numbers: list[int] = []
    told = [(hand.get(laptop).values, points(file, laptop, "assigned_to"))]
    known: list[tuple[int, int, str | None]] = []  # what happened: days ago, in which order, who had it then
    for place, (what, days, which) in enumerate(steps):
        if what == "plain":
            days = 0
            held = hand.get(laptop).values.get("assigned_to")
            if held == people[which]:
                continue
            numbers.append(hand.set(laptop, "assigned_to", people[which]).number)
        else:
            then = max((one for one in known if one[0] >= days), key=lambda one: (-one[0], one[1]), default=None)
            holder = then[2] if then else None
            if (what == "take_back" and holder is None) or (what == "hand_over" and holder == people[which]):
                continue
            values = {"to": people[which]} if what == "hand_over" else {}
            numbers.append(do(file, what, laptop, days_ago(days), **values))
        known.append((days, place, people[which] if what != "take_back" else None))
        latest = max(known, key=lambda one: (-one[0], one[1]))
        assert hand.get(laptop).values.get("assigned_to") == latest[2]
        assert points(file, laptop, "assigned_to")[-1].after == latest[2]
        told.append((hand.get(laptop).values, points(file, laptop, "assigned_to")))
    for number, before in zip(reversed(numbers), reversed(told[:-1]), strict=True):
        assert history.undo(file, number, "tester").kept == ()
        assert (hand.get(laptop).values, points(file, laptop, "assigned_to")) == before


def test_an_edit_of_an_event_names_what_it_needs(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    event = Record("event", ("00000000-0000-7000-8000-000000000001",))
    with pytest.raises(InvalidValue, match="An event needs"):
        hand.store.apply(Revision([edits.Edit(event, "", None, {"record": laptop, "what": "x"})], "tester"))
