"""What verbs have in common: the fields that most ask for, what they need of a record, and the revision they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.life_cycle import STATUS, phase_of, status_for, statuses_in
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.schema import Schema
from cmdb.model.values import show
from cmdb.model.verb import FieldValue, Records, Values, VerbField
from cmdb.register.edits import each

NOTE = VerbField("note", "Note", help="Why, or anything worth knowing later.")
CONDITION = VerbField("condition", "Condition", attribute="condition", help="In what condition it is.")


def revision(
    records: Records,
    uids: Sequence[str],
    values: Callable[[CI], Values],
    author: str,
    reason: str,
    note: FieldValue = None,
) -> Revision:
    """Sets values of each record, as far as its class has the attributes; what is so already is left out."""
    edits: list[Edit] = []
    for one in each(records, uids):
        known = records.schema.cls(one.cls).attributes
        for name, value in values(one).items():
            if name in known and one.values.get(name) != value:
                edits.append(Edit(ci(one.uid), name, one.values.get(name), value))
    return Revision(edits, author, reason=f"{reason}: {note}" if note else reason)


def condition(values: Values) -> dict[str, FieldValue]:
    """The condition, if it was given."""
    return {"condition": values["condition"]} if values.get("condition") else {}


def day_of(at: str) -> str:
    """The local day of an ISO date or time; today for "". Raises InvalidValue."""
    if not at:
        return date.today().isoformat()
    try:
        if len(at) == 10:
            return date.fromisoformat(at).isoformat()
        return datetime.fromisoformat(at).astimezone().date().isoformat()
    except ValueError:
        raise InvalidValue(f"{at!r} is no date or time such as 2026-03-31 or 2026-03-31T14:05.") from None


def sets_status(verb: str) -> Callable[[Schema, str], bool]:
    """For ``Verb.fits``: the class has a status that the verb sets."""

    def has_one(schema: Schema, cls: str) -> bool:
        try:
            return bool(status_for(schema, cls, verb))
        except SchemaError:
            return False

    return has_one


def phase(schema: Schema, record: CI) -> Phase:
    """What a record's status means."""
    return phase_of(schema, record.cls, record.values.get(STATUS))


def status_word(schema: Schema, record: CI) -> str:
    """A record's status as it is shown."""
    attribute = schema.cls(record.cls).attributes[STATUS]
    return show(attribute, record.values.get(STATUS))


def is_gone(schema: Schema, record: CI) -> str:
    """For ``Verb.why_not``: it has left the estate."""
    return f"has left the estate ({status_word(schema, record)})" if phase(schema, record) is Phase.GONE else ""


def is_so(schema: Schema, record: CI, verb: str) -> str:
    """For ``Verb.why_not``: it has the status already that the verb sets."""
    so = record.values.get(STATUS) == status_for(schema, record.cls, verb)
    return f"is {status_word(schema, record).lower()} already" if so else ""


def back_in_use(schema: Schema, record: CI) -> str:
    """The status of something that is back from somewhere: in use where somebody has it, else in stock."""
    return status_for(schema, record.cls, "hand_over" if record.values.get("assigned_to") else "take_back")


def has_status(schema: Schema, cls: str, status: str) -> bool:
    """Whether records of a class can have a status."""
    attribute = schema.cls(cls).attributes.get(STATUS)
    return attribute is not None and any(choice.value == status for choice in attribute.choices)


def same_phase(schema: Schema, record: CI, cls: str) -> str | None:
    """A status of another class that means what a record's does; None where there is none."""
    return next(iter(statuses_in(schema, cls, phase(schema, record))), None)
