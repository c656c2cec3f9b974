"""Shared parts of verbs: common fields, conditions on records, and their revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time

from cmdb.model import clock
from cmdb.model.calendar_bounds import in_local_zone
from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.life_cycle import STATUS, phase_of, status_for, statuses_in
from cmdb.model.messages import EMPTY, Message
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.schema import Schema
from cmdb.model.values import show
from cmdb.model.verb import FieldValue, Records, Values, VerbField
from cmdb.register.edits import each

NOTE = VerbField("note", Message("Note"), help=Message("Why, or anything worth knowing later."))
CONDITION = VerbField(
    "condition", Message("Condition"), attribute="condition", help=Message("In what condition it is.")
)
WHOLE_KIT = VerbField(
    "whole_kit",
    Message("The whole kit"),
    "boolean",
    help=Message("Of a thing that belongs to a kit. Yes: all of the kit goes; no: the thing is taken out of it."),
)


def revision(
    records: Records,
    uids: Sequence[str],
    values: Callable[[CI], Values],
    author: str,
    reason: Message,
    note: FieldValue = None,
) -> Revision:
    """Sets the values on each record whose class has the attributes. Unchanged values are left out."""
    edits: list[Edit] = []
    for one in each(records, uids):
        known = records.schema.cls(one.cls).attributes
        for name, value in values(one).items():
            if name in known and one.values.get(name) != value:
                edits.append(Edit(ci(one.uid), name, one.values.get(name), value))
    return Revision(edits, author, reason=noted(reason, note))


def noted(reason: Message | str, note: FieldValue) -> Message | str:
    """The reason of a revision with the person's note."""
    return Message("{reason}: {note}", reason=reason, note=str(note)) if note else reason


def condition(values: Values) -> dict[str, FieldValue]:
    """The condition, if it was given."""
    return {"condition": values["condition"]} if values.get("condition") else {}


def day_of(at: str) -> date:
    """The local day of an ISO date or time; today for "". Raises InvalidValue."""
    if not at:
        return clock.today()
    try:
        if len(at) == 10:
            return date.fromisoformat(at)
        return in_local_zone(datetime.fromisoformat(at)).date()
    except ValueError:
        raise InvalidValue(
            Message("“{text}” is no date or time such as 2026-03-31 or 2026-03-31T14:05.", text=at)
        ) from None


def moment_text(at: str) -> str:
    """The time in UTC that an ISO date (its noon) or time means; now for "" and for today."""
    if not at or at == clock.today().isoformat():
        return clock.now()[:19] + "Z"
    day = day_of(at)
    when = datetime.fromisoformat(at) if len(at) > len("2026-01-01") else datetime.combine(day, time(12))
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sets_status(verb: str) -> Callable[[Schema, str], bool]:
    """For ``Verb.fits``: the class has a status that the verb sets."""

    def has_one(schema: Schema, cls: str) -> bool:
        try:
            return bool(status_for(schema, cls, verb))
        except SchemaError:
            return False

    return has_one


def phase(schema: Schema, record: CI) -> Phase:
    """The phase of a record's status."""
    return phase_of(schema, record.cls, record.values.get(STATUS))


def status_word(schema: Schema, record: CI) -> str:
    """The label of a record's status."""
    attribute = schema.cls(record.cls).attributes[STATUS]
    return show(attribute, record.values.get(STATUS))


def is_gone(schema: Schema, record: CI) -> Message:
    """For ``Verb.why_not``: the record has left the estate."""
    if phase(schema, record) is not Phase.GONE:
        return EMPTY
    return Message("{name} has left the estate ({status})", name=record.name, status=status_word(schema, record))


def is_so(schema: Schema, record: CI, verb: str) -> Message:
    """For ``Verb.why_not``: the record already has the status that the verb sets."""
    so = record.values.get(STATUS) == status_for(schema, record.cls, verb)
    return has_status_already(schema, record) if so else EMPTY


def has_status_already(schema: Schema, record: CI) -> Message:
    """For ``Verb.why_not``: the record's status leaves nothing to do."""
    return Message("{name} is “{status}” already", name=record.name, status=status_word(schema, record))


def back_in_use(schema: Schema, record: CI) -> str:
    """The status of a record that is back (found, repaired): in use if it has a custodian, otherwise in stock."""
    return status_for(schema, record.cls, "hand_over" if record.values.get("assigned_to") else "take_back")


def has_status(schema: Schema, cls: str, status: str) -> bool:
    """Whether records of a class can have a status."""
    attribute = schema.cls(cls).attributes.get(STATUS)
    return attribute is not None and any(choice.value == status for choice in attribute.choices)


def same_phase(schema: Schema, record: CI, cls: str) -> str | None:
    """A status of another class with the phase of the record's status; None where there is none."""
    return next(iter(statuses_in(schema, cls, phase(schema, record))), None)
