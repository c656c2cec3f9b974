"""Survivorship: the value that everyone sees is derived from the claims of all sources about an attribute.

The order of sources of the attribute (``Schema.source_orders``) says who ranks above whom, and whose value is only
recorded. A person's value ranks first. Of sources that rank equally the later observation wins, then the source's key,
so that the order of statements never matters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from cmdb.model.messages import Message, in_context, verbatim
from cmdb.model.schema import Schema, SourceRule
from cmdb.model.source_keys import PERSON as PERSON
from cmdb.model.source_keys import about_guests as about_guests
from cmdb.model.source_keys import is_kept, kept_word, without_guests, without_kept
from cmdb.model.source_keys import kind_of as kind_of
from cmdb.model.source_keys import of_guests as of_guests
from cmdb.model.source_orders import SourceOrder
from cmdb.model.values import Value, means_same

SEVERAL = "import"
"""The source of a revision that several sources state; each claim in it names its own."""

Statement = Sequence[Value | None]
"""A source's claim about an attribute: [value, observed (ISO UTC)]. The value None means that it is blank."""


STATED_BY = "stated_by"
"""The field of relationships, groups, memberships, installations and assignments that lists the sources which state
them. Without it a person made the record by hand.
"""


def is_said(stated_by: Collection[str] | None, source: str) -> bool:
    """Whether it need not be recorded that a source states a record, of which these state it already.

    Nobody (None): a person made it by hand. A sheet repeats another sheet: the same list has another file name every
    week.
    """
    if stated_by is None or source in stated_by:
        return True
    return kind_of(source) == "sheet" and any(kind_of(other) == "sheet" for other in stated_by)


def also_stated_by(stated_by: Collection[str] | None, sources: Iterable[str]) -> list[str] | None:
    """The sources that state a record, with those that come to it; None where none does."""
    found = stated_by
    for source in sources:
        if not is_said(found, source):
            found = [*(found or ()), source]
    return None if found is stated_by else sorted(found or ())


_KINDS = {
    "person": in_context("source", "person"),
    "sheet": in_context("source", "sheet"),
    "import": in_context("source", "import"),
    "scan": in_context("source", "scan"),
    "retention": in_context("source", "retention"),
    "migration": in_context("source", "bringing up to date"),
}


def kind_text(kind: str) -> Message:
    """A kind of source in words. An unknown kind is shown unchanged."""
    return _KINDS.get(kind) or verbatim(kind)


def source_text(source: str) -> Message:
    """A source's key as people read it: "sheet October purchases.xlsx"."""
    if is_kept(source):
        return Message("{source}, before it was held", source=source_text(without_kept(source)))
    kind, _, name = source.partition(":")
    return Message("{kind} {name}", kind=kind_text(kind), name=name) if name else kind_text(kind)


