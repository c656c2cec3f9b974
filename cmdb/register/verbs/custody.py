"""Custody: hand over, take back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from cmdb.model.characters import one_line
from cmdb.model.errors import InvalidValue
from cmdb.model.guards import FieldGuard
from cmdb.model.life_cycle import status_for
from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.phase import Phase
from cmdb.model.records import CI
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.verb import FieldValue, Records, Values, Verb, VerbField
from cmdb.register.edits import each
from cmdb.register.verbs.shared_fields import (
    CONDITION,
    NOTE,
    WHOLE_KIT,
    condition,
    day_of,
    is_gone,
    phase,
    revision,
    sets_status,
    status_word,
)


def hand_over(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Gives hardware to a holder: a person, team, department, place, or another asset.

    Sets custody, the day, the expected return, the accessories, the condition and the status; the location, department
    and cost centre are those of the holder where it has some. Those that came with the former holder go. What is chosen
    otherwise of these is so.
    Raises InvalidValue if the target can't have anything.
    """
    schema = records.schema
    target = records.get(str(values["to"]))
    if not any(schema.is_a(target.cls, one) for one in HOLDERS):
        wanted = tuple(schema.cls(one).label for one in HOLDERS if one in schema.classes)
        raise InvalidValue(
            Message("{name} can't have anything: a holder is one of these: {classes}.", name=target.name,
                    classes=wanted)
        )  # fmt: skip
    own = held_with(schema, target)
    former = _holders(records, uids)
    day = day_of(at)
    expected = _return_day(values, day)
    models = records.by_uid({one.text("model") for one in each(records, uids)} - {""})

    def of(one: CI) -> Values:
        if one.uid == target.uid:
            raise InvalidValue(Message("{name} can't be handed over to itself.", name=one.name))
        return {
            **_came_with(schema, one, former),
            **own,
            **_chosen(values, one),
            "assigned_to": target.uid,
            "assigned_on": day.isoformat(),
            "retired_on": None,
            "expected_return": expected,
            **_with_accessories(values, one, models),
            **condition(values),
            "status": status_for(schema, one.cls, "hand_over"),
        }

    reason = Message("Handed over to {name}", name=target.name)
    made = revision(records, uids, of, author, reason, values.get("note"))
    return replace(made, guards=tuple(_guards(schema, (target, *former.values()), uids)))


def take_back(records: Records, uids: Sequence[str], values: Values, author: str, at: str) -> Revision:
    """Takes hardware back into stock: to a place that is given, otherwise to its home place.

    The department and the cost centre that came with the holder go. What is chosen otherwise of these is so. Raises
    InvalidValue where it would not be known where a thing is.
    """
    schema = records.schema
    former = _holders(records, uids)
    missing = _missing(records, uids, values)
    lost: list[str] = []

    def of(one: CI) -> Values:
        came = dict(_came_with(schema, one, former))
        stays = None if "location" in came else one.values.get("location")
        given = {**came, "location": one.values.get("home_place") or stays, **_chosen(values, one)}
        if given["location"] is None and "location" in schema.cls(one.cls).attributes:
            lost.append(one.name)
        return {
            **given,
            "assigned_to": None,
            "assigned_on": None,
            "retired_on": None,
            "expected_return": None,
            **_without(one, missing),
            **condition(values),
            "status": status_for(schema, one.cls, "take_back"),
        }

    reason = Message("Taken back on {day}", day=day_of(at))
    made = revision(records, uids, of, author, reason, values.get("note"))
    if lost:
        raise InvalidValue(
            counted(
                "Where is {name} kept now? It lacks a home place: state “{field}”.",
                "Where are {count} items kept now, {name} and others? They lack a home place: state “{field}”.",
                len(lost),
                name=lost[0],
                field=PLACE,
            )
        )
    return replace(made, guards=tuple(_guards(schema, former.values(), uids)))


def accessories_in(text: FieldValue) -> tuple[str, ...]:
    """The accessories that a text lists, by commas, semicolons or lines; each once."""
    found = (one_line(part) for part in re.split(r"[,;\n]", str(text or "")))
    kept: dict[str, str] = {}
    for part in found:
        if part:
            kept.setdefault(_key(part), part)
    return tuple(kept.values())


def listed_accessories(accessories: Iterable[str]) -> str | None:
    """Accessories as a value; None for none."""
    return ", ".join(accessories) or None


