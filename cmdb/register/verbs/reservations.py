"""Reserving: a thing, a kit, or some of a model are kept for somebody for a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from cmdb.model.errors import InvalidValue
from cmdb.model.guards import FreeGuard
from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.records import CI
from cmdb.model.reservations import KIND, Reservation, shown_interval, stated_interval, worded
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema
from cmdb.model.verb import Records, Values, Verb, VerbField
from cmdb.register.edits import each
from cmdb.register.verbs.shared_fields import NOTE, is_gone

if TYPE_CHECKING:
    from cmdb.model.intervals import Interval
    from cmdb.store.reading.reader import Reader

MODEL = "hardware_model"
HOLDERS = ("person", "team", "department")


def reserve(records: Records, uids: Sequence[str], values: Values, author: str, _at: str) -> Revision:
    """Keeps things for somebody from a day until another one. Raises InvalidValue where one is reserved already."""
    from cmdb.store.reading.reservations import obstacle

    reader = cast("Reader", getattr(records, "reader", records))  # What is reserved is what is there now.
    during = stated_interval(str(values.get("from") or ""), str(values.get("until") or ""))
    chosen = list(each(records, uids))
    edits, guards, of_model = list[Edit](), list[FreeGuard](), dict[str, int]()
    note = str(values.get("note") or "")
    for one in chosen:
        if one.text("kit") in uids:
            continue  # It is kept with its kit.
        is_model = records.schema.is_a(one.cls, MODEL)
        model = "" if is_model else one.text("model")
        of_model[model] = of_model.get(model, 0) + 1
        quantity = max(1, int(str(values.get("quantity") or 1))) if is_model else 1
        wanted = quantity if is_model or not model else of_model[model]
        if other := obstacle(reader, one.uid, during, wanted):
            raise InvalidValue(taken(reader, one, other))
        guards.append(FreeGuard(one.uid, during, wanted))
        made = Reservation(new_id(), one.uid, during, str(values["for"]), quantity, note)
        edits.append(Edit(Record(KIND, (made.uid,)), "", None, made.fields()))
    return Revision(edits, author, reason=_reason(records, str(values["for"]), during, note), guards=tuple(guards))


def taken(reader: Reader, one: CI, other: Reservation) -> Message:
    """That a record is reserved already: what for whom and when."""
    names = reader.names({other.subject, other.by} - {""})
    when = worded(other.fields(), names)
    if other.subject == one.uid:
        return Message("{name} is reserved: {reservation}.", name=one.name, reservation=when)
    subject = names.get(other.subject, ("", ""))[1]
    return Message("{name} is not free: {other} is reserved, {reservation}.", name=one.name, other=subject,
                   reservation=when)  # fmt: skip


def _reason(records: Records, uid: str, during: Interval, note: str) -> Message:
    name = records.get(uid).name
    text = Message("Reserved for {name}, {time}", name=name, time=shown_interval(during))
    return Message("{reason}: {note}", reason=text, note=note) if note else text


def _gone(schema: Schema, record: CI) -> Message:
    return EMPTY if schema.is_a(record.cls, MODEL) else is_gone(schema, record)


def _reserved(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} reserved for {to}", name=name, to=shown["for"])
    return counted("{count} item reserved for {to}", "{count} items reserved for {to}", number, to=shown["for"])


VERBS = (
    Verb(
        name="reserve",
        title=Message("Reserve"),
        icon="calendar",
        help=Message("keep hardware, a kit or some of a model for somebody for a time"),
        done=_reserved,
        make=reserve,
        classes=("hardware", MODEL),
        why_not=_gone,
        fields=(
            VerbField(
                "for",
                Message("For"),
                "reference",
                targets=HOLDERS,
                required=True,
                help=Message("Who will get it."),
            ),
            VerbField("from", Message("From"), "date", help=Message("The first day; by default it begins now.")),
            VerbField("until", Message("Until"), "date", help=Message("The last day; without one it has no end.")),
            VerbField(
                "quantity",
                Message("How many"),
                "integer",
                help=Message("Of a model: how many of its devices, whichever; by default one."),
            ),
            NOTE,
        ),
        about=Message("Nobody else can reserve it for that time. Handing it over to whom it is for ends this."),
        order=25,
    ),
)
