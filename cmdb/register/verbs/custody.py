"""Custody: hand over, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmdb.model.errors import InvalidValue
from cmdb.model.life_cycle import status_for
from cmdb.model.messages import Message, counted
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.verbs.shared_fields import CONDITION, NOTE, condition, day_of, is_gone, phase, revision, sets_status


def hand_over(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Gives hardware to a person, or puts it in a place: sets custody, the date, the condition, and the status.

    Raises InvalidValue if the target is neither.
    """
    target = records.get(str(values["to"]))
    set_: dict[str, FieldValue] = {"assigned_on": day_of(at).isoformat(), "retired_on": None, **condition(values)}
    if records.schema.is_a(target.cls, "person"):
        set_["assigned_to"] = target.uid
    elif records.schema.is_a(target.cls, "place"):
        set_ |= {"location": target.uid, "assigned_to": None}
    else:
        raise InvalidValue(Message("{name} is neither a person nor a place.", name=target.name))

    def of(one: CI) -> Values:
        return {**set_, "status": status_for(records.schema, one.cls, "hand_over")}

    return revision(records, uids, of, author, Message("Handed over to {name}", name=target.name), values.get("note"))


def take_back(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Takes hardware back into stock, at a place if one is given."""
    set_: dict[str, FieldValue] = {"assigned_to": None, "assigned_on": None, "retired_on": None, **condition(values)}
    if values.get("place"):
        set_["location"] = values["place"]

    def of(one: CI) -> Values:
        return {**set_, "status": status_for(records.schema, one.cls, "take_back")}

    return revision(records, uids, of, author, Message("Taken back on {day}", day=day_of(at)), values.get("note"))


def _nothing_to_take_back(schema: Schema, record: CI) -> Message:
    if record.values.get("assigned_to"):
        return is_gone(schema, record)
    if phase(schema, record) is Phase.STOCK:
        return Message("{name} is in stock already, and nobody has it", name=record.name)
    return is_gone(schema, record)


def _handed_over(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} handed over to {to}", name=name, to=shown["to"])
    return counted("{count} item handed over to {to}", "{count} items handed over to {to}", number, to=shown["to"])


def _taken_back(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} taken back", name=name)
    return counted("{count} item taken back", "{count} items taken back", number)


VERBS = (
    Verb(
        name="hand_over",
        title=Message("Hand over"),
        icon="hand-over",
        help=Message("give hardware to a person or put it in a place"),
        done=_handed_over,
        make=hand_over,
        classes=("hardware",),
        fits=sets_status("hand_over"),
        why_not=is_gone,
        fields=(
            VerbField(
                "to",
                Message("To"),
                "reference",
                targets=("person", "place"),
                required=True,
                help=Message("Who gets it, or where it goes."),
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
        title=Message("Take back"),
        icon="return",
        help=Message("take hardware back into stock"),
        done=_taken_back,
        make=take_back,
        classes=("hardware",),
        fits=sets_status("take_back"),
        why_not=_nothing_to_take_back,
        fields=(
            VerbField(
                "place", Message("Place"), "reference", targets=("place",), help=Message("Where it is kept now.")
            ),
            CONDITION,
            NOTE,
        ),
        about=Message("Nobody has it any more; it is in stock."),
        order=20,
        common=True,
    ),
)
