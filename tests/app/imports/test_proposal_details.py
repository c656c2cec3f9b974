"""A proposal that is made anew: what was left out stays so, where it is found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.import_proposal import propose
from app.imports.proposal_details import ProposalDetails, apply, carried_over, dress, prepare
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.event_times import milliseconds
from cmdb.model.messages import Message
from cmdb.model.observation import NamedReference, Observation, ObservedEvent, ObservedLink, Origin, Reading, Source
from cmdb.model.values import Value
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand
from tests.cmdb.reconciliation.estate import sheet


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def prepared(store: Store) -> ProposalDetails:
    rows = [
        Observation(
            "laptop",
            {"name": f"nb-{n}", "serial_number": f"SER{n:03}", "model": NamedReference("hardware_model", f"T{n}")},
            Origin("a.csv", "a", n + 2),
        )
        for n in range(4)
    ]
    proposal = propose(store, [sheet(*rows)], "tester")
    with store.read() as reader:
        return dress(reader, proposal)


def ids(details: ProposalDetails, *names: str) -> set[str]:
    return {change.uid for change in details.proposal.changes if change.name in names}


def test_new_records_are_found_again_by_their_rows_and_by_their_names(hand: Hand) -> None:
    known = hand.make("laptop", "nb-3", serial_number="SER003")
    before, after = prepared(hand.store), prepared(hand.store)
    wanted = ids(before, "nb-0", "T1", "nb-3")
    assert known in wanted
    assert not (wanted - {known}) & ids(after, "nb-0", "T1")
    assert carried_over(before, after, wanted) == (frozenset(ids(after, "nb-0", "T1", "nb-3")), ())
    assert carried_over(before, after, ()) == (frozenset(), ())


def test_what_is_not_part_of_it_any_more_is_named(hand: Hand) -> None:
    before = prepared(hand.store)
    hand.make("hardware_model", "T1")
    same = hand.make("laptop", "nb-0", serial_number="SER000", model=hand.make("hardware_model", "T0"))
    other = hand.make("laptop", "spare", serial_number="SER001")
    after = prepared(hand.store)
    kept, lost = carried_over(before, after, ids(before, "nb-0", "nb-1", "T1"))
    assert kept == {other}
    assert lost == ("T1",)
    assert same not in kept


def test_links_and_the_groups_that_present_links_come_into_are_listed(hand: Hand) -> None:
    for name in ("Shop", "libA", "perl"):
        hand.make("application", name)

    def listed(*rows: tuple[str, str]) -> list[tuple[str, str, str, str]]:
        links = [
            ObservedLink(
                NamedReference("", "Shop"), "depends_on", NamedReference("", other), group, "", Origin("a", "a", n)
            )
            for n, (other, group) in enumerate(rows)
        ]
        proposal = propose(hand.store, [sheet(links=links)], "tester")
        with hand.store.read() as reader:
            found = dress(reader, proposal)
        hand.store.apply(proposal.revision)
        return [(line.kind, line.left, line.verb, line.right) for line in found.links]

    first = [("Relationship", "Shop", "depends on", other) for other in ("libA", "perl")]
    assert listed(("libA", "one"), ("perl", "one"), ("perl", "two")) == first
    assert listed(("perl", "three")) == [("Redundancy group", "Shop", "depends on", "perl")]


def test_the_events_of_a_log_are_listed(hand: Hand) -> None:
    hand.make("laptop", "nb-1", serial_number="SER001")
    hand.make("person", "Ida Holm")
    item, holder = NamedReference("", "SER001"), NamedReference("", "Ida Holm")
    events = [
        ObservedEvent(item, milliseconds("2026-01-05T09:00:00"), "hand_over", holder),
        ObservedEvent(item, milliseconds("2026-02-05T09:00:00"), "take_back", None),
    ]
    proposal = propose(hand.store, [sheet(events=events)], "tester")
    with hand.store.read() as reader:
        found = dress(reader, proposal).links
    assert [(line.kind, line.left, line.verb, line.right) for line in found] == [
        ("Event", "nb-1", "handed over, 5 Jan 2026, 09:00, to", "Ida Holm"),
        ("Event", "nb-1", "taken back, 5 Feb 2026, 09:00", ""),
    ]


def seen(name: str, *modules: tuple[int, str]) -> Observation:
    rows: list[dict[str, Value]] = [{"slot": slot, "serial_number": serial} for slot, serial in modules]
    values: dict[str, Value | NamedReference] = {"name": name, "serial_number": f"PF{name}"}
    return Observation("laptop", values, details={"memory_modules": rows}, sections=("memory_modules",))


def test_rows_of_sections_are_told_and_left_out_with_their_record(hand: Hand, tmp_path: Path) -> None:
    workspace = Workspace(hand.store, Settings(tmp_path / "settings.json"))

    def looked(day: int, *observations: Observation) -> ProposalDetails:
        reading = Reading(Source("scan", "agent"), f"2026-03-0{day}T08:00:00Z", list(observations), read=1)
        return prepare(Control(), workspace, [reading], Message("Scan"))

    first = looked(1, seen("nb-1", (1, "M-1")), seen("nb-2", (1, "M-2")))
    assert [(one.item, one.section) for one in first.rows] == [("nb-1", "Memory modules"), ("nb-2", "Memory modules")]
    apply(Control(), workspace, first.proposal, frozenset(ids(first, "nb-2")), workspace.store)
    with hand.store.read() as reader:
        assert list(reader.section_numbers()["memory_modules"].values()) == [1]
    second = looked(2, seen("nb-1", (1, "M-9"), (2, "M-3")))
    assert [one.words for one in second.rows] == [
        "Slot 1: Serial number M-1 → M-9", "added Slot 2, Serial number M-3",
    ]  # fmt: skip
    assert not second.empty
