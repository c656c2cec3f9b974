"""Changes of life cycles: what a phase needs, and from where a verb leads, apply to the next change of a record."""

from __future__ import annotations

import pytest

from app.schema.change import NO_ANSWERS, SchemaChange
from app.schema.life_cycles import (
    RequirementForm,
    TransitionForm,
    change_requirement,
    change_transition,
    new_requirement,
    read_alternatives,
    requirement_form,
    transition_form,
)
from app.schema.plan import plan, revise
from cmdb.model.errors import InvalidValue
from cmdb.register.history import undo
from tests.cmdb.estates import Hand

ON_A_FILE = pytest.mark.parametrize("where", ["sqlite"], indirect=True)
"""For what asks the databases nothing in which they differ."""


def do(hand: Hand, change: SchemaChange) -> int:
    with hand.store.read() as reader:
        revision = revise(reader, plan(reader, change), NO_ANSWERS, "tester")
    return hand.store.apply(revision).number


@ON_A_FILE
def test_a_phase_asks_for_values_and_no_longer_after_undo(hand: Hand) -> None:
    uid = hand.make("monitor", "M-1", status="In stock")
    form = RequirementForm("a cost centre", "live", read_alternatives("Cost centre\nNotes, Department\n\n"))
    assert form.alternatives == (("Cost centre",), ("Notes", "Department"))
    number = do(hand, new_requirement(hand.store.schema, "hardware", form))
    with pytest.raises(InvalidValue, match="a cost centre"):
        hand.set(uid, "status", "Deployed")
    rule = hand.store.schema.cls("monitor").requires["a_cost_centre"]
    assert requirement_form(hand.store.schema, "monitor", rule) == form
    gone = change_requirement(hand.store.schema, "monitor", "a_cost_centre", RequirementForm("a cost centre", "live"))
    do(hand, gone)
    hand.set(uid, "status", "Deployed")
    laptop = hand.make("laptop", "LT-1", status="In stock")
    with pytest.raises(InvalidValue, match="a cost centre"):
        hand.set(laptop, "status", "Deployed")
    assert number
    with pytest.raises(InvalidValue, match="no attribute “Colour of hope”"):
        new_requirement(hand.store.schema, "hardware", RequirementForm("x", "live", (("Colour of hope",),)))


@ON_A_FILE
def test_a_verb_leads_from_other_states(hand: Hand) -> None:
    schema = hand.store.schema
    verb = next(iter(schema.cls("task").transitions))
    before = transition_form(schema, "task", verb)
    wider = TransitionForm((before.after, *before.before), before.after, before.needs)
    number = do(hand, change_transition(schema, "task", verb, wider))
    assert transition_form(hand.store.schema, "task", verb) == wider
    assert change_transition(hand.store.schema, "task", verb, wider).is_empty
    undo(hand.store, number, "tester")
    assert transition_form(hand.store.schema, "task", verb) == before
    with pytest.raises(InvalidValue, match="has no “Nowhere”"):
        change_transition(schema, "task", verb, TransitionForm(("Nowhere",), before.after))
