"""Survivorship: the value that everyone sees is derived from the claims of all sources about an attribute.

Sources are ranked by kind. A person's value ranks first. For what a scan measures (``measured`` attributes: memory,
operating system, …) a scan ranks above files. For everything else (custody, place, money) files rank above a scan.
Between equal ranks the one who knows a thing best wins: of a virtual machine its own agent, but its host for what the
host gives it (``known_by_host``). Then the later observation wins, then the source's key, so that the order of
statements never matters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from cmdb.model.declarations import Attribute
from cmdb.model.messages import Message, in_context, verbatim
from cmdb.model.schema import Schema
from cmdb.model.values import Value

SEVERAL = "import"
"""The source of a revision that several sources state; each claim in it names its own."""
_GENERAL = {"person": 40, "sheet": 30, "import": 20, "scan": 10}
_MEASURED = {"person": 40, "scan": 30, "import": 20, "sheet": 10}


Statement = Sequence[Value | None]
"""A source's claim about an attribute: [value, observed (ISO UTC)]. The value None means that it is blank."""


STATED_BY = "stated_by"
"""The field of relationships, groups, memberships, installations and assignments that lists the sources which state
them. Without it a person made the record by hand.
"""

PERSON = "person"
"""The source of what people state by hand."""


_BESIDE = " (guests)"


def about_guests(source: str) -> str:
    """The key of what a source, which is a host, says about its guests: theirs is another word than their own."""
    return source + _BESIDE


def of_guests(source: str) -> bool:
    """Whether a source is what a host says about its guests."""
    return source.endswith(_BESIDE)


def knows_best(attribute: Attribute | None, source: str) -> bool:
    """Whether of sources of one rank this one knows an attribute best."""
    return of_guests(source) is (attribute is not None and attribute.known_by_host)


def kind_of(source: str) -> str:
    """The kind of a source's key: "sheet" of "sheet:stock.xlsx"."""
    return source.partition(":")[0]


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
    kind, _, name = source.partition(":")
    return Message("{kind} {name}", kind=kind_text(kind), name=name) if name else kind_text(kind)


def rank(schema: Schema, cls: str, attribute: str, kind: str) -> int:
    """The rank of a kind of source for an attribute of a class; the highest rank wins."""
    found = schema.classes[cls].attributes.get(attribute)
    return (_MEASURED if found is not None and found.measured else _GENERAL).get(kind, 0)


def measured_rank(kind: str) -> int:
    """The rank of a kind of source for what scans measure, as rows of sections are; the highest rank wins."""
    return _MEASURED.get(kind, 0)


def order(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> list[str]:
    """The sources with a value for an attribute, the winner first. ``claims``: source key → [value, observed]."""
    of = schema.classes[cls].attributes.get(attribute)
    return sorted(
        claims,
        key=lambda s: (rank(schema, cls, attribute, kind_of(s)), knows_best(of, s), claims[s][1], s),
        reverse=True,
    )


def rule(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> Message:
    """Why the winner wins, as a sentence."""
    sources = order(schema, cls, attribute, claims)
    if len(sources) == 1:
        return Message("The only source that has a value for it.")
    first, second = sources[:2]
    if claims[first][0] == claims[second][0]:
        return Message("The sources agree.")
    if rank(schema, cls, attribute, kind_of(first)) != rank(schema, cls, attribute, kind_of(second)):
        if kind_of(first) == "person":
            return Message("A person's value ranks above every other source.")
        return Message(
            "For this attribute a {first} counts more than a {second}.",
            first=kind_text(kind_of(first)),
            second=kind_text(kind_of(second)),
        )
    of = schema.classes[cls].attributes.get(attribute)
    if knows_best(of, first) and not knows_best(of, second):
        if of is not None and of.known_by_host:
            return Message("A machine's host knows this better than the machine.")
        return Message("A machine knows this better than its host.")
    return Message("The sources rank equally; the later observation wins.")


def effective(schema: Schema, cls: str, said: Mapping[str, Mapping[str, Statement]]) -> dict[str, Value]:
    """Attribute → effective value, from source key → attribute → [value, observed].

    A winning ``None`` means that the attribute is blank. Evidence (``evidence.mac``) and attributes that the class
    lacks have no effective value.
    """
    attributes = schema.classes[cls].attributes
    if len(said) == 1:
        (only,) = said.values()
        return {a: pair[0] for a, pair in only.items() if pair[0] is not None and a in attributes}
    names = dict.fromkeys(name for own in said.values() for name in own)
    values = {}
    for name in names:
        attribute = attributes.get(name)
        if attribute is None:
            continue
        ranks = _MEASURED if attribute.measured else _GENERAL
        best: tuple[int, bool, Any, str] | None = None
        for source, own in said.items():
            pair = own.get(name)
            if pair is None:
                continue
            key = (ranks.get(source.partition(":")[0], 0), knows_best(attribute, source), pair[1], source)
            if best is None or key > best:
                best, value = key, pair[0]
        if best is not None and value is not None:
            values[name] = value
    return values