def order(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> list[str]:
    """The sources with a value for an attribute, the best first. ``claims``: source key → [value, observed].

    Those that do not count by themselves come last; where there are no others, nobody wins.
    """
    return _ordered(_order(schema, cls, attribute), claims)


def winner(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> str:
    """The source whose value is everyone's; "" where none counts by itself."""
    found = _order(schema, cls, attribute)
    return next((s for s in _ordered(found, claims)[:1] if found.rank(s) >= found.least), "")


def _order(schema: Schema, cls: str, attribute: str) -> SourceOrder:
    return schema.source_orders(cls).of.get(attribute) or SourceOrder(())


def _ordered(found: SourceOrder, claims: Mapping[str, Statement]) -> list[str]:
    return sorted(claims, key=lambda s: (found.rank(s), claims[s][1], s), reverse=True)


def deviating(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> list[str]:
    """The sources that say another value than what stands, and that count less or are held.

    Of those that rank equally the later one speaks; what it says again, or said before of the same, is no deviation.
    """
    found = _order(schema, cls, attribute)
    sources = _ordered(found, claims)
    stands = claims[sources[0]][0] if found.rank(sources[0]) >= found.least else None
    known = {found.rank(sources[0])} if found.rank(sources[0]) >= found.least else set()
    its = []
    declared = schema.cls(cls).attributes[attribute]
    for source in sources:
        rank, value = found.rank(source), claims[source][0]
        differs = value is not None and not means_same(declared, value, stands)
        if rank not in known and differs and not is_kept(source):
            its.append(source)
        known.add(rank)
    return its


def rule(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> Message:
    """Why the winner wins, or why nobody does, as a sentence."""
    found = _order(schema, cls, attribute)
    sources = _ordered(found, claims)
    first = sources[0]
    if found.rank(first) < found.least:
        return Message(
            "What a {source} says is held for {scope}: it counts once it is taken over{rule}.",
            source=entry_text(found.entry(first)),
            **_said_by(schema, cls, attribute),
        )
    if is_kept(first):
        return Message(
            "What a {source} says of {scope} is held now. What it said before stays until another source says "
            "otherwise{rule}.",
            source=entry_text(found.entry(without_kept(first))),
            **_said_by(schema, cls, attribute),
        )
    if len(sources) == 1:
        return Message("The only source that has a value for it.")
    second = sources[1]
    if claims[first][0] == claims[second][0]:
        return Message("The sources agree.")
    if found.rank(first) == found.rank(second):
        return Message("The sources rank equally; the later observation wins.")
    if first == PERSON:
        return Message("A person's value ranks above every other source.")
    if found.rank(second) < 0:
        return Message(
            "For {scope} a {first} counts; what a {second} says is held{rule}.",
            first=entry_text(found.entry(first)),
            second=entry_text(found.entry(second)),
            **_said_by(schema, cls, attribute),
        )
    one, other = found.entry(first), found.entry(second)
    if kind_of(without_guests(first)) == kind_of(without_guests(second)) and of_guests(first) != of_guests(second):
        if of_guests(first):
            return Message("A machine's host knows this better than the machine.")
        return Message("A machine knows this better than its host.")
    return Message(
        "For {scope} a {first} counts more than a {second}{rule}.",
        first=entry_text(one),
        second=entry_text(other),
        **_said_by(schema, cls, attribute),
    )


def entry_text(entry: str) -> Message:
    """An entry of an order of sources in words: "scan", "sheet HR export.xlsx", "scan of the host"."""
    if of_guests(entry):
        return Message("{source} of the host", source=source_text(without_guests(entry)))
    return source_text(entry)


def _said_by(schema: Schema, cls: str, attribute: str) -> dict[str, Any]:
    """Of what a rule says it: the attribute, of its class where the estate has a rule of its own for it."""
    found: SourceRule = schema.source_rule(cls, attribute)
    label = schema.classes[cls].attributes[attribute].label
    if not found.own:
        return {"scope": Message("{attribute}", attribute=label), "rule": ""}
    at = Message("{attribute} of {cls}", attribute=label, cls=schema.classes[found.cls or cls].plural)
    return {"scope": at, "rule": Message(" (rule of this estate)")}


def kept_words(
    before: Schema, now: Schema, cls: str, said: Mapping[str, Mapping[str, Statement]], attributes: Iterable[str]
) -> dict[tuple[str, str], Statement | None]:
    """What a change of the orders of sources makes of the words that are kept: source key and attribute → what is said
    then; None: it is kept no more. ``attributes`` are those with another order; ``said`` as for ``effective``.

    Where the word of a source stands that is held from now on, and no other source counts, it is kept. It goes once
    its source is not held any more.
    """
    found: dict[tuple[str, str], Statement | None] = {}
    some = any(map(is_kept, said))
    for name in attributes:
        order = now.source_orders(cls).of[name]
        if not (order.holds or some):
            continue
        claims = {source: own[name] for source, own in said.items() if name in own}
        for source in claims:
            if is_kept(source) and order.rank(without_kept(source)) >= 0:
                found[source, name] = None
        first = winner(before, cls, name, claims) if claims else ""
        counts = any(order.rank(source) >= order.least and not is_kept(source) for source in claims)
        stands = bool(first) and not is_kept(first) and claims[first][0] is not None
        if stands and not counts and claims.get(kept_word(first)) != claims[first]:
            found[kept_word(first), name] = claims[first]
    return found


def differing_orders(before: Schema, now: Schema) -> dict[str, frozenset[str]]:
    """Class → the attributes for which another order of sources counts after a change of the schema."""
    found = {}
    for cls in now.classes.keys() & before.classes.keys():
        old, new = before.source_orders(cls).of, now.source_orders(cls).of
        names = frozenset(name for name in old.keys() & new.keys() if old[name] != new[name])
        if names:
            found[cls] = names
    return found


def effective(schema: Schema, cls: str, said: Mapping[str, Mapping[str, Statement]]) -> dict[str, Value]:
    """Attribute → effective value, from source key → attribute → [value, observed].

    A winning ``None`` means that the attribute is blank. Evidence (``evidence.mac``) and attributes that the class
    lacks have no effective value.
    """
    orders = schema.source_orders(cls)
    known = orders.of
    if len(said) == 1 and not orders.holds:
        (only,) = said.values()
        return {a: pair[0] for a, pair in only.items() if pair[0] is not None and a in known}
    names = dict.fromkeys(name for own in said.values() for name in own)
    values = {}
    for name in names:
        found = known.get(name)
        if found is None:
            continue
        ranks, least = found.ranks, found.least
        best: tuple[int, Any, str] | None = None
        for source, own in said.items():
            pair = own.get(name)
            if pair is None:
                continue
            rank = ranks.get(source)
            if rank is None:
                rank = found.rank(source)
            if rank < least:
                continue
            key = (rank, pair[1], source)
            if best is None or key > best:
                best, value = key, pair[0]
        if best is not None and value is not None:
            values[name] = value
    return values