def _with_accessories(values: Values, one: CI, models: Mapping[str, CI]) -> Values:
    """What comes with a thing: what is stated, else what came with it before, else what comes with its model.

    Nothing is missing any more.
    """
    stated = accessories_in(values.get("accessories"))
    if not stated and not one.values.keys() & {"accessories", "missing_accessories"}:
        model = models.get(one.text("model"))
        stated = accessories_in(model.values.get("accessories")) if model is not None else ()
    return {**({"accessories": listed_accessories(stated)} if stated else {}), "missing_accessories": None}


def _return_day(values: Values, day: date) -> FieldValue:
    """The day on which it comes back, if it is lent. Raises InvalidValue for one before the hand over."""
    expected = values.get("expected_return")
    if expected and date.fromisoformat(str(expected)) < day:
        raise InvalidValue(
            Message(
                "The expected return ({expected}) is before the hand over ({day}).",
                expected=date.fromisoformat(str(expected)),
                day=day,
            )
        )
    return expected


def _missing(records: Records, uids: Sequence[str], values: Values) -> Mapping[str, tuple[str, ...]]:
    """Record → the accessories that did not come back with it: those that it came with, and those that none of the
    records is known to have come with.
    """
    stated = accessories_in(values.get("missing"))
    if not stated:
        return {}
    having = {one.uid: {_key(part) for part in accessories_in(one.values.get("accessories"))}
              for one in each(records, uids)}  # fmt: skip
    known = set().union(*having.values())
    return {
        uid: tuple(part for part in stated if _key(part) in own or _key(part) not in known)
        for uid, own in having.items()
    }


def _key(accessory: str) -> str:
    return accessory.casefold()


def _without(one: CI, missing: Mapping[str, tuple[str, ...]]) -> Values:
    """What is still with a thing that comes back, and what is missing."""
    lost = missing.get(one.uid, ())
    if not lost:
        return {}
    gone = {_key(part) for part in lost}
    stays = (part for part in accessories_in(one.values.get("accessories")) if _key(part) not in gone)
    return {"accessories": listed_accessories(stays), "missing_accessories": listed_accessories(lost)}


PLACE = Message("Place")
DEPARTMENT = Message("Department")
COST_CENTRE = Message("Cost centre")
HOLDERS = ("person", "team", "department", "place", "hardware")
"""The classes of what can have a thing."""
_GIVEN = {"location": "place", "department": "department", "cost_centre": "cost_centre"}
"""What a thing has from its holder, and the field in which it is chosen otherwise."""


def held_with(schema: Schema, holder: CI) -> Values:
    """What a thing has from its holder: the location, the department and the cost centre, where these are known."""
    found = {name: holder.values[name] for name in _GIVEN if name in holder.values}
    if schema.is_a(holder.cls, "place"):
        return {"location": holder.uid}
    if schema.is_a(holder.cls, "department"):
        found["department"] = holder.uid
    return found


def _chosen(values: Values, one: CI) -> Values:
    """What is chosen of that which a thing has from its holder: a value, none, or that it stays as it is."""
    found: dict[str, FieldValue] = {}
    for name, field in _GIVEN.items():
        if values.get(_keep(field)):
            found[name] = one.values.get(name)
        elif field in values:
            found[name] = values[field]
    return found


def _keep(field: str) -> str:
    """The field by which what stands in a field stays."""
    return f"keep_{field}"


def _holders(records: Records, uids: Sequence[str]) -> dict[str, CI]:
    """Record → who has it, of those that are with somebody."""
    having = {one.uid: held for one in each(records, uids) if (held := one.text("assigned_to"))}
    known = records.by_uid(set(having.values()))
    return {uid: known[held] for uid, held in having.items() if held in known}


def _came_with(schema: Schema, one: CI, holders: Mapping[str, CI]) -> Values:
    """What a thing has from the holder that it leaves: these values go."""
    holder = holders.get(one.uid)
    if holder is None:
        return {}
    given = held_with(schema, holder)
    return {name: None for name, value in given.items() if one.values.get(name) == value}


def _guards(schema: Schema, holders: Iterable[CI], uids: Sequence[str]) -> Iterator[FieldGuard]:
    """That the holders, beside the records themselves, still have what was taken from them."""
    others = {one.uid: one for one in holders}
    for holder in (others[uid] for uid in others.keys() - set(uids)):
        known = schema.cls(holder.cls).attributes
        yield from (FieldGuard(holder.uid, name, holder.values.get(name)) for name in _GIVEN if name in known)


