"""What one source says: its claims, the records that only it knows, the links that it states; in batches, by SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from cmdb.model.claims import SEVERAL, STATED_BY
from cmdb.model.field_points import IMPORTED
from cmdb.model.record_kinds import KEPT_OF_SOURCES
from cmdb.model.revision import Record
from cmdb.model.source_keys import is_kept, kept_word
from cmdb.reconciliation.assignment_events import DAY, HOLDER, begun_on
from cmdb.store.rows import tables
from cmdb.store.rows.codec import KIND_TABLES, Identities, RecordKind, chunks, dump_sorted, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS
from cmdb.store.rows.stored_statements import unpack

BATCH = 2_000
"""Records that are read at once."""
_STATED = tuple(kind for kind in KIND_TABLES.values() if STATED_BY in kind.fields)


class KnownSource(NamedTuple):
    """A source in the register: its key, of how many records it says something, how many links, groups, installations
    and assignments it states, and the latest revision in which it said something new.
    """

    source: str
    records: int
    links: int
    revision: int


class SourceClaims(NamedTuple):
    """What a source says of a record (its inner id): the stored text, and whether no other source speaks of it."""

    inner: int
    said: str
    sole: bool

    def values(self) -> dict[str, Any]:
        """Attribute → [value, observed]."""
        return unpack(self.said)


class StatedRow(NamedTuple):
    """A record that a source states or made: its fields, and the records that it is about (inner ids)."""

    record: Record
    fields: Mapping[str, Any]
    about: tuple[int, ...]


def known_sources(connection: Connection) -> list[KnownSource]:
    """All sources that say something, by key."""
    c, s = tables.claim.c, tables.sighting.c
    records: Counter[str] = Counter()
    links: Counter[str] = Counter()
    latest: Counter[str] = Counter()
    for source, number, revision in connection.execute(
        select(c.source, func.count(), func.max(c.revision)).group_by(c.source)
    ):
        records[source], latest[source] = number, revision
    for source, revision in connection.execute(select(s.source, func.max(s.revision)).group_by(s.source)):
        latest[source] = max(latest[source], revision)
    d = tables.document.c
    for source, name in KEPT_OF_SOURCES.items():
        kept = select(func.count(), func.coalesce(func.max(d.revision), 0)).where(d.kind == name)
        number, revision = connection.execute(kept).one()
        if number:
            records[source], latest[source] = records[source] + number, max(latest[source], revision)
    for kind in _STATED:
        t = kind.table.c
        statement = select(t.stated_by, func.count(), func.max(t.revision)).where(t.stated_by.is_not(None))
        for stated, number, revision in connection.execute(statement.group_by(t.stated_by)):
            for source in load(stated):
                links[source] += number
                latest[source] = max(latest[source], revision)
    return [
        KnownSource(source, records[source], links[source], latest[source])
        for source in sorted(latest)
        if not is_kept(source)
    ]


class SourceRows:
    """What a source says and states. ``among``: only of these records (inner ids); None: of all."""

    def __init__(self, connection: Connection, ids: Identities, source: str, among: Collection[int] | None) -> None:
        self._connection = connection
        self._ids = ids
        self._source = source
        self._among = among
        self._alone = dump_sorted([source]).decode()

    def _in_scope(self, inner: int) -> bool:
        return self._among is None or inner in self._among

    # -- claims -----------------------------------------------------------------------------------------------------

    def claims(self) -> Iterator[list[SourceClaims]]:
        """What it says of records, in batches."""
        c, other = tables.claim.c, tables.claim.alias("other").c
        own = (self._source, kept_word(self._source))
        more = exists().where(other.ci == c.ci, other.source.not_in(own)).correlate(tables.claim)
        last = -1
        while True:
            statement = select(c.ci, c.said, ~more).where(c.source == self._source, c.ci > last)
            rows = self._connection.execute(statement.order_by(c.ci).limit(BATCH)).all()
            if rows:
                last = rows[-1][0]
                yield [SourceClaims(row[0], row[1], bool(row[2])) for row in rows if self._in_scope(row[0])]
            if len(rows) < BATCH:
                return

    def claims_of(self, inner: Collection[int]) -> list[SourceClaims]:
        """What it says of some records."""
        c = tables.claim.c
        found: list[SourceClaims] = []
        for batch in chunks(inner, BATCH):
            statement = select(c.ci, c.said).where(c.source == self._source, in_values(c.ci, batch)).order_by(c.ci)
            found += [SourceClaims(row[0], row[1], True) for row in self._connection.execute(statement)]
        return found

    # -- what it states ---------------------------------------------------------------------------------------------

    def stated(self, kind: str) -> Iterator[list[StatedRow]]:
        """The relationships, groups, … that it states, alone or with others, in batches."""
        found = KIND_TABLES[kind]
        t = found.table.c
        part = dump_sorted(self._source).decode()
        condition = t.stated_by.contains(part, autoescape=True)
        for rows in self._rows(found, condition):
            yield [row for row in rows if self._source in row.fields.get(STATED_BY, ())]

    def sightings(self) -> Iterator[list[StatedRow]]:
        """Its sightings, in batches."""
        yield from self._rows(KIND_TABLES["sighting"], tables.sighting.c.source == self._source)

    def sections(self) -> Iterator[list[StatedRow]]:
        """The rows of sections that it saw, in batches."""
        yield from self._rows(KIND_TABLES["section"], tables.section.c.source == self._source)

    def events(self) -> Iterator[list[StatedRow]]:
        """The events that its imports entered, in batches; of imports of several sources those that it alone dates."""
        kind, imported = KIND_TABLES["event"], tables.event.c.what == IMPORTED
        yield from self._rows(kind, and_(imported, self._entered(self._source)))
        if self._dated:
            for rows in self._rows(kind, and_(imported, self._entered(SEVERAL))):
                yield [row for row in rows if row.record.key[0] in self._dated]

    @cached_property
    def _dated(self) -> frozenset[str]:
        """The ids of events of imports of several sources: those of whose holder and day only this source speaks."""
        t, c = tables.event.c, tables.claim.c
        speaks = exists().where(c.ci == t.record, c.source == self._source).correlate(tables.event)
        statement = select(t.uid, t.record, t.at, t.after_ref)
        statement = statement.where(t.what == IMPORTED, self._entered(SEVERAL), speaks)
        rows = [row for row in self._connection.execute(statement).all() if self._in_scope(row.record)]
        self._ids.want_outer({row.after_ref for row in rows if row.after_ref is not None})
        who: dict[tuple[int, str, int], set[str]] = {}
        for part in chunks({row.record for row in rows}, BATCH):
            claims = self._connection.execute(select(c.ci, c.source, c.said).where(in_values(c.ci, part)))
            for ci, source, text in claims:
                said = unpack(text)
                holder, day = (said.get(name, (None,))[0] for name in (HOLDER, DAY))
                if holder and day and (at := begun_on(day)) is not None:
                    who.setdefault((ci, str(holder), at), set()).add(source)
        return frozenset(
            row.uid for row in rows
            if who.get((row.record, self._ids.outer.get(row.after_ref, ""), row.at)) == {self._source}
        )  # fmt: skip

    def _entered(self, source: str) -> ColumnElement[bool]:
        """Whether imports of a source entered an event, also one that an undo brought back or a merge moved since."""
        t, past, r = tables.event.c, tables.event_version.c, tables.revision.c
        its = select(r.number).where(r.source == source)
        return or_(t.revision.in_(its), t.uid.in_(select(past.uid).where(past.revision.in_(its))))

    def _rows(self, kind: RecordKind, condition: ColumnElement[bool]) -> Iterator[list[StatedRow]]:
        t = kind.table.c
        columns = [t[name] for name in kind.read]
        owners = [place for place, (_, ref) in enumerate(kind.parts) if ref]
        owners += [len(kind.parts) + place for place, name in enumerate(kind.fields) if name in ("owner", "record")]
        statement = select(*columns).where(condition)
        for batch in self._connection.execute(statement, execution_options={"yield_per": BATCH}).partitions():
            rows = [tuple(row) for row in batch]
            if self._among is not None:
                rows = [row for row in rows if any(self._in_scope(row[place]) for place in owners)]
            records = KindRows(self._connection, self._ids)
            records.want(kind, rows)
            yield [
                StatedRow(
                    Record(kind.name, records.key(kind, row)),
                    records.fields(kind, row),
                    tuple(row[place] for place in owners),
                )
                for row in rows
            ]

    # -- who else knows a record ------------------------------------------------------------------------------------

    def held(self, inner: Collection[int]) -> set[int]:
        """Those of records that only this source speaks of which others refer to, link or say something else of."""
        found: set[int] = set()
        if inner:
            for kind in KIND_TABLES.values():
                if not kind.document:
                    found |= self._of_others(kind, inner)
            found |= self._referred_to(inner)
        return found

    def _of_others(self, kind: RecordKind, inner: Collection[int]) -> set[int]:
        """Those that records of a kind are about which are not this source's alone."""
        t = kind.table
        columns = [name for name, ref in kind.parts if ref]
        columns += [one.column for one in kind.fields.values() if one.refers]
        if STATED_BY in kind.fields:
            others: ColumnElement[bool] = or_(t.c.stated_by.is_(None), t.c.stated_by != self._alone)
        elif kind.name in ("sighting", "section"):
            others = t.c.source != self._source
        elif kind.name == "event":
            others = ~self._entered(self._source)
        else:
            r = tables.revision.c
            others = ~exists().where(r.number == t.c.revision, r.source == self._source).correlate(t)
        found: set[int] = set()
        for column in columns:
            about = _among(t.c[column], inner)
            if kind.name == "event":
                statement = select(t.c[column], t.c.record, t.c.what, t.c.uid).where(others, *about)
                # Several files make one revision, which does not tell whose an event is: what it is of tells, or says.
                found.update(
                    held
                    for held, record, what, uid in self._connection.execute(statement)
                    if what != IMPORTED or (record not in inner and uid not in self._dated)
                )
                continue
            found.update(self._connection.execute(select(t.c[column]).where(others, *about).distinct()).scalars())
            if column == "user" and self._among is not None:  # of computers of which nothing is forgotten
                rows = self._connection.execute(select(t.c.user, t.c.computer).where(t.c.user.is_not(None), *about))
                found.update(user for user, computer in rows if not self._in_scope(computer))
        return found.intersection(inner)

    def _referred_to(self, inner: Collection[int]) -> set[int]:
        """Those that records refer to by what stays said of them."""
        wanted: dict[int, set[int]] = {}
        for table, own, columns in _references():
            for ci, *targets in self._referring(table, own, columns, inner):
                for target in targets:
                    if target is not None and target != ci and target in inner:
                        wanted.setdefault(ci, set()).add(target)
        found: set[int] = set()
        c = tables.claim.c
        for part in chunks(wanted, BATCH):
            self._ids.want_outer({target for ci in part for target in wanted[ci]})
            rows = self._connection.execute(select(c.ci, c.source, c.said).where(in_values(c.ci, part)))
            for ci, source, said in rows:
                if source != self._source or not self._in_scope(ci):
                    values = [pair[0] for pair in unpack(said).values()]
                    found.update(target for target in wanted[ci] if self._ids.outer[target] in values)
        return found

    def _referring(
        self, table: Table, own: ColumnElement[int], columns: list[ColumnElement[int]], inner: Collection[int]
    ) -> Iterator[Any]:
        """(Record, targets) of records of which another source speaks too."""
        condition = []
        if len(inner) <= BATCH:
            condition.append(or_(*(in_values(column, inner) for column in columns)))
        if self._among is None:
            c = tables.claim.c
            condition.append(exists().where(c.ci == own, c.source != self._source).correlate(table))
        statement = select(own, *columns).where(*condition)
        for part in self._connection.execute(statement, execution_options={"yield_per": BATCH}).partitions():
            yield from part


def _among(column: Any, inner: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """The condition that a column is one of some records; without one for very many: then all rows are read once."""
    return (in_values(column, inner),) if len(inner) <= BATCH else ()


def _references() -> Iterator[tuple[Table, Any, list[Any]]]:
    """What refers to records: tables, with the column of who refers and those of what is referred to."""
    for root in ROOTS:
        yield root.table, root.table.c.id, [root.table.c[name] for name in root.references]
    for table in (tables.extra_reference, tables.outvoted_reference):
        yield table, table.c.ci, [table.c.target]
