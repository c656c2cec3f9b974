"""Temporary absence: lost and found, sent to repair and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cmdb.model.life_cycle import status_for
from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register.maintenance import MAINTENANCE, begun, returned
from cmdb.register.verbs.maintenance import COST, CURRENCY, RESULT, SUPPLIER, UNDER_WARRANTY
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

_PLACE = VerbField("place", Message("Place"), "reference", targets=("place",), help=Message("Where it is now."))
_DUE = VerbField(
    "due", Message("Expected back"), attribute="due", of=MAINTENANCE, help=Message("When it should be back.")
)


def report_lost(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that hardware is missing. Its custodian stays on record."""

    def of(one: CI) -> Values:
        return {"status": status_for(records.schema, one.cls, "report_lost")}

    return revision(records, uids, of, author, Message("Reported lost on {day}", day=day_of(at)), values.get("note"))


def report_found(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that lost hardware was found: in use if it is assigned to somebody, otherwise in stock."""
    return _back(records, uids, values, author, Message("Found on {day}", day=day_of(at)))


def send_to_repair(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that hardware is sent to repair, and begins a maintenance of each. Its custodian stays on record."""

    def of(one: CI) -> Values:
        return {"status": status_for(records.schema, one.cls, "send_to_repair"), **_there(values)}

    reason = Message("Sent to repair on {day}", day=day_of(at))
    made = revision(records, uids, of, author, reason, values.get("note"))
    return replace(made, edits=[*made.edits, *begun(records, uids, day_of(at), values)])


def back_from_repair(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that hardware is back from repair: in use if it is assigned to somebody, otherwise in stock.

    Its open repairs are done.
    """
    made = _back(records, uids, values, author, Message("Back from repair on {day}", day=day_of(at)))
    return replace(made, edits=[*made.edits, *returned(records, uids, day_of(at), values)])


def _back(records: Records, uids: Sequence[str], values: Values, author: str, reason: Message) -> Revision:
    def of(one: CI) -> Values:
        return {"status": back_in_use(records.schema, one), **_there(values)}

    return revision(records, uids, of, author, reason, values.get("note"))


def _there(values: Values) -> Values:
    return {**condition(values), **({"location": values["place"]} if values.get("place") else {})}


def _not_lost(schema: Schema, record: CI) -> Message:
    lost = is_so(schema, record, "report_lost")
    return EMPTY if lost else Message("{name} isn't lost", name=record.name)


def _not_in_repair(schema: Schema, record: CI) -> Message:
    in_repair = is_so(schema, record, "send_to_repair")
    return EMPTY if in_repair else Message("{name} isn't in repair", name=record.name)


_AGAIN = Message("It is in use again if somebody has it on record, else in stock.")


def _sent_to_repair(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} sent to repair", name=name)
    return counted("{count} item sent to repair", "{count} items sent to repair", number)


def _back_from_repair(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} back from repair", name=name)
    return counted("{count} item back from repair", "{count} items back from repair", number)


def _reported_lost(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} reported lost", name=name)
    return counted("{count} item reported lost", "{count} items reported lost", number)


def _found(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} found", name=name)
    return counted("{count} item found", "{count} items found", number)


VERBS = (
    Verb(
        name="send_to_repair",
        title=Message("Send to repair"),
        icon="settings",
        help=Message("record that hardware went to be repaired"),
        done=_sent_to_repair,
        make=send_to_repair,
        classes=("hardware",),
        fits=sets_status("send_to_repair"),
        why_not=lambda schema, record: is_so(schema, record, "send_to_repair") or is_gone(schema, record),
        fields=(_PLACE, SUPPLIER, _DUE, UNDER_WARRANTY, CONDITION, NOTE),
        about=Message("Who has it stays on record. A maintenance is begun for each."),
        order=110,
    ),
    Verb(
        name="back_from_repair",
        title=Message("Back from repair"),
        icon="return",
        help=Message("record that hardware is back from repair"),
        done=_back_from_repair,
        make=back_from_repair,
        classes=("hardware",),
        fits=sets_status("send_to_repair"),
        why_not=_not_in_repair,
        fields=(_PLACE, RESULT, COST, CURRENCY, UNDER_WARRANTY, CONDITION, NOTE),
        about=_AGAIN,
        order=120,
    ),
    Verb(
        name="report_lost",
        title=Message("Report lost"),
        icon="warning",
        help=Message("record that hardware is missing"),
        done=_reported_lost,
        make=report_lost,
        classes=("hardware",),
        fits=sets_status("report_lost"),
        why_not=lambda schema, record: is_so(schema, record, "report_lost") or is_gone(schema, record),
        fields=(NOTE,),
        about=Message("Who had it last stays on record."),
        order=130,
    ),
    Verb(
        name="report_found",
        title=Message("Report found"),
        icon="good",
        help=Message("record that what was lost is there again"),
        done=_found,
        make=report_found,
        classes=("hardware",),
        fits=sets_status("report_lost"),
        why_not=_not_lost,
        fields=(_PLACE, CONDITION, NOTE),
        about=_AGAIN,
        order=140,
    ),
)