def _nothing_to_take_back(schema: Schema, record: CI) -> Message:
    if record.values.get("assigned_to"):
        return is_gone(schema, record)
    if phase(schema, record) is Phase.STOCK:
        return Message("{name} is in stock already, and nobody has it", name=record.name)
    return is_gone(schema, record)


def _left(records: Records, values: Values) -> Message:
    """That the holder has left: it may be so, as when an heir or a lawyer gets it, and is mostly a mistake."""
    holder = records.by_uid([str(values.get("to"))]).get(str(values.get("to")))
    if holder is None or phase(records.schema, holder) not in (Phase.LEAVING, Phase.GONE):
        return EMPTY
    return Message("{name} is “{status}”.", name=holder.name, status=status_word(records.schema, holder))


def _handed_over(name: str, number: int, shown: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} handed over to {to}", name=name, to=shown["to"])
    return counted("{count} item handed over to {to}", "{count} items handed over to {to}", number, to=shown["to"])


def _taken_back(name: str, number: int, _: Mapping[str, str]) -> Message:
    if name:
        return Message("{name} taken back", name=name)
    return counted("{count} item taken back", "{count} items taken back", number)


def _place(about: Message) -> VerbField:
    return VerbField("place", PLACE, "reference", attribute="location", targets=("place",), help=about)


def _department(about: Message) -> VerbField:
    return VerbField("department", DEPARTMENT, "reference", attribute="department", targets=("department",), help=about)


def _cost_centre(about: Message) -> VerbField:
    return VerbField("cost_centre", COST_CENTRE, attribute="cost_centre", help=about)


_KEPT = (
    VerbField(
        _keep("place"), Message("Keep the place"), "boolean", keeps="place",
        help=Message("Yes: each stays where it is."),
    ),
    VerbField(
        _keep("department"), Message("Keep the department"), "boolean", keeps="department",
        help=Message("Yes: each keeps the department that it has."),
    ),
    VerbField(
        _keep("cost_centre"), Message("Keep the cost centre"), "boolean", keeps="cost_centre",
        help=Message("Yes: each keeps the cost centre that it has."),
    ),
)  # fmt: skip
_RECEIPT = VerbField(
    "receipt", Message("Receipt to be signed"), "boolean",
    help=Message("By default where terms apply and a person has it: the person signs for it."),
)  # fmt: skip
VERBS = (
    Verb(
        name="hand_over",
        title=Message("Hand over"),
        icon="hand-over",
        help=Message("give hardware to a person, a team, a place or with another asset"),
        done=_handed_over,
        make=hand_over,
        classes=("hardware",),
        fits=sets_status("hand_over"),
        why_not=is_gone,
        doubt=_left,
        fields=(
            VerbField(
                "to",
                Message("To"),
                "reference",
                targets=HOLDERS,
                required=True,
                help=Message("Who gets it, or where it goes."),
            ),
            VerbField(
                "expected_return",
                Message("Expected return"),
                attribute="expected_return",
                help=Message("When it comes back, if it is lent."),
            ),
            _place(Message("Where it will be; by default where the holder is.")),
            _department(Message("To which it belongs; by default that of the holder.")),
            _cost_centre(Message("Who pays for it; by default that of the holder.")),
            *_KEPT,
            WHOLE_KIT,
            CONDITION,
            VerbField(
                "accessories",
                Message("Accessories"),
                attribute="accessories",
                help=Message("What comes with each, such as “charger, bag”."),
            ),
            _RECEIPT,
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
            _place(Message("Where it is kept now; by default its home place.")),
            _department(Message("To which it belongs; by default what it had from its holder goes.")),
            _cost_centre(Message("Who pays for it; by default what it had from its holder goes.")),
            *_KEPT,
            WHOLE_KIT,
            CONDITION,
            VerbField(
                "missing",
                Message("Missing"),
                attribute="missing_accessories",
                help=Message("Accessories that did not come back, such as “charger”."),
            ),
            _RECEIPT,
            NOTE,
        ),
        about=Message("Nobody has it any more; it is in stock."),
        order=20,
        common=True,
    ),
)
