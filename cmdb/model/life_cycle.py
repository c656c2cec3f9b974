"""The life cycle of records: the phase of each status, and the status that each verb sets.

In the schema, the choices of ``status`` have a phase and the verbs that set them. A status without a phase, a status
that the schema does not know, and a missing status count as live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdb.model import query
from cmdb.model.errors import SchemaError
from cmdb.model.messages import EMPTY, Message, verbatim
from cmdb.model.phase import Phase as Phase
from cmdb.model.schema import Attribute, Choice, Requirement, Schema, fold
from cmdb.model.values import Value, label_of

STATUS = "status"

PHASE = Attribute(
    "phase",
    "phase".capitalize(),
    "choice",
    choices=tuple(Choice(str(one), label=one.capitalize(), phase=one) for one in Phase),
)
"""The phase as filters show it, as if it were an attribute: declared in English, as a schema is (see
``cmdb.model.schema_languages.worded``).
"""

#: Verb → the phase whose status it sets if no status names the verb; None: only a status that names it is set.
VERBS: dict[str, Phase | None] = {
    "order": None,
    "hand_over": Phase.LIVE,
    "take_back": Phase.STOCK,
    "send_to_repair": None,
    "report_lost": None,
    "retire": Phase.LEAVING,
    "dispose": Phase.GONE,
}
LOST = "report_lost"
"""The verb that sets the status of lost records."""


def phase_of(schema: Schema, cls: str, status: Value | None) -> Phase:
    """The phase of a record of a class by its stored status. Raises SchemaError for an unknown class."""
    found = _choice(schema, cls, status)
    return (found.phase if found else None) or Phase.LIVE


def statuses_in(schema: Schema, cls: str, *phases: Phase) -> tuple[str, ...]:
    """The stored statuses of a class that have one of the phases, in the schema's order."""
    return tuple(c.value for c in _choices(schema, cls) if (c.phase or Phase.LIVE) in phases)


def statuses_set_by(schema: Schema, cls: str, verb: str) -> tuple[str, ...]:
    """The stored statuses of a class that name the verb."""
    return tuple(c.value for c in _choices(schema, cls) if verb in c.verb)


def filter_set_by(schema: Schema, root: str, verb: str) -> str:
    """The filter, in the query language, that finds records of a class and its subclasses by the statuses that name a
    verb; "" where none does.
    """
    found = dict.fromkeys(status for cls in schema.family(root) for status in statuses_set_by(schema, cls, verb))
    return " or ".join(f"{STATUS} = {query.quote(status)}" for status in found)


def status_for(schema: Schema, cls: str, verb: str) -> str:
    """The stored status that a verb sets on records of a class: the status that names the verb, otherwise one with its
    phase.

    Raises SchemaError if the class has none.
    """
    choices = _choices(schema, cls)
    for one in choices:
        if verb in one.verb:
            return one.value
    phase = VERBS.get(verb)
    if phase is not None:
        fitting = [c for c in choices if c.phase is phase]
        for one in sorted(fitting, key=lambda c: bool(c.verb)):  # A status that names another verb comes last.
            return one.value
    classes = schema.cls(cls).plural
    if phase is None:
        raise SchemaError(
            Message(
                "{classes} have no status for “{verb}”: in the schema, give one of their statuses this verb.",
                classes=classes,
                verb=verb,
            )
        )
    raise SchemaError(
        Message(
            "{classes} have no status for “{verb}”: in the schema, give one of their statuses this verb, "
            "or the phase “{phase}”.",
            classes=classes,
            verb=verb,
            phase=str(phase),
        )
    )


def without_phase(schema: Schema, cls: str) -> tuple[str, ...]:
    """The stored statuses of a class that have no phase in the schema."""
    return tuple(c.value for c in _choices(schema, cls) if c.phase is None)


def is_lost(schema: Schema, cls: str, status: Value | None) -> bool:
    """Whether a status means that the record is lost."""
    found = _choice(schema, cls, status)
    return found is not None and LOST in found.verb


