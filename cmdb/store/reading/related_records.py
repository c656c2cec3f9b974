"""The relationships of one CI, counted by kind, with the first of each kind by name.

There may be very many: a site may contain fifty thousand things. ``Reader.relationships`` lists them all; this counts
them in SQL and reads a page of a kind at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, literal, select, union_all

from cmdb.model.journal import HistoryEntry
from cmdb.model.records import CI, Related, RelatedKind
from cmdb.store.reading import versions
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import REFERENCES
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import CI as CI_ROOT
from cmdb.store.rows.roots import WORK


def related(
    reader: Reader, own: CI, most: int, named: Mapping[str, tuple[str, str]] | None = None
) -> list[RelatedKind]:
    """All relationships of a CI at the reader's moment, by label, with the first ``most`` of each kind.

    ``named`` are class and name by id of records that are there, among them those that its attributes refer to: if
    these were read already.
    """
    return _Related(reader, own, named).kinds(most)


def more(reader: Reader, own: CI, kind: RelatedKind, most: int) -> tuple[Related, ...]:
    """The first ``most`` of a kind."""
    return _Related(reader, own).first(kind, most)


def recent_history(reader: Reader, uid: str, most: int) -> tuple[list[HistoryEntry], bool]:
    """The latest ``most`` versions of a CI, the newest first, and whether there are more. Raises NotFound."""
    heads = reader.revisions(limit=most + 1, uid=uid)
    if not heads:
        return [], False
    since = heads[most].number if len(heads) > most else 0
    if not since:
        return reader.versions(uid), False
    inner = reader.inner([uid])[uid]
    found = versions.RowHistory(reader._connection, reader._codec).versions(uid, inner, reader.number, since)
    return found, True


class _Related:
    def __init__(self, reader: Reader, own: CI, named: Mapping[str, tuple[str, str]] | None = None) -> None:
        self._named = named
        self.reader = reader
        self.own = own
        self.inner = own.id
        reader._ids.add(own.uid, own.id)
        self._ci = reader._ci
        self._links = reader._moment(tables.relationship, tables.relationship_version)

    def kinds(self, most: int) -> list[RelatedKind]:
        found = [*self._referred(), *self._referring(), *self._linked()]
        full = [
            RelatedKind(k.label, k.type, k.inverse, k.attribute, k.number, k.classes, k.first or self.first(k, most))
            for k in found
        ]
        return sorted(full, key=lambda k: (k.label.casefold(), k.type, k.attribute))

    def first(self, kind: RelatedKind, most: int) -> tuple[Related, ...]:
        if kind.attribute and not kind.inverse:
            return kind.first[:most]
        others = self._others(kind)
        c = others.c
        if kind.attribute:
            who = select(c.id).where(c["class"].in_(kind.classes), self._who_refer(kind.attribute, others))
            found = self.reader._connection.execute(who.order_by(c.name_key, c.id).limit(most)).scalars()
            return self._made(kind, [(inner, True, True) for inner in found])
        t = self._links.c
        mine, other = (t.target, t.source) if kind.inverse else (t.source, t.target)
        pairs: Select[Any] = select(other, t.alone).join_from(self._links, others, c.id == other)
        conditions = [t.type == kind.type, mine == self.inner]
        if self._symmetric(kind.type):
            return self._made(kind, self._both_ways(kind, most))
        rows = self.reader._connection.execute(pairs.where(*conditions).order_by(c.name_key, c.id).limit(most)).all()
        return self._made(kind, [(row[0], kind.inverse, bool(row[1])) for row in rows])

    def _others(self, kind: RelatedKind) -> FromClause:
        """The records among which those of a kind are: of the root of its classes, or of the type's other end."""
        schema = self.reader.schema
        classes = kind.classes
        if not kind.attribute and kind.type in schema.relationships:
            found = schema.relationships[kind.type]
            classes = found.subjects if kind.inverse else found.objects
        known = next((cls for cls in classes if cls in schema.classes), "")
        return self.reader._sources[schema.root_of(known) if known else CI_ROOT.name]

    # -- references -------------------------------------------------------------------------------------------------

    def _referred(self) -> Iterator[RelatedKind]:
        """The targets of this CI's reference attributes."""
        schema, own = self.reader.schema, self.own
        attributes, types = schema.cls(own.cls).attributes, schema.reference_types(own.cls)
        wanted = {a: str(v) for a, v in own.values.items() if a in attributes and attributes[a].type == "reference"}
        names = self.reader.names(wanted.values()) if self._named is None else self._named
        for attribute, target in wanted.items():
            if target in names:
                kind, (cls, name) = types.get(attribute, ""), names[target]
                label = self.reader._label(kind, False, attribute, cls)
                one = Related(kind, False, target, cls, name, attribute, label)
                yield RelatedKind(label, kind, False, attribute, 1, (cls,), (one,))

    def _referring(self) -> Iterator[RelatedKind]:
        """The CIs that refer to this CI by an attribute, counted by class. Classes with the same label are counted
        together.
        """
        counted: dict[tuple[str, str, str], dict[str, int]] = {}
        for attribute, cls, number in self._count_referring():
            kind = self.reader.schema.reference_types(cls).get(attribute, "")
            key = (self.reader._label(kind, True, attribute, cls), kind, attribute)
            counted.setdefault(key, {})[cls] = number
        for (label, kind, attribute), classes in counted.items():
            yield RelatedKind(label, kind, True, attribute, sum(classes.values()), tuple(classes))

    def _count_referring(self) -> Iterator[tuple[str, str, int]]:
        """(attribute, class, number) for the attributes that may refer to this CI by the schema, in one statement."""
        c, allowed = self._ci.c, self.reader.schema.referring(self.own.cls)
        past = self._extra_then() if self.reader._at is not None else []
        names = (*(name for name in REFERENCES if name in allowed), *past)
        counts: list[Select[Any]] = [
            select(literal(name), c["class"], func.count()).where(self._who_refer(name, self._ci)).group_by(c["class"])
            for name in names
        ]
        work = self.reader._sources[WORK.name].c
        counts += [
            select(literal(name), work["class"], func.count()).where(work[name] == self.inner).group_by(work["class"])
            for name in WORK.references
            if name in allowed
        ]
        if self.reader._at is None and allowed.difference(REFERENCES):
            e = tables.extra_reference.c
            extra = select(e.attribute, c["class"], func.count()).join(self._ci, c.id == e.ci)
            counts.append(extra.where(e.target == self.inner).group_by(e.attribute, c["class"]))
        if counts:
            yield from (tuple(row) for row in self.reader._connection.execute(union_all(*counts)))

    def _extra_then(self) -> list[str]:
        """The attributes in the JSON column by which a CI referred to this one at a past moment."""
        return sorted({name for _, _, name in self.reader._extra_references(self.inner, self.own.uid)})

    def _who_refer(self, attribute: str, others: FromClause) -> ColumnElement[bool]:
        """The condition that another record refers to this one by an attribute."""
        c = others.c
        if attribute in (REFERENCES if others is self._ci else WORK.references):
            return c[attribute] == self.inner
        if self.reader._at is not None:
            rows = self.reader._extra_references(self.inner, self.own.uid)
            return in_values(c.id, sorted({inner for inner, _, name in rows if name == attribute}))
        e = tables.extra_reference.c
        return c.id.in_(select(e.ci).where(e.target == self.inner, e.attribute == attribute))

    # -- relationship records ---------------------------------------------------------------------------------------

    def _linked(self) -> Iterator[RelatedKind]:
        t = self._links.c
        numbers: dict[tuple[str, bool], int] = {}
        both = union_all(
            *(
                select(t.type, literal(turned), func.count()).where(mine == self.inner).group_by(t.type)
                for mine, turned in ((t.source, 0), (t.target, 1))
            )
        )
        for kind, turned, number in self.reader._connection.execute(both):
            key = (kind, bool(turned) and not self._symmetric(kind))
            numbers[key] = numbers.get(key, 0) + number
        for (kind, inverse), number in numbers.items():
            yield RelatedKind(self.reader._label(kind, inverse, "", ""), kind, inverse, "", number)

    def _symmetric(self, kind: str) -> bool:
        types = self.reader.schema.relationships
        return kind in types and types[kind].symmetric

    def _both_ways(self, kind: RelatedKind, most: int) -> list[tuple[int, bool, bool]]:
        """The other ends of a symmetric type. This CI may be stored as either end."""
        t, c = self._links.c, self._ci.c
        found: list[tuple[str, int, bool, bool]] = []
        for mine, other, inverse in ((t.source, t.target, False), (t.target, t.source, True)):
            statement = select(c.name_key, other, t.alone).join_from(self._links, self._ci, c.id == other)
            statement = statement.where(t.type == kind.type, mine == self.inner).order_by(c.name_key).limit(most)
            rows = self.reader._connection.execute(statement).all()
            found.extend((row[0] or "", row[1], inverse, bool(row[2])) for row in rows)
        return [one[1:] for one in sorted(found, key=lambda f: f[:2])[:most]]

    def _made(self, kind: RelatedKind, rows: Iterable[tuple[int, bool, bool]]) -> tuple[Related, ...]:
        """(inner id, whether this CI is the object, whether alone) as relationships, with names and groups."""
        pairs = list(rows)
        others = [inner for inner, _, _ in pairs]
        names = self.reader.outer(others)
        groups = {} if kind.attribute else self.reader._groups_of(self.inner, kind.type, others)
        made = []
        for inner, inverse, alone in pairs:
            if inner in names:
                uid, cls, name = names[inner]
                its = groups.get((kind.type, inverse, inner), ())
                made.append(Related(kind.type, inverse, uid, cls, name, kind.attribute, kind.label, its, alone))
        return tuple(made)
