"""Orders of sources in an estate: a plan says exactly which values become others, one undo brings them back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.schema.change import Answers, KeptValues, OtherValues, SchemaChange
from app.schema.plan import revise
from app.schema.source_orders import OrderPlace, change_order, inherit_order, present_order
from cmdb.model.claims import source_text
from cmdb.model.errors import Conflict, InvalidValue
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.model.selection import Selection
from cmdb.model.source_keys import is_kept
from cmdb.model.source_orders import GENERAL, MEASURED, RankedSource
from cmdb.register import drafts
from cmdb.register.forgetting import forgetting
from cmdb.register.history import undo
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.reading.deviations import deviations
from tests.app.schema.test_attributes import ON_A_FILE, do, seen, sound, take_back, values
from tests.cmdb.estates import Hand

MEMORY = OrderPlace("laptop", "memory")
DAY = "2026-01-0{}T00:00:00.000Z"


def ranked(*sources: str) -> tuple[RankedSource, ...]:
    """An order: "scan!" is held, "scan?" is asked."""
    does = {"!": "hold", "?": "ask"}
    return tuple(RankedSource(one.rstrip("!?"), does.get(one[-1], "apply")) for one in sources)


def say(hand: Hand, uid: str, source: str, day: int = 1, **said: Any) -> None:
    hand.apply(*(Edit(Record("claim", (uid, source)), a, None, [v, DAY.format(day)]) for a, v in said.items()))


def machine(hand: Hand, name: str, cls: str = "laptop", **said: Any) -> str:
    """A record, and what sources say of its memory."""
    uid = hand.make(cls, name)
    for source, value in said.items():
        say(hand, uid, f"{source}:{name}", memory=value)
    return uid


def test_a_plan_with_asked_sources_does_not_promise_what_it_does_not_do(hand: Hand) -> None:
    machine(hand, "LT-1", scan=8192, sheet=4096)
    change = change_order(hand.store.schema, MEMORY, ranked("sheet?", "scan"))
    assert seen(hand, change).values == (OtherValues("laptop", "memory", 1, (("LT-1", "8 GiB", "4 GiB"),)),)
    assert str(change.note).startswith("What sources have said counts by its place.")


def test_a_plan_says_which_values_become_others_and_one_undo_brings_them_back(hand: Hand) -> None:
    machine(hand, "LT-1", scan=8192, sheet=4096)
    machine(hand, "LT-2", scan=8192, sheet=8192)
    machine(hand, "LT-3", scan=8192)
    person = machine(hand, "LT-4", scan=8192, sheet=4096)
    hand.set(person, "memory", 2048)
    machine(hand, "DT-1", "desktop", scan=8192, sheet=4096)
    change = change_order(hand.store.schema, MEMORY, ranked("person", "sheet", "scan"))
    summary = seen(hand, change)
    assert summary.values == (OtherValues("laptop", "memory", 1, (("LT-1", "8 GiB", "4 GiB"),)),)
    assert [str(one) for one in summary.lines] == [
        "Memory of Laptop: 1 record gets another value (LT-1: 8 GiB → 4 GiB)."
    ]
    assert summary.rewritten == 1
    number = do(hand, change)
    assert values(hand, "memory") == {"LT-1": 4096, "LT-2": 8192, "LT-3": 8192, "LT-4": 2048}
    assert values(hand, "memory", "desktop") == {"DT-1": 8192}
    with hand.store.read() as reader:
        assert len(list(reader.changed_values(number, ""))) == 1, "the journal has exactly these"
        why = reader.claims_of(_called(reader, "LT-1"))["memory"]
        assert str(why[0].rule) == "For Memory of Laptops a sheet counts more than a scan (rule of this estate)."
    with hand.store.read(at=number - 1) as past:
        assert _called(past, "LT-1").values["memory"] == 8192
    sound(hand, on_server=True)
    take_back(hand, number)
    assert values(hand, "memory") == {"LT-1": 8192, "LT-2": 8192, "LT-3": 8192, "LT-4": 2048}
    sound(hand)


def _called(reader: Any, name: str) -> Any:
    return next(one for one in reader.all(Selection("ci")) if one.name == name)


def test_what_is_held_keeps_what_stands_and_counts_no_more(hand: Hand) -> None:
    owner, other = hand.make("person", "Ada"), hand.make("person", "Bob")
    laptop = hand.make("laptop", "LT-1")
    say(hand, laptop, "scan:LT-1", assigned_to=owner, memory=8192)
    listed = hand.make("laptop", "LT-3")
    say(hand, listed, "scan:LT-3", assigned_to=owner)
    say(hand, listed, "import:glpi", assigned_to=other)
    hand.set(listed, "notes", "by hand")
    place = OrderPlace("laptop", "assigned_to")
    do(hand, change_order(hand.store.schema, place, ranked("scan", "sheet", "import")))
    change = change_order(hand.store.schema, place, ranked("sheet", "import", "scan!"))
    summary = seen(hand, change)
    assert summary.values == (OtherValues("laptop", "assigned_to", 1, (("LT-3", "Ada", "Bob"),)),)
    assert summary.kept == (KeptValues("laptop", "assigned_to", 1, (("LT-1", "Ada"),)),)
    assert str(summary.lines[1]) == (
        "Assigned to of Laptop: 1 record keeps what a source says that is held now (LT-1: Ada), until another source "
        "or a person says otherwise."
    )
    number = do(hand, change)
    assert values(hand, "assigned_to") == {"LT-1": owner, "LT-3": other}
    sound(hand, on_server=True)
    with hand.store.read() as reader:
        claims = reader.claims_of(_called(reader, "LT-1"))["assigned_to"]
        assert [str(source_text(one.source)) for one in claims] == ["scan LT-1, before it was held", "scan LT-1"]
        assert str(claims[0].rule) == (
            "What a scan says of Assigned to of Laptops is held now. What it said before stays until another source "
            "says otherwise (rule of this estate)."
        )
        assert list(deviations(reader)) == []
        assert "scan:LT-1 (kept)" not in [one.source for one in reader.sources()]
    later = Edit(Record("claim", (laptop, "scan:LT-1")), "assigned_to", [owner, DAY.format(1)], [other, DAY.format(2)])
    scanned = hand.apply(later).number
    assert values(hand, "assigned_to")["LT-1"] == owner, "a held source writes no more"
    with hand.store.read() as reader:
        assert [(one.name, one.said, one.held) for one in deviations(reader)] == [("LT-1", other, True)]
    say(hand, laptop, "sheet:HR.xlsx", 3, assigned_to=other)
    assert values(hand, "assigned_to")["LT-1"] == other, "another source says otherwise"
    undo(hand.store, scanned + 1, "tester")
    take_back(hand, scanned)
    assert values(hand, "assigned_to")["LT-1"] == owner
    hand.apply(Edit(ci(listed), "", {"class": "laptop", "name": "LT-3"}, None))
    sound(hand)
    hand.apply(  # what a held source creates has what counts only
        Edit(ci("01900000-0000-7000-8000-000000000001"), "", None,
             {"class": "laptop", "name": "LT-2", "assigned_to": owner, "memory": 4096}),
        source="scan:LT-2",
    )  # fmt: skip
    assert values(hand, "assigned_to") == {"LT-1": owner, "LT-2": None}
    assert values(hand, "memory") == {"LT-1": 8192, "LT-2": 4096}
    sound(hand)
    gone = hand.apply(Edit(ci(owner), "", {"class": "person", "name": "Ada"}, None)).number
    assert values(hand, "assigned_to") == {"LT-1": None, "LT-2": None}
    sound(hand)
    undo(hand.store, gone, "tester")
    assert values(hand, "assigned_to") == {"LT-1": owner, "LT-2": None}
    take_back(hand, number)
    assert values(hand, "assigned_to") == {"LT-1": owner, "LT-2": owner}
    with hand.store.read() as reader:
        assert not any(is_kept(source) for own in reader.said([laptop]).values() for source in own)
    sound(hand)


@ON_A_FILE
def test_a_plan_says_what_would_be_refused_of_the_values_that_follow(hand: Hand) -> None:
    for name, scanned, listed in (("LT-1", "A1", "A2"), ("LT-2", "A2", "A3"), ("LT-3", "A4", "A5")):
        uid = hand.make("laptop", name)
        say(hand, uid, "import:glpi", asset_tag=scanned)
        say(hand, uid, "scan:a", asset_tag=listed)
    hand.make("desktop", "DT-1", asset_tag="a5")
    place = OrderPlace("laptop", "asset_tag")
    do(hand, change_order(hand.store.schema, place, ranked("import", "scan")))
    change = change_order(hand.store.schema, place, ranked("scan", "import"))
    summary = seen(hand, change)
    assert [str(one) for one in summary.refusals] == [
        "DT-1, LT-3 would have the same Asset tag, “a5”, and only one record may have it."
    ], "LT-1 and LT-2 have other tags afterwards"
    with hand.store.read() as reader, pytest.raises(Conflict):
        revise(reader, summary, Answers(), "tester")
    printer = hand.make("printer", "PR-1")
    say(hand, printer, "import:glpi", status="In stock")
    say(hand, printer, "scan:a", status="Disposed")
    place = OrderPlace("printer", "status")
    do(hand, change_order(hand.store.schema, place, ranked("import", "scan")))
    change = change_order(hand.store.schema, place, ranked("scan", "import"))
    assert [str(one) for one in seen(hand, change).refusals] == [
        "PR-1: Disposed is set only with a date and a way (Disposed on and Disposal). Give these values in the same "
        "change."
    ]


@ON_A_FILE
def test_what_is_kept_goes_with_what_its_source_said(hand: Hand) -> None:
    place = OrderPlace("laptop", "memory")
    uid = machine(hand, "LT-1", scan=8192)
    corrected = hand.apply(
        Edit(Record("claim", (uid, "scan:LT-1")), "memory", [8192, DAY.format(1)], [4096, DAY.format(2)])
    ).number
    made = hand.apply(Edit(ci(new_id()), "", None, {"class": "laptop", "name": "LT-2", "memory": 1024}),
                      source="scan:LT-2").number  # fmt: skip
    do(hand, change_order(hand.store.schema, place, ranked("sheet", "scan!")))
    assert values(hand, "memory") == {"LT-1": 4096, "LT-2": 1024}
    assert undo(hand.store, made, "tester").kept == (), "nobody edited it since"
    undo(hand.store, corrected, "tester")
    assert values(hand, "memory") == {"LT-1": 8192}
    sound(hand)
    other = hand.apply(Edit(ci(new_id()), "", None, {"class": "laptop", "name": "LT-3", "memory": 512}),
                       source="scan:LT-3").number  # fmt: skip
    free = do(hand, change_order(hand.store.schema, place, ranked("scan")))
    assert values(hand, "memory") == {"LT-1": 8192, "LT-3": 512}
    take_back(hand, free)
    assert values(hand, "memory") == {"LT-1": 8192, "LT-3": None}, "an undo brings back what was, and keeps no more"
    undo(hand.store, other, "tester")
    with hand.store.read() as reader:
        forgotten, _ = forgetting(reader, "scan:LT-1", "tester")
    hand.store.apply(forgotten)
    assert values(hand, "memory") == {"LT-1": None}
    sound(hand)


@ON_A_FILE
def test_the_orders_of_a_class_of_the_estate_and_of_a_section(hand: Hand) -> None:
    machine(hand, "LT-1", scan=8192, sheet=4096)
    schema = hand.store.schema
    estate = OrderPlace(name=MEASURED)
    assert present_order(schema, MEMORY).ranked == schema.sources[MEASURED]
    number = do(hand, change_order(schema, estate, ranked("person", "sheet", "import", "scan")))
    assert values(hand, "memory") == {"LT-1": 4096}
    assert present_order(hand.store.schema, estate).here
    do(hand, change_order(hand.store.schema, OrderPlace("hardware"), ranked("scan")))
    assert values(hand, "memory") == {"LT-1": 8192}
    now = present_order(hand.store.schema, MEMORY)
    assert (str(now.origin), now.here) == ("Hardware", False)
    do(hand, change_order(hand.store.schema, MEMORY, ranked("sheet")))
    assert values(hand, "memory") == {"LT-1": 4096}
    assert present_order(hand.store.schema, MEMORY).here
    do(hand, inherit_order(hand.store.schema, MEMORY))
    assert values(hand, "memory") == {"LT-1": 8192}
    do(hand, inherit_order(hand.store.schema, OrderPlace("hardware")))
    do(hand, inherit_order(hand.store.schema, estate))
    assert hand.store.schema.source_orders("laptop") == type(schema).load().source_orders("laptop")
    assert number
    sound(hand)


@ON_A_FILE
def test_rows_of_a_held_source_are_shown_as_held(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    row = Edit(Record("section", (laptop, "memory_modules", "scan:LT-1", "0")), "", None, {"slot": 0})
    hand.apply(row, source="scan:LT-1")
    place = OrderPlace("computer", "memory_modules", of_section=True)
    with pytest.raises(InvalidValue, match="Processes have no history"):
        change_order(hand.store.schema, OrderPlace("computer", "processes", of_section=True), ranked("scan?"))
    change = change_order(hand.store.schema, place, ranked("sheet", "scan!"))
    assert [str(one) for one in seen(hand, change).lines] == ["Memory modules: 1 row is held."]
    number = do(hand, change)
    with hand.store.read() as reader:
        assert [one.held for one in reader.sections_of([laptop])[laptop]["memory_modules"]] == [True]
    take_back(hand, number)
    with hand.store.read() as reader:
        assert [one.held for one in reader.sections_of([laptop])[laptop]["memory_modules"]] == [False]


@ON_A_FILE
def test_what_others_changed_meanwhile_is_looked_at_again(hand: Hand) -> None:
    machine(hand, "LT-1", scan=8192, sheet=4096)
    summary = seen(hand, change_order(hand.store.schema, MEMORY, ranked("sheet", "scan")))
    machine(hand, "LT-2", scan=8192, sheet=4096)
    with hand.store.read() as reader, pytest.raises(Conflict, match="meanwhile"):
        revise(reader, summary, Answers(), "tester")


@ON_A_FILE
def test_an_import_from_before_another_order_is_undone_whole(hand: Hand) -> None:
    uid = "01900000-0000-7000-8000-000000000002"
    made = hand.apply(
        Edit(ci(uid), "", None, {"class": "laptop", "name": "LT-1"}),
        *(Edit(Record("claim", (uid, source)), "memory", None, [value, DAY.format(1)])
          for source, value in (("scan:a", 8192), ("sheet:b", 4096))),
        source="import",
    )  # fmt: skip
    do(hand, change_order(hand.store.schema, MEMORY, ranked("sheet", "scan")))
    assert values(hand, "memory") == {"LT-1": 4096}
    assert undo(hand.store, made.number, "tester").kept == (), "nobody edited it since"
    assert values(hand, "memory") == {}
    sound(hand)


@ON_A_FILE
def test_a_draft_from_before_another_order_follows_it(hand: Hand) -> None:
    uid = machine(hand, "LT-1", scan=8192, sheet=4096)
    with hand.store.read() as reader:
        draft, revision = drafts.new_draft(reader, "Plan", "tester")
    hand.store.apply(revision)
    drafted = Hand(DraftStore(hand.store, draft))
    drafted.set(uid, "notes", "planned")
    do(hand, change_order(hand.store.schema, MEMORY, ranked("sheet", "scan")))
    plan = DraftStore(hand.store, draft)
    with plan.read() as reader:
        assert _called(reader, "LT-1").values["memory"] == 4096
        assert plan.conflicts() == []
        assert _called(reader, "LT-1").values["notes"] == "planned"
    plan.commit("tester")
    assert values(hand, "memory") == {"LT-1": 4096}
    sound(hand)


def test_an_order_that_is_none_is_refused(hand: Hand) -> None:
    for wrong in (ranked(), ranked("scan", "person"), ranked("nobody"), ranked("scan", "scan")):
        with pytest.raises(InvalidValue):
            change_order(hand.store.schema, MEMORY, wrong)
    present = present_order(hand.store.schema, MEMORY).ranked
    assert change_order(hand.store.schema, MEMORY, present).is_empty
    assert inherit_order(hand.store.schema, MEMORY).is_empty


ENTRIES = ("sheet", "scan", "import", "sheet:LT-1", "scan:LT-*")
some_orders = st.lists(st.sampled_from(ENTRIES), min_size=1, unique=True).flatmap(
    lambda names: st.tuples(*(st.sampled_from([n, f"{n}!"]) for n in names))
)
places = st.sampled_from(
    [MEMORY, OrderPlace("computer", "memory"), OrderPlace("laptop"), OrderPlace("hardware"), OrderPlace(name=MEASURED),
     OrderPlace(name=GENERAL)]
)  # fmt: skip
steps = st.lists(st.tuples(places, st.none() | some_orders), min_size=1, max_size=3)


@ON_A_FILE
def test_whatever_the_orders_what_is_planned_happens_and_is_undone(hand: Hand) -> None:
    for number in range(3):
        uid = machine(hand, f"LT-{number}", scan=8192 + number, sheet=4096)
        say(hand, uid, "import:glpi", 2, memory=1024, notes="from GLPI")
        say(hand, uid, f"sheet:LT-{number}", 3, notes="from a sheet")
    machine(hand, "LT-9", scan=8192)
    _laws(hand)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=steps)
def _laws(hand: Hand, changes: list[tuple[OrderPlace, tuple[str, ...] | None]]) -> None:
    done: list[tuple[int, Any]] = []
    for place, entries in changes:
        schema = hand.store.schema
        change: SchemaChange = (
            inherit_order(schema, place) if entries is None else change_order(schema, place, ranked(*entries))
        )
        if change.is_empty:
            continue
        before = everything(hand)
        planned = {(one.cls, one.attribute): one.records for one in seen(hand, change).values}
        number = do(hand, change)
        after = everything(hand)
        assert all(before[name].keys() <= after[name].keys() for name in before), "no order leaves a value blank"
        happened: dict[tuple[str, str], int] = {}
        for name in after:
            for attribute in before[name].keys() | after[name].keys():
                if before[name].get(attribute) != after[name].get(attribute):
                    happened["laptop", attribute] = happened.get(("laptop", attribute), 0) + 1
        assert happened == planned
        done.append((number, before))
    sound(hand)
    for number, before in reversed(done):
        take_back(hand, number)
        assert everything(hand) == before


def everything(hand: Hand) -> dict[str, dict[str, Any]]:
    with hand.store.read() as reader:
        return {one.name: dict(one.values) for one in reader.all(Selection("laptop"))}