def has_left(schema: Schema, cls: str, status: Value | None) -> bool:
    """Whether the record is no longer used: it is leaving, gone, or lost."""
    return phase_of(schema, cls, status) in (Phase.LEAVING, Phase.GONE) or is_lost(schema, cls, status)


def statuses_left(schema: Schema, cls: str) -> tuple[str, ...]:
    """The stored statuses of a class for which ``has_left`` holds."""
    return tuple(c.value for c in _choices(schema, cls) if has_left(schema, cls, c.value))


def phase_named(word: str) -> Phase | None:
    """The phase that a person means by a word, or None."""
    key = fold(word)
    return Phase(key) if key in tuple(Phase) else None


def requirements(schema: Schema, cls: str, status: Value | None) -> tuple[Requirement, ...]:
    """The requirements of a class for entering the phase of a status."""
    rules = schema.cls(cls).requires
    if not rules or status is None:
        return ()
    phase = phase_of(schema, cls, status)
    return tuple(rule for rule in rules.values() if rule.phase is phase and rule.any)


def missing(schema: Schema, cls: str, before: str | None, values: Mapping[str, Value]) -> Message:
    """The attributes that a record lacks to enter the phase of its status.

    Empty if it lacks nothing, or is in the phase already. ``before`` is its earlier status; None for a new record.
    """
    status = values.get(STATUS)
    rules = [
        rule
        for rule in requirements(schema, cls, status if isinstance(status, str) else None)
        if not rule.is_met(values)
    ]
    if not rules or (before is not None and phase_of(schema, cls, before) is rules[0].phase):
        return EMPTY
    found, *others = (_in_words(schema, cls, rule, values) for rule in rules)
    for one in others:
        found = Message("{first}, and {second}", first=found, second=one)
    return found


def refusal(schema: Schema, cls: str, status: str, lacks: Message) -> Message:
    """Why a status cannot be set, and what to do."""
    label = label_of(schema.attribute(cls, STATUS), status)
    return Message(
        "{status} is set only with {attributes}. Give these values in the same change.",
        status=label,
        attributes=lacks,
    )


def _in_words(schema: Schema, cls: str, rule: Requirement, values: Mapping[str, Any]) -> Message:
    """The attributes that one requirement still needs: "a date and a way (Disposed on and Disposal)"."""
    attributes = schema.cls(cls).attributes
    open_still = [[attributes[name].label for name in names if values.get(name) is None] for names in rule.any]
    ends: dict[tuple[str, ...], list[str]] = {}  # alternatives that differ in their last attribute only are one
    for labels in open_still:
        if not any(set(other) < set(labels) for other in open_still):
            ends.setdefault(tuple(labels[:-1]), []).append(labels[-1])
    listed = _alternatives([_together(first, dict.fromkeys(last)) for first, last in ends.items()])
    return Message("{requirement} ({attributes})", requirement=rule.label, attributes=listed) if rule.label else listed


def _together(first: tuple[str, ...], last: Iterable[str]) -> Message:
    """The text for the required attributes, of which the last is one of several."""
    found: Message | str = ""
    for label in last:
        found = Message("{first} or {second}", first=found, second=label) if found else label
    if first:
        return Message("{first} and {last}", first=first, last=found)
    return found if isinstance(found, Message) else verbatim(found)


def _alternatives(texts: Sequence[Message]) -> Message:
    found, *others = texts or [EMPTY]
    for one in others:
        found = Message("{first}; or {second}", first=found, second=one)
    return found


def _choices(schema: Schema, cls: str) -> tuple[Choice, ...]:
    known = schema.cls(cls).attributes.get(STATUS)
    return known.choices if known is not None else ()


def _choice(schema: Schema, cls: str, status: Value | None) -> Choice | None:
    return next((c for c in _choices(schema, cls) if c.value == status), None)
