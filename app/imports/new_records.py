"""The records that an import would create only because rows name them, and what a person decides of each.

A new name is created, is taken for a record that exists, or is left out: then the rows say nothing about it. What was
decided is applied to the readings before they are compared, so it holds for every way in which rows name a record.
No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from cmdb.model import person_names
from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference, Observation, Origin, Reading
from cmdb.model.place_names import path
from cmdb.model.schema import Schema
from cmdb.reconciliation.identifiers import shipped
from cmdb.reconciliation.proposal import Proposal
from importers.spreadsheets.columns.mapping import NameChoice

Key = tuple[str, str]
"""The class of a new record, and its name as names are compared."""


def key_of(choice: NameChoice) -> Key:
    """The key of the new record that something was decided of."""
    return (choice.cls, name_key(choice.new_name))


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that the register lacks. ``rows`` name it, the first of them at ``origin``.

    ``choice`` is what was decided; None: it is created. ``suggested``: known records with much the same name.
    """

    cls: str
    name: str
    rows: int
    origin: Origin | None
    choice: NameChoice | None = None
    suggested: tuple[str, ...] = ()
    decidable: bool = True
    """Whether the rows' own words were found: if not, it can only be left out as a record."""

    @property
    def key(self) -> Key:
        """Identifies it in every comparison."""
        return (self.cls, name_key(self.name))


def new_names(
    schema: Schema, readings: Sequence[Reading], proposal: Proposal, choices: Mapping[Key, NameChoice]
) -> list[NewName]:
    """What would be created because it is named, and what was decided of names before; by class, then name.

    For a worker thread. ``readings`` are those of the rows, without the decisions.
    """
    wanted = {(cls, name_key(name)): name for cls, name in proposal.created_references}
    wanted.update({key: one.new_name for key, one in choices.items()})
    if not wanted:
        return []
    counted, first = rows_naming(schema, readings, wanted)
    similar: dict[str, tuple[str, ...]] = {}
    for problem in proposal.problems:
        if problem.kind == "similar":
            for written in (problem.value, person_names.plain(problem.value)):
                similar.setdefault(name_key(written), problem.suggested)
    return [
        NewName(cls, name, counted[cls, key], first.get((cls, key)), choices.get((cls, key)),
                similar.get(key, ()), (cls, key) in first)
        for (cls, key), name in sorted(wanted.items())
        if (cls, key) in first or (cls, key) not in choices
    ]  # fmt: skip


def rows_naming(
    schema: Schema, readings: Iterable[Reading], wanted: Iterable[Key]
) -> tuple[dict[Key, int], dict[Key, Origin]]:
    """How often rows name each of some new records, and the first row that does; for a worker thread."""
    counted: dict[Key, int] = dict.fromkeys(wanted, 0)
    first: dict[Key, Origin] = {}
    by_name: dict[str, list[Key]] = {}
    for key in counted:
        by_name.setdefault(key[1], []).append(key)
    told: dict[tuple[str, int], list[Key]] = {}
    """By mention: importers use one object for equal ones."""
    names = _Names(schema)
    for target, mention, origin in _mentions(names, readings):
        place = (target, id(mention))
        keys = told.get(place)
        if keys is None:
            said, name = (mention.cls, mention.name) if isinstance(mention, NamedReference) else ("", mention)
            cls = said or target
            found = (key for form in names.forms(cls, name) for key in by_name.get(form, ()))
            keys = told[place] = [key for key in dict.fromkeys(found) if names.fits(key[0], cls)]
        for key in keys:
            counted[key] += 1
            if key not in first:
                first[key] = origin
    return counted, first


def with_choices(
    schema: Schema, readings: Sequence[Reading], choices: Mapping[Key, NameChoice]
) -> list[Reading]:  # fmt: skip
    """The readings with the decisions applied; those given are not changed."""
    if not choices:
        return list(readings)
    replacing = _Replacing(schema, choices)
    return [replacing.reading(one) for one in readings]


