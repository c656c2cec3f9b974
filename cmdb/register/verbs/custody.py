"""Custody: hand over, take back."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.errors import InvalidValue
from cmdb.model.life_cycle import status_for
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import CONDITION, NOTE, condition, day_of, is_gone, phase, revision, sets_status


def hand_over(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Gives hardware to a person, or puts it in a place: sets custody, the date, the condition, and the status.

    Raises InvalidValue where the target is neither.
    """
    target = records.get(str(values["to"]))
    set_: dict[str, FieldValue] = {"assigned_on": day_of(at), "retired_on": None, **condition(values)}
    if records.schema.is_a(target.cls, "person"):
        set_["assigned_to"] = target.uid
    elif records.schema.is_a(target.cls, "place"):
        set_ |= {"location": target.uid, "assigned_to": None}
    else:
        raise InvalidValue(f"{target.name} is neither a person nor a place.")

    def of(one: CI) -> Values:
        return {**set_, "status": status_for(records.schema, one.cls, "hand_over")}

    return revision(records, uids, of, author, f"Handed over to {target.name}", values.get("note"))


def take_back(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Takes hardware back into stock, to a place where one is given."""
    set_: dict[str, FieldValue] = {"assigned_to": None, "assigned_on": None, "retired_on": None, **condition(values)}
    if values.get("place"):
        set_["location"] = values["place"]

    def of(one: CI) -> Values:
        return {**set_, "status": status_for(records.schema, one.cls, "take_back")}

    return revision(records, uids, of, author, f"Taken back on {day_of(at)}", values.get("note"))


def _nothing_to_take_back(schema: Schema, record: CI) -> str:
    if record.values.get("assigned_to"):
        return is_gone(schema, record)
    if phase(schema, record) is Phase.STOCK:
        return "is in stock already, and nobody has it"
    return is_gone(schema, record)


VERBS = (
    Verb(
        name="hand_over",
        title="Hand over",
        icon="hand-over",
        help="give hardware to a person or put it in a place",
        done="{records} handed over to {to}",
        make=hand_over,
        classes=("hardware",),
        fits=sets_status("hand_over"),
        why_not=is_gone,
        fields=(
            VerbField(
                "to",
                "To",
                "reference",
                targets=("person", "place"),
                required=True,
                help="Who gets it, or where it goes.",
            ),
            CONDITION,
            NOTE,
        ),
        keys="Ctrl+H",
        order=10,
        common=True,
    ),
    Verb(
        name="take_back",
        title="Take back",
        icon="return",
        help="take hardware back into stock",
        done="{records} taken back",
        make=take_back,
        classes=("hardware",),
        fits=sets_status("take_back"),
        why_not=_nothing_to_take_back,
        fields=(
            VerbField("place", "Place", "reference", targets=("place",), help="Where it is kept now."),
            CONDITION,
            NOTE,
        ),
        about="Nobody has it any more; it is in stock.",
        order=20,
        common=True,
    ),
)
