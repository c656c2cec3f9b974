"""What is away for a while: lost and found, to repair and back."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.life_cycle import status_for
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import (
    CONDITION,
    NOTE,
    back_in_use,
    condition,
    day_of,
    is_gone,
    is_so,
    revision,
    sets_status,
)

_PLACE = VerbField("place", "Place", "reference", targets=("place",), help="Where it is now.")


def report_lost(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Hardware is missing. Who had it stays on record."""

    def of(one: CI) -> Values:
        return {"status": status_for(records.schema, one.cls, "report_lost")}

    return revision(records, uids, of, author, f"Reported lost on {day_of(at)}", values.get("note"))


def report_found(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """What was lost is there again: in use if somebody has it on record, else in stock."""
    return _back(records, uids, values, author, f"Found on {day_of(at)}")


def send_to_repair(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Hardware goes to be repaired. Who had it stays on record."""

    def of(one: CI) -> Values:
        return {"status": status_for(records.schema, one.cls, "send_to_repair"), **_there(values)}

    return revision(records, uids, of, author, f"Sent to repair on {day_of(at)}", values.get("note"))


def back_from_repair(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Hardware is back: in use if somebody has it on record, else in stock."""
    return _back(records, uids, values, author, f"Back from repair on {day_of(at)}")


def _back(records: Records, uids: Sequence[str], values: Values, author: str, reason: str) -> Revision:
    def of(one: CI) -> Values:
        return {"status": back_in_use(records.schema, one), **_there(values)}

    return revision(records, uids, of, author, reason, values.get("note"))


def _there(values: Values) -> Values:
    return {**condition(values), **({"location": values["place"]} if values.get("place") else {})}


def _not_lost(schema: Schema, record: CI) -> str:
    return "" if is_so(schema, record, "report_lost") else "isn't lost"


def _not_in_repair(schema: Schema, record: CI) -> str:
    return "" if is_so(schema, record, "send_to_repair") else "isn't in repair"


_AGAIN = "It is in use again if somebody has it on record, else in stock."

VERBS = (
    Verb(
        name="send_to_repair",
        title="Send to repair",
        icon="settings",
        help="record that hardware went to be repaired",
        done="{records} sent to repair",
        make=send_to_repair,
        classes=("hardware",),
        fits=sets_status("send_to_repair"),
        why_not=lambda schema, record: is_so(schema, record, "send_to_repair") or is_gone(schema, record),
        fields=(_PLACE, CONDITION, NOTE),
        about="Who has it stays on record.",
        order=110,
    ),
    Verb(
        name="back_from_repair",
        title="Back from repair",
        icon="return",
        help="record that hardware is back from repair",
        done="{records} back from repair",
        make=back_from_repair,
        classes=("hardware",),
        fits=sets_status("send_to_repair"),
        why_not=_not_in_repair,
        fields=(_PLACE, CONDITION, NOTE),
        about=_AGAIN,
        order=120,
    ),
    Verb(
        name="report_lost",
        title="Report lost",
        icon="warning",
        help="record that hardware is missing",
        done="{records} reported lost",
        make=report_lost,
        classes=("hardware",),
        fits=sets_status("report_lost"),
        why_not=lambda schema, record: is_so(schema, record, "report_lost") or is_gone(schema, record),
        fields=(NOTE,),
        about="Who had it last stays on record.",
        order=130,
    ),
    Verb(
        name="report_found",
        title="Report found",
        icon="good",
        help="record that what was lost is there again",
        done="{records} found",
        make=report_found,
        classes=("hardware",),
        fits=sets_status("report_lost"),
        why_not=_not_lost,
        fields=(_PLACE, CONDITION, NOTE),
        about=_AGAIN,
        order=140,
    ),
)
