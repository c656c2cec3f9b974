"""Phases and verbs of statuses, as the schema has them."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model import life_cycle
from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.life_cycle import Phase, phase_of, status_for, statuses_in
from cmdb.model.schema import Schema
from cmdb.model.values import parse, show


def hardware(*choices: Any) -> Schema:
    """The shipped schema with an estate's own list of statuses of hardware."""
    return Schema.load(extra=[{"class": {"hardware": {"attributes": {"status": {"choices": list(choices)}}}}}])


@pytest.fixture(scope="module")
def shipped() -> Schema:
    return Schema.load()


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("Planned", Phase.PLANNED), ("Ordered", Phase.PLANNED), ("In stock", Phase.STOCK), ("Deployed", Phase.LIVE),
        ("In repair", Phase.AWAY), ("Lost", Phase.AWAY), ("Retired", Phase.LEAVING), ("Disposed", Phase.GONE),
        ("Whatever", Phase.LIVE), (None, Phase.LIVE),
    ],
)  # fmt: skip
def test_shipped_phases(shipped: Schema, status: str | None, phase: Phase) -> None:
    assert phase_of(shipped, "laptop", status) is phase


def test_every_shipped_status_has_a_phase(shipped: Schema) -> None:
    for one in shipped.concrete():
        assert all(choice.phase for choice in one.attributes["status"].choices), one.name


@pytest.mark.parametrize(
    ("cls", "verb", "status"),
    [
        ("laptop", "order", "Ordered"), ("laptop", "hand_over", "Deployed"), ("laptop", "take_back", "In stock"),
        ("laptop", "send_to_repair", "In repair"), ("laptop", "report_lost", "Lost"), ("laptop", "retire", "Retired"),
        ("laptop", "dispose", "Disposed"), ("application", "retire", "Retired"), ("application", "hand_over", "Active"),
    ],
)  # fmt: skip
def test_shipped_verbs(shipped: Schema, cls: str, verb: str, status: str) -> None:
    assert status_for(shipped, cls, verb) == status


def test_a_class_without_such_a_status_says_what_to_do(shipped: Schema) -> None:
    with pytest.raises(SchemaError, match=r"Applications have no status for “take_back”.*phase “stock”"):
        status_for(shipped, "application", "take_back")
    with pytest.raises(SchemaError, match="no status for “report_lost”"):
        status_for(hardware({"value": "Away", "phase": "away"}), "laptop", "report_lost")


def test_a_verb_takes_the_status_of_its_phase_that_is_for_no_other_verb() -> None:
    schema = hardware(
        {"value": "Shown", "phase": "live", "verb": "exhibit"}, {"value": "Used", "phase": "live"},
        {"value": "Broken up", "phase": "gone", "verb": ["dispose", "break_up"]}, {"value": "Sold", "phase": "gone"},
    )  # fmt: skip
    assert status_for(schema, "laptop", "hand_over") == "Used"
    assert status_for(schema, "laptop", "dispose") == "Broken up"
    assert life_cycle.statuses_set_by(schema, "laptop", "break_up") == ("Broken up",)
    assert statuses_in(schema, "laptop", Phase.GONE) == ("Broken up", "Sold")


def test_an_own_list_keeps_what_it_does_not_say_anew() -> None:
    schema = hardware({"value": "Deployed", "label": "In use"}, "Retired", {"value": "On loan", "phase": "away"})
    status = schema.cls("laptop").attributes["status"]
    assert [(c.value, c.label, c.phase) for c in status.choices] == [
        ("Deployed", "In use", Phase.LIVE), ("Retired", "Retired", Phase.LEAVING), ("On loan", "On loan", Phase.AWAY),
    ]  # fmt: skip
    assert status.choices[0].tone == "good"
    assert status_for(schema, "laptop", "retire") == "Retired"


def test_a_verb_named_anew_leaves_the_status_it_was_shipped_with() -> None:
    schema = hardware("In stock", {"value": "In the drawer", "phase": "stock", "verb": "take_back"})
    assert status_for(schema, "laptop", "take_back") == "In the drawer"


def test_a_value_is_read_by_value_label_and_synonym_and_shown_by_its_label() -> None:
    status = hardware({"value": "Deployed", "label": "Bei der Arbeit"}, "Retired").cls("laptop").attributes["status"]
    assert [parse(status, word) for word in ("deployed", "bei der arbeit", "in use")] == ["Deployed"] * 3
    assert show(status, "Deployed") == "Bei der Arbeit"
    assert show(status, "no longer in the list") == "no longer in the list"
    with pytest.raises(InvalidValue, match="Bei der Arbeit, Retired"):
        parse(status, "Sunk")


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ([{"value": "A", "phase": "limbo"}], "no phase “limbo”. Phases: planned, stock, live, away, leaving, gone"),
        ([{"value": "A", "label": "B"}, "B"], "both called “B”"),
        ([{"value": "A", "verb": "retire"}, {"value": "B", "verb": ["retire"]}], "cannot set both “A” and “B”"),
    ],
)
def test_contradictions_are_refused(choices: list[Any], problem: str) -> None:
    with pytest.raises(SchemaError, match=problem):
        hardware(*choices)


def test_left_is_leaving_gone_or_lost(shipped: Schema) -> None:
    assert life_cycle.statuses_left(shipped, "laptop") == ("Lost", "Retired", "Disposed")
    assert life_cycle.statuses_left(shipped, "person") == ("Left",)
