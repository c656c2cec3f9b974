"""State tables: from which states work may go to which, and what it needs then. All of this is schema data."""

from __future__ import annotations

from collections.abc import Mapping

from cmdb.model.declarations import Transition
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.model.values import label_of

STATE, CLOSED = "state", "closed"


def first_state(schema: Schema, cls: str) -> str:
    """The state that a new record of a class has; "" where the class has no states."""
    attribute = schema.cls(cls).attributes.get(STATE)
    return attribute.choices[0].value if attribute is not None and attribute.choices else ""


def is_closed(schema: Schema, cls: str, state: object) -> bool:
    """Whether work in a state is over."""
    return state in closed_states(schema, cls)


def closed_states(schema: Schema, cls: str) -> frozenset[str]:
    """The states of a class in which work is over."""
    attribute = schema.cls(cls).attributes.get(STATE)
    return frozenset(choice.value for choice in attribute.choices if choice.closes) if attribute else frozenset()


def transition(schema: Schema, cls: str, before: object, after: object) -> Transition | None:
    """The line of the state table that leads from a state to another; None where there is none."""
    lines = schema.cls(cls).transitions.values()
    return next((line for line in lines if line.after == after and before in line.before), None)


def problem(schema: Schema, cls: str, before: object, values: Mapping[str, object]) -> Message | None:
    """Why a record may not have its values; None where it may. ``before`` is its earlier state, None for a new one.

    A new record may be in any state, as what is imported has a past. It has what is needed to come there.
    """
    found, after = schema.cls(cls), values.get(STATE)
    if not found.transitions or after == before:
        return None
    if before is None:
        lines = [line for line in found.transitions.values() if line.after == after]
    elif (line := transition(schema, cls, before, after)) is not None:
        lines = [line]
    else:
        return _no_way(schema, cls, before, after)
    missing = [[name for name in line.needs if values.get(name) is None] for line in lines]
    if lacks := min(missing, key=len, default=[]):
        labels = tuple(found.attributes[name].label for name in lacks)
        state = label_of(found.attributes[STATE], str(after))
        return Message("“{state}” needs {attributes}.", state=state, attributes=labels)
    return None


def _no_way(schema: Schema, cls: str, before: object, after: object) -> Message:
    """That a state table has no such line, and what it has instead."""
    found = schema.cls(cls)
    attribute = found.attributes[STATE]
    ways = tuple(label_of(attribute, line.after) for line in found.transitions.values() if before in line.before)
    return Message(
        "It cannot go from “{before}” to “{after}”. From there it can go to: {ways}.",
        before=label_of(attribute, str(before)),
        after=label_of(attribute, str(after)) if after is not None else Message("empty"),
        ways=ways,
    )
