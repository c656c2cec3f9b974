"""The end of use."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.life_cycle import status_for
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
    is_gone,
    phase,
    revision,
    sets_status,
    status_word,
)


def retire(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Ends the use of CIs: the status, the date, and nobody has them any more."""
    day = day_of(at)

    def of(one: CI) -> Values:
        status = status_for(records.schema, one.cls, "retire")
        return {"status": status, "assigned_to": None, "retired_on": day, **condition(values)}

    return revision(records, uids, of, author, f"Retired on {day}", values.get("note"))


def dispose(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Records that things have left for good: in which way and on which day, and what was done to their data.

    What is needed the schema says (see ``CIClass.requires``): applying it raises InvalidValue where that is missing.
    """
    day, way = day_of(at), str(values["way"])
    erased: dict[str, FieldValue] = {one.attribute: values[one.name] for one in _ERASURE if values.get(one.name)}
    if erased.get("data_erasure_method"):
        erased["data_erased"] = True

    def of(one: CI) -> Values:
        nowhere: Values = {"assigned_to": None, "location": None, "rack": None}
        status = status_for(records.schema, one.cls, "dispose")
        return {**nowhere, "status": status, "disposal": way, "disposed_on": day, **erased}

    shown = show(records.schema.all_attributes()["disposal"], way)
    return revision(records, uids, of, author, f"Disposed of on {day}: {shown}", values.get("note"))


def _can_be_disposed_of(schema: Schema, cls: str) -> bool:
    return {"disposal", "disposed_on"} <= schema.cls(cls).attributes.keys() and sets_status("dispose")(schema, cls)


def _over(schema: Schema, record: CI) -> str:
    ended = phase(schema, record) in (Phase.LEAVING, Phase.GONE)
    return f"is {status_word(schema, record).lower()} already" if ended else ""


_ERASURE = (
    VerbField(
        "method",
        "Erasure method",
        attribute="data_erasure_method",
        help="What was done to its data: overwritten, purged, shredded.",
    ),
    VerbField("by", "Erased by", attribute="data_erased_by", help="The person or company that did it."),
    VerbField(
        "media",
        "Erased media",
        attribute="data_erasure_serial",
        help="Serial numbers of the disks, where the item has none of its own.",
    ),
    VerbField(
        "certificate",
        "Certificate",
        attribute="data_erasure_certificate",
        help="Number or place of the certificate or report.",
    ),
    VerbField(
        "exception",
        "Or why not erased",
        attribute="data_erasure_exception",
        help="Never had a disk, stolen, returned sealed.",
    ),
)
"""What was done to the data on something."""

VERBS = (
    Verb(
        name="retire",
        title="Retire",
        icon="retire",
        help="end the use of records; they stay in the register",
        done="{records} retired",
        make=retire,
        fits=sets_status("retire"),
        why_not=_over,
        fields=(CONDITION, NOTE),
        about="It stays in the register with its history; nobody has it any more. Licences tied to it end with it.",
        order=210,
    ),
    Verb(
        name="dispose",
        title="Dispose of",
        icon="quit",
        help="record that things left for good, in which way, and what was done to their data",
        done="{records} disposed of",
        make=dispose,
        fits=_can_be_disposed_of,
        why_not=is_gone,
        fields=(
            VerbField("way", "Way", attribute="disposal", required=True, help="In which way it leaves."),
            *_ERASURE,
            NOTE,
        ),
        about="Of computers and storage say how their data was erased, by whom, and where the certificate is; "
        "or why it was not.",
        order=220,
    ),
)
