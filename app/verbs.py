"""Doing what the register's verbs do: on which records a verb acts, and the revision that it makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmdb.model.errors import Ambiguous, InvalidValue, NotFound, UserError
from cmdb.model.event_times import moment_of
from cmdb.model.formats import moment
from cmdb.model.guards import FieldGuard
from cmdb.model.life_cycle import STATUS
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Revision
from cmdb.model.verb import Records, Values, Verb
from cmdb.register.verbs import verbs

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

Uids = Callable[["Reader"], Sequence[str]]
"""The records for a verb, looked up where they are read."""

RECEIPT = "receipt"
"""The field by which a verb is asked for a receipt to be signed."""
#: Records that a scope names.
NAMED = 5


@dataclass(frozen=True, slots=True)
class ExcludedRecords:
    """Records that a verb can't be done with, all for one reason."""

    why: Message
    """Of the first of them: "OLD-1 is “Retired” already"."""
    number: int


@dataclass(frozen=True, slots=True)
class VerbScope:
    """On which of the records that were chosen a verb would act."""

    number: int
    names: tuple[str, ...]
    """Of the first of them."""
    left_out: int
    reasons: tuple[ExcludedRecords, ...]
    """Why, the most frequent reason first."""


def known_verbs() -> dict[str, Verb]:
    """Every verb by its name, in the order of menus."""
    return verbs()


def scope(records: Records, verb: Verb, uids: Iterable[str]) -> VerbScope:
    """On which records a verb would act. Raises NotFound for one that doesn't exist."""
    number = 0
    names: list[str] = []
    reasons: Counter[object] = Counter()
    first: dict[object, Message] = {}
    for one, why in _judged(records, verb, uids):
        if why:
            kind = (why.template, *((name, value) for name, value in why.values.items() if name != "name"))
            reasons[kind] += 1
            first.setdefault(kind, why)
        else:
            number += 1
            names += [one.name] if number <= NAMED else []
    left = tuple(ExcludedRecords(first[kind], many) for kind, many in reasons.most_common())
    return VerbScope(number, tuple(names), reasons.total(), left)


def make(
    reader: Reader, verb: Verb, uids: Iterable[str], values: Values, author: str, at: str = "", *, every: bool
) -> Revision:
    """The revision of a verb on records, with its events. ``at`` is the ISO date or time of it; now for "".

    Those that it can't be done with are left out; with ``every`` one of the records, UserError says which and why.
    Raises InvalidValue for a value that is missing and for a time in the future, and NotFound.
    """
    from cmdb.register.events import RecordsThen, event_time, with_events

    when = event_time(reader, at)
    uids = list(dict.fromkeys(uids))
    then = RecordsThen(reader, uids, when.at) if when.stated else None
    records: Records = reader if then is None else then
    for field in verb.fields:
        if field.required and not values.get(field.name):
            raise InvalidValue(Message("“{verb}” needs the field “{field}”.", verb=verb.title, field=field.label))
    _refuse_both(verb, values)
    acted: list[CI] = []
    refused: list[Message] = []
    for one, why in _judged(records, verb, uids):
        if why:
            refused.append(why)
        else:
            acted.append(one)
    if len(refused) == 1 and (every or not acted):
        if then is not None:
            known = moment(moment_of(when.at))
            raise UserError(Message("{verb}: {reason} as of {time}.", verb=verb.title, reason=refused[0], time=known))
        raise UserError(Message("{verb}: {reason}.", verb=verb.title, reason=refused[0]))
    if refused and (every or not acted):
        text = counted(
            "{verb}: it can't be done with {count} record.",
            "{verb}: it can't be done with {count} records.",
            len(refused),
            verb=verb.title,
        )
        raise UserError(text, tuple(refused))
    named = [one.uid for one in acted]
    made = verb.make(records, named, values, author, at)
    if has_receipts(verb):
        from app.receipts.making import with_receipts

        made = with_receipts(reader, verb, made, acted, values, at)
    if then is None:
        made = replace(made, guards=(*made.guards, *_judged_by(acted)))
    is_late = then.is_late if then is not None else lambda _uid, _field: False
    told = with_events(made, reader.schema, verb.name, _staying(verb, named, values), when, is_late)
    return replace(told, decided_at=reader.number)


def has_receipts(verb: Verb) -> bool:
    """Whether people sign for what a verb does."""
    return any(field.name == RECEIPT for field in verb.fields)


def _refuse_both(verb: Verb, values: Values) -> None:
    """Raises InvalidValue where a value is given, and that what is there stays."""
    for field in verb.fields:
        if field.keeps in values and values.get(field.name):
            other = next(one.label for one in verb.fields if one.name == field.keeps)
            raise InvalidValue(
                Message("State either “{field}” or “{other}”, not both.", field=other, other=field.label)
            )


def _staying(verb: Verb, named: list[str], values: Values) -> list[str]:
    """Of which records it is said what happened: those that a verb is done with, or what they become part of."""
    return [str(values[field.name]) for field in verb.fields if field.alike] or named


def _judged_by(records: Iterable[CI]) -> Iterator[FieldGuard]:
    """That records are still of the class and the status by which a verb was found to be possible."""
    for one in records:
        yield FieldGuard(one.uid, "class", one.cls)
        yield FieldGuard(one.uid, STATUS, one.values.get(STATUS))


def _judged(records: Records, verb: Verb, uids: Iterable[str]) -> Iterator[tuple[CI, Message]]:
    from cmdb.register.edits import each

    for one in each(records, uids):
        yield one, verb.reason(records.schema, one)


def find_among(reader: Reader, targets: Sequence[str], word: str) -> CI:
    """The record that a person means where one of some classes is wanted. Raises NotFound, Ambiguous, InvalidValue."""
    schema = reader.schema
    found: CI | None = None
    try:
        found = reader.find(word)
    except (Ambiguous, NotFound) as error:
        problem: UserError = error
    if found is not None and any(schema.is_a(found.cls, one) for one in targets):
        return found
    for one in targets:
        try:
            return reader.find(f"{one}:{word}")
        except NotFound:
            continue
    if found is None:
        raise problem
    wanted = tuple(schema.cls(one).label for one in targets)
    raise InvalidValue(
        Message(
            "{name} is of class {cls}; a record of one of these classes is wanted: {wanted}.",
            name=found.name,
            cls=schema.cls(found.cls).label,
            wanted=wanted,
        )
    )
