"""The end of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmdb.model.life_cycle import status_for
from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.values import show
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import (
    CONDITION,
    NOTE,
    condition,
    day_of,
    has_status_already,
    is_gone,
    phase,
    revision,
    sets_status,
)


def retire(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Ends the use of CIs: sets the status and the date, and clears custody."""
    day = day_of(at)

    def of(one: CI) -> Values:
        status = status_for(records.schema, one.cls, "retire")
        nobody: Values = {"assigned_to": None, "expected_return": None}
        return {**nobody, "status": status, "retired_on": day.isoformat(), **condition(values)}

    return revision(records, uids, of, author, Message("Retired on {day}", day=day), values.get("note"))


def dispose(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that CIs were disposed of: the way, the day, and what was done to their data.

    The schema determines the required values (``CIClass.requires``). Applying the revision raises InvalidValue if one
    is missing.
    """
    day, way = day_of(at), str(values["way"])
    erased: dict[str, FieldValue] = {one.attribute: values[one.name] for one in _ERASURE if values.get(one.name)}
    if erased.get("data_erasure_method"):
        erased["data_erased"] = True

    def of(one: CI) -> Values:
        nowhere: Values = {"assigned_to": None, "expected_return": None, "location": None, "rack": None}
        status = status_for(records.schema, one.cls, "dispose")
        return {**nowhere, "status": status, "disposal": way, "disposed_on": day.isoformat(), **erased}

    shown = show(records.schema.every_attribute["disposal"], way)
    reason = Message("Disposed of on {day}: {way}", day=day, way=shown)
    return revision(records, uids, of, author, reason, values.get("note"))


def _can_be_disposed_of(schema: Schema, cls: str) -> bool:
    return {"disposal", "disposed_on"} <= schema.cls(cls).attributes.keys() and sets_status("dispose")(schema, cls)


def _over(schema: Schema, record: CI) -> Message:
    ended = phase(schema, record) in (Phase.LEAVING, Phase.GONE)
    return has_status_already(schema, record) if ended else EMPTY


_ERASURE = (
    VerbField(
        "method",
        Message("Erasure method"),
        attribute="data_erasure_method",
        help=Message("What was done to its data: overwritten, purged, shredded."),
    ),
    VerbField(
        "by", Message("Erased by"), attribute="data_erased_by", help=Message("The person or company that did it.")
    ),
    VerbField(
        "media",
        Message("Erased media"),
        attribute="data_erasure_serial",
        help=Message("Serial numbers of the disks, where the item has none of its own."),
    ),
    VerbField(
        "certificate",
        Message("Certificate"),
        attribute="data_erasure_certificate",
        help=Message("Number or place of the certificate or report."),
    ),
    VerbField(
        "exception",
        Message("Or why not erased"),
        attribute="data_erasure_exception",
        help=Message("Never had a disk, stolen, returned sealed."),
    ),
)
"""What was done to the data on hardware."""


def _retired(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} retired", name=name)
    return counted("{count} item retired", "{count} items retired", number)


def _disposed_of(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} disposed of", name=name)
    return counted("{count} item disposed of", "{count} items disposed of", number)


VERBS = (
    Verb(
        name="retire",
        title=Message("Retire"),
        icon="retire",
        help=Message("end the use of records; they stay in the register"),
        done=_retired,
        make=retire,
        fits=sets_status("retire"),
        why_not=_over,
        fields=(CONDITION, NOTE),
        about=Message(
            "It stays in the register with its history; nobody has it any more. Licences tied to it end with it."
        ),
        order=210,
    ),
    Verb(
        name="dispose",
        title=Message("Dispose of"),
        icon="quit",
        help=Message("record that things left for good, in which way, and what was done to their data"),
        done=_disposed_of,
        make=dispose,
        fits=_can_be_disposed_of,
        why_not=is_gone,
        fields=(
            VerbField(
                "way", Message("Way"), attribute="disposal", required=True, help=Message("In which way it leaves.")
            ),
            *_ERASURE,
            NOTE,
        ),
        about=Message(
            "For computers and storage, enter how the data was erased, by whom, and where the certificate is; "
            "or why it was not."
        ),
        order=220,
    ),
)
