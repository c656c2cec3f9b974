"""Doing what the register's verbs do: on which records a verb acts, and the revision that it makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.kits import KIT, KitMove, asks_about_kits, kit_move, of_kits
from cmdb.model.errors import Ambiguous, InvalidValue, NotFound, UserError
from cmdb.model.event_times import moment_of
from cmdb.model.formats import moment
from cmdb.model.guards import FieldGuard
from cmdb.model.life_cycle import STATUS
from cmdb.model.messages import Message, chain, counted
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.verb import Records, Values, Verb
from cmdb.register.verbs import verbs

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.register.events import RecordsThen
    from cmdb.register.reserved_custody import ReservedCustody
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
    kits: tuple[str, ...] = ()
    """The kits of which only things are among them, where it must be said whether a whole kit goes."""


def known_verbs() -> dict[str, Verb]:
    """Every verb by its name, in the order of menus."""
    return verbs()


def scope(records: Records, verb: Verb, uids: Iterable[str]) -> VerbScope:
    """On which records a verb would act. Raises NotFound for one that doesn't exist."""
    number = 0
    names: list[str] = []
    reasons: Counter[object] = Counter()
    first: dict[object, Message] = {}
    of_some_kit: list[CI] = []
    for one, why in _judged(records, verb, uids):
        if KIT in one.values or one.cls == KIT:
            of_some_kit.append(one)
        if why:
            kind = (why.template, *((name, value) for name, value in why.values.items() if name != "name"))
            reasons[kind] += 1
            first.setdefault(kind, why)
        else:
            number += 1
            names += [one.name] if number <= NAMED else []
    left = tuple(ExcludedRecords(first[kind], many) for kind, many in reasons.most_common())
    kits = of_kits(records, of_some_kit) if of_some_kit and asks_about_kits(verb) else ()
    return VerbScope(number, tuple(names), reasons.total(), left, tuple(kits))


def make(
    reader: Reader,
    verb: Verb,
    uids: Iterable[str],
    values: Values,
    author: str,
    at: str = "",
    *,
    every: bool,
    together: bool = True,
) -> Revision:
    """The revision of a verb on records, with its events. ``at`` is the ISO date or time of it; now for "".

    With a kit it is done with what is in the kit, unless not ``together``.
    Those that it can't be done with are left out; with ``every`` one of the records, UserError says which and why.
    Raises InvalidValue for a value that is missing and for a time in the future, and NotFound.
    """
    from cmdb.register.events import RecordsThen, event_time, with_events

    when = event_time(reader, at)
    uids = list(dict.fromkeys(uids))
    kits = kit_move(reader, verb, uids, values) if together else KitMove(tuple(uids))
    uids = list(kits.uids)
    then = RecordsThen(reader, uids, when.at) if when.stated else None
    records: Records = reader if then is None else then
    for field in verb.fields:
        if field.required and not values.get(field.name):
            raise InvalidValue(Message("“{verb}” needs the field “{field}”.", verb=verb.title, field=field.label))
    _refuse_both(verb, values)
    acted = _acted(records, verb, uids, then, when.at, every=every)
    named = [one.uid for one in acted]
    made = verb.make(records, named, values, author, at)
    if has_receipts(verb):
        from app.receipts.making import with_receipts

        made = with_receipts(reader, verb, made, acted, values, at)
    if then is None:
        made = replace(made, guards=(*made.guards, *_judged_by(acted)))
    is_late = then.is_late if then is not None else lambda _uid, _field: False
    told = with_events(made, reader.schema, verb.name, _staying(verb, named, values), when, is_late)
    taken_out = [Edit(ci(one.uid), KIT, one.values.get(KIT), None) for one in kits.apart if one.uid in named]
    told = replace(told, edits=[*told.edits, *taken_out], decided_at=reader.number)
    return _with_reservations(reader, verb, told, every=every)


def _acted(
    records: Records, verb: Verb, uids: Iterable[str], then: RecordsThen | None, at: int, *, every: bool
) -> list[CI]:
    """The records that a verb can be done with. Raises UserError for none, and for one refused of ``every``."""
    acted: list[CI] = []
    refused: list[Message] = []
    for one, why in _judged(records, verb, uids):
        if why:
            refused.append(why)
        else:
            acted.append(one)
    if len(refused) == 1 and (every or not acted):
        if then is not None:
            known = moment(moment_of(at))
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
    return acted


def _with_reservations(reader: Reader, verb: Verb, made: Revision, *, every: bool) -> Revision:
    """A hand over fulfils the reservations of whom it goes to; with ``every``, those of others refuse it."""
    from cmdb.register.reserved_custody import reserved_custody, with_reservations

    found = reserved_custody(reader, made.edits)
    if found.broken and every:
        raise UserError(
            Message(
                "{verb}: {reason} Hand over something else, say when it is back before that, or end the reservation.",
                verb=verb.title,
                reason=reservations_told(reader, found),
            )
        )
    return with_reservations(made, found)


def reservations_told(reader: Reader, found: ReservedCustody) -> Message:
    """Which things are kept for others, in words; an empty text for none."""
    from cmdb.register.verbs.reservations import taken

    return chain([taken(reader, one, other) for one, other in found.broken])


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
