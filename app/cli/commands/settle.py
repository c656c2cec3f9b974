"""``settle PERSON [returned=ITEM,…] [missing=ITEM,…] …``: what a leaver has, settled in one revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr, trn, verbatim

if TYPE_CHECKING:
    from app.leavers.remaining import RemainingThings
    from app.leavers.settling import Settlement
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("settle what somebody who leaves still has; without fields, list it"),
    "records",
    example=("Robin Leaver", "on=2026-01-31"),
    before=(("create", "person", "name=Robin Leaver"),),
)
_OUTCOMES = ("returned", "missing", "keeps", "later")
_OF_RETURNED, _OF_KEPT = ("place", "condition"), ("way", "method", "by", "media", "certificate", "exception")
"""The fields of the verbs that do it."""
_DAYS = ("on", "due")
_OF_PERSON = (*_DAYS, "hand_to", "seats", "note")
_FIELDS = (*_OUTCOMES, *_OF_RETURNED, *_OF_KEPT, *_OF_PERSON)


def arguments(parser: argparse.ArgumentParser) -> None:
    """PERSON, and what becomes of what they have."""
    parser.add_argument("person", metavar="PERSON", help=tr("who leaves"))
    parser.add_argument(
        "fields",
        metavar="FIELD=VALUE",
        nargs="*",
        help=tr(
            "{outcomes}: items, with commas between them; {returned} for what was returned, {keeps} for what they "
            "keep; {others} for the person",
            outcomes=_listed(_OUTCOMES),
            returned=_listed(_OF_RETURNED),
            keeps=_listed(_OF_KEPT),
            others=_listed(_OF_PERSON),
        ),
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}=" for name in names)


def run(context: CommandContext) -> int:
    """One revision; or the list of what the person still has."""
    from app.leavers.remaining import remaining
    from app.leavers.settling import settled_revision
    from app.renewal import edit

    args = context.args
    given = _given(args.fields)
    for text in given.values():
        context.warn_removed(text)
    if not given:
        with context.read() as reader:
            found = remaining(reader, _person(reader, args.person).uid)
            context.answer(document(reader, found), lambda: lines(reader, found))
        return DONE
    store, person = context.store(), [""]

    def decide(reader: Reader) -> Revision:
        person[0] = _person(reader, args.person).uid
        return settled_revision(reader, person[0], _settlement(reader, given), context.author)

    applied = edit(store, decide, lambda revision: store.apply(revision, context.control()))
    with context.read() as reader:
        _answer(context, reader, applied, remaining(reader, person[0]))
    return DONE


def _answer(context: CommandContext, reader: Reader, applied: AppliedRevision, found: RemainingThings) -> None:
    from app.cli import revision_report as report

    def told() -> Iterator[str]:
        yield from report.lines(context, applied)
        yield from lines(reader, found)

    context.say_meanwhile(applied)
    context.answer({**report.document(applied), "remaining": document(reader, found)}, told)


def _person(reader: Reader, word: str) -> CI:
    from app.verbs import find_among

    return find_among(reader, ("person",), word)


def _given(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or name.strip().casefold() not in _FIELDS:
            raise InvalidValue(
                Message("{verb} has no field “{field}”.", verb="settle", field=name), tuple(map(verbatim, _FIELDS))
            )
        found[name.strip().casefold()] = text.strip()
    return found


def _settlement(reader: Reader, given: Mapping[str, str]) -> Settlement:
    from app.cli.typed_values import typed_moment
    from app.leavers.settling import LineOutcome, SettledLine, Settlement

    settled: dict[str, SettledLine] = {}
    for name in _OUTCOMES:
        items = [reader.find(word.strip()) for word in given.get(name, "").split(",") if word.strip()]
        values = _values(reader, LineOutcome(name), items, given) if items else {}
        for one in items:
            if one.uid in settled:
                raise InvalidValue(Message("{name} is named twice.", name=one.name))
            settled[one.uid] = SettledLine(LineOutcome(name), values)
    days = {name: typed_moment(given.get(name, "")) for name in _DAYS}
    for name, day in days.items():
        _check_day(name, day)
    return Settlement(
        settled,
        days["on"],
        _handed(reader, given),
        given.get("seats", "").casefold() not in ("no", "0", "false"),
        days["due"],
        given.get("note", ""),
    )


def _values(reader: Reader, outcome: Any, items: list[CI], given: Mapping[str, str]) -> dict[str, Value | None]:
    """The values of the verb that does it."""
    from app.cli.verbs import field_value
    from app.leavers.settling import fields_of

    fields = fields_of(outcome)
    typed = [field for field in fields if given.get(field.name)]
    return {field.name: field_value(reader, field, items, given[field.name]) for field in typed}


def _handed(reader: Reader, given: Mapping[str, str]) -> dict[str, str]:
    """All that the person owns or is to do goes to one other."""
    from app.leavers.settling import EVERYTHING

    return {EVERYTHING: _person(reader, given["hand_to"]).uid} if given.get("hand_to") else {}


def _check_day(name: str, text: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(text or "2026-01-01")
    except ValueError:
        raise InvalidValue(Message("{field} “{text}” is no date such as 2026-03-31.", field=name, text=text)) from None


def document(reader: Reader, found: RemainingThings) -> dict[str, Any]:
    """What a person still has, as JSON."""
    label = reader.schema.cls
    return {
        "person": {"id": found.person.uid, "name": found.person.name},
        "left_on": found.person.text("end") or None,
        "items": [
            {"id": one.record.uid, "class": label(one.record.cls).label, "name": one.record.name,
             "with": one.with_item or None}
            for one in found.items
        ],
        "seats": [{"id": one.licence, "name": one.name} for one in found.seats],
        "named_in": [
            {"field": one.attribute, "records": [record.name for record in one.records], "links": len(one.links)}
            for one in found.owned
        ],
    }  # fmt: skip


def lines(reader: Reader, found: RemainingThings) -> Iterator[str]:
    """The same as text."""
    if not found.number:
        yield tr("{name} has nothing.", name=found.person.name)
        return
    yield trn("{name} has {count} thing:", "{name} has {count} things:", len(found.items), name=found.person.name)
    for one in found.items:
        label = reader.schema.cls(one.record.cls).label
        shown = tr("{cls} {name}", cls=label, name=one.record.name)
        yield "  " + (tr("{item}, with {other}", item=shown, other=one.with_item) if one.with_item else shown)
    for seat in found.seats:
        yield "  " + tr("Seat of {licence}", licence=seat.name)
    for owned in found.owned:
        names = tuple(one.name for one in owned.records)
        number = len(names) + len(owned.links)
        yield "  " + trn("{label}: of {count} record", "{label}: of {count} records", number, label=owned.label)
