"""What is offered in the fields of a verb in place of which what the records have may stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.verb_preview import changes_of
from app.verbs import make
from cmdb.model.errors import InvalidValue

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute
    from cmdb.model.values import Value
    from cmdb.model.verb import Values, Verb, VerbField
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class FieldOffer:
    """What stands in an attribute now, and what a verb makes of it by itself: the different values of all records."""

    attribute: Attribute
    now: tuple[Value | None, ...]
    by_itself: tuple[Value | None, ...] | None
    """None where the verb can't be done without a value."""
    stays: bool
    """Whether the verb by itself leaves all records as they are."""
    holder: str = ""
    """The name of the record that the verb takes its value from; "" where it is from none, or from several."""


@dataclass(frozen=True)
class VerbOffers:
    """The offers by the verb's fields, and the names of the records that their values refer to."""

    fields: Mapping[str, FieldOffer]
    names: Mapping[str, tuple[str, str]]


def offered_fields(verb: Verb) -> dict[str, VerbField]:
    """The fields in place of which what the records have may stay, each with the one by which it does."""
    return {field.keeps: field for field in verb.fields if field.keeps}


def offers(reader: Reader, verb: Verb, uids: Iterable[str], values: Values, author: str, at: str = "") -> VerbOffers:
    """What the fields of a verb offer, with the other values that are given.

    Raises what doing the verb would raise, unless a value of these fields is all that it lacks.
    """
    kept, wanted = offered_fields(verb), list(dict.fromkeys(uids))
    known = reader.by_uid(wanted)
    records = [known[uid] for uid in wanted if uid in known and not verb.reason(reader.schema, known[uid])]
    chosen = {*kept, *(field.name for field in kept.values())}
    needed = {name: value for name, value in values.items() if name not in chosen}

    def changed(given: Values) -> dict[tuple[str, str], Value | None]:
        made = make(reader, verb, wanted, given, author, at, every=False)
        return {(uid, name): value for uid, name, _, value in changes_of(made.edits)}

    found, problem = {}, None
    try:
        after: Mapping[tuple[str, str], Value | None] | None = changed(needed)
    except InvalidValue as error:
        after, problem = None, error
    for field in (one for one in verb.fields if one.name in kept):
        others = {name: value for name, value in values.items() if name not in (field.name, kept[field.name].name)}
        alone = after
        if problem is not None:
            try:
                alone = changed(others)
            except InvalidValue:
                alone = None
        attribute = reader.schema.every_attribute[field.attribute]
        found[field.name] = _offer(reader, attribute, records, alone, _given(verb, needed))
    if problem is not None and all(offer.by_itself is None for offer in found.values()) and chosen & values.keys():
        raise problem
    return VerbOffers(found, _names_in(reader, found.values()))


def _offer(
    reader: Reader,
    attribute: Attribute,
    records: Iterable[CI],
    after: Mapping[tuple[str, str], Value | None] | None,
    given: Sequence[str],
) -> FieldOffer:
    name = attribute.name
    having = [one for one in records if name in reader.schema.cls(one.cls).attributes]
    now = {one.uid: one.values.get(name) for one in having}
    different = tuple(dict.fromkeys(now.values()))
    if after is None:
        return FieldOffer(attribute, different, None, stays=False)
    then = {uid: after.get((uid, name), value) for uid, value in now.items()}
    values = tuple(dict.fromkeys(then.values()))
    holder = ""
    if len(values) == 1 and values[0] is not None:
        known = reader.by_uid(given).values()
        holder = next((one.name for one in known if one.values.get(name) == values[0]), "")
    return FieldOffer(attribute, different, values, then == now, holder)


def _given(verb: Verb, values: Values) -> list[str]:
    """The records that a verb is given."""
    return [str(values[one.name]) for one in verb.fields if one.type == "reference" and values.get(one.name)]


def _names_in(reader: Reader, found: Iterable[FieldOffer]) -> Mapping[str, tuple[str, str]]:
    references = {
        str(value)
        for one in found
        if one.attribute.type == "reference"
        for value in (*one.now, *(one.by_itself or ()))
        if value is not None
    }
    return reader.last_names(references)