class _Replacing:
    """Replaces the names that something was decided of."""

    def __init__(self, schema: Schema, choices: Mapping[Key, NameChoice]) -> None:
        self._names = _Names(schema)
        self._by_name: dict[str, list[NameChoice]] = {}
        for (_, key), one in choices.items():
            self._by_name.setdefault(key, []).append(one)
        self._known: dict[tuple[str, NamedReference | str], NamedReference | str | None] = {}

    def reading(self, reading: Reading) -> Reading:
        """A reading with the names replaced. A row that only links a name that is left out says nothing any more."""
        links = [
            replace(one, source=source, target=target)
            for one in reading.links
            if (source := self._linked(one.source)) and (target := self._linked(one.target))
        ]
        installations = [
            replace(one, computer=computer) for one in reading.installations if (computer := self._linked(one.computer))
        ]
        assignments = [
            replace(one, licence=licence, holder=holder)
            for one in reading.assignments
            if (licence := self._linked(one.licence)) and (holder := self._linked(one.holder))
        ]
        observations = [self._observation(one) for one in reading.observations]
        return replace(
            reading, observations=observations, links=links, installations=installations, assignments=assignments
        )

    def _linked(self, mention: NamedReference) -> NamedReference | None:
        found = self.mention(mention.cls or "ci", mention)
        return found if isinstance(found, NamedReference) else None

    def _observation(self, obs: Observation) -> Observation:
        changed: dict[str, Any] = {}
        for attribute, target in self._names.references(obs.cls):
            mention = obs.values.get(attribute)
            if isinstance(mention, NamedReference | str):
                now = self.mention(target, mention)
                if now is not mention:
                    changed[attribute] = now
        links = obs.links
        if links:
            found = [(one, self._linked(one.other)) for one in links]
            links = [one if other is one.other else replace(one, other=other) for one, other in found if other]
        if not changed and links == obs.links:
            return obs
        values = {a: v for a, v in {**obs.values, **changed}.items() if v is not None}
        return replace(obs, values=values, links=links)

    def mention(self, target: str, mention: NamedReference | str) -> NamedReference | str | None:
        """What stands in for a mention: itself where nothing was decided, None where it is left out."""
        key = (target, mention)
        if key not in self._known:
            self._known[key] = self._replaced(target, mention)
        return self._known[key]

    def _replaced(self, target: str, mention: NamedReference | str) -> NamedReference | str | None:
        said, name = (mention.cls, mention.name) if isinstance(mention, NamedReference) else ("", mention)
        cls = said or target
        parts = path(name) if self._names.is_place(cls) else []
        if len(parts) > 1 and self._choice(cls, name) is None:
            chosen = [(part, self._choice(cls, part)) for part in parts]
            if all(choice is None for _, choice in chosen):
                return mention
            kept = [part if choice is None else choice.uid for part, choice in chosen]
            left = " / ".join(filter(None, kept))
            return NamedReference(said or target, left) if left else None
        choice = self._choice(cls, name)
        if choice is not None:
            return NamedReference(choice.cls, choice.uid) if choice.uid else None
        if isinstance(mention, NamedReference) and mention.values:
            return self._inner(cls, mention)
        return mention

    def _inner(self, cls: str, mention: NamedReference) -> NamedReference:
        """A mention with the names in its own values replaced."""
        references = dict(self._names.references(cls))
        values = []
        for attribute, value in mention.values:
            now: Any = value
            if attribute in references and isinstance(value, NamedReference | str):
                now = self.mention(references[attribute], value)
            if now is not None:
                values.append((attribute, now))
        return mention if tuple(values) == mention.values else structs.replace(mention, values=tuple(values))

    def _choice(self, cls: str, name: str) -> NameChoice | None:
        for form in self._names.forms(cls, name, whole=True):
            for one in self._by_name.get(form, ()):
                if self._names.fits(one.cls, cls):
                    return one
        return None


def _mentions(names: _Names, readings: Iterable[Reading]) -> Iterator[tuple[str, NamedReference | str, Origin]]:
    """(Class wanted, mention, row) of every name in the readings, those in the values of names too."""
    for reading in readings:
        for obs in reading.observations:
            for attribute, target in names.references(obs.cls):
                mention = obs.values.get(attribute)
                if isinstance(mention, NamedReference | str):
                    yield target, mention, obs.origin
                    if isinstance(mention, NamedReference) and mention.values:
                        yield from _within(names, mention, obs.origin)
            for link in obs.links:
                yield link.other.cls or "ci", link.other, obs.origin
        for row in reading.links:
            yield row.source.cls or "ci", row.source, row.origin
            yield row.target.cls or "ci", row.target, row.origin
        for installed in reading.installations:
            yield installed.computer.cls or "ci", installed.computer, installed.origin
        for assigned in reading.assignments:
            yield assigned.licence.cls or "ci", assigned.licence, assigned.origin
            yield assigned.holder.cls or "ci", assigned.holder, assigned.origin


def _within(
    names: _Names, mention: NamedReference, origin: Origin
) -> Iterator[tuple[str, NamedReference | str, Origin]]:
    references = dict(names.references(mention.cls))
    for attribute, value in mention.values:
        if attribute in references and isinstance(value, NamedReference | str):
            yield references[attribute], value, origin


class _Names:
    """What of the schema is needed to compare names, kept per class because it is asked for every row."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._references: dict[str, tuple[tuple[str, str], ...]] = {}
        self._makers = shipped().makers

    def references(self, cls: str) -> tuple[tuple[str, str], ...]:
        """(Attribute, class) of a class's references."""
        found = self._references.get(cls)
        if found is None:
            known = self._schema.classes.get(cls)
            attributes = known.attributes.values() if known is not None else ()
            found = tuple((a.name, "|".join(a.targets)) for a in attributes if a.type == "reference")
            self._references[cls] = found
        return found

    def forms(self, cls: str, name: str, whole: bool = False) -> Iterator[str]:
        """The keys under which a name may be known; without ``whole`` also those of the parts of a place's path."""
        yield name_key(name)
        if self.fits("person", cls):
            yield name_key(person_names.account(name) or person_names.plain(name))
        if self.fits("manufacturer", cls):
            yield name_key(self._makers.canonical(name))
        if not whole and self.is_place(cls):
            yield from map(name_key, path(name))

    def is_place(self, cls: str) -> bool:
        """Whether a class (or one of "server|cluster") is one of places."""
        return any(self._schema.is_a(one, "place") for one in cls.split("|"))

    def fits(self, cls: str, wanted: str) -> bool:
        """Whether a record of a class can be what is meant where ``wanted`` ("server|cluster", "" for any) is named."""
        if not wanted:
            return True
        return any(self._schema.is_a(cls, one) or self._schema.is_a(one, cls) for one in wanted.split("|"))
