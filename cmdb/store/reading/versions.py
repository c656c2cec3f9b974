"""Reads the journal: revisions, the changes of each, and an item's history. All is derived from versions of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, func, or_, select, union

from cmdb.model.actors import Actor
from cmdb.model.calendar_bounds import in_utc
from cmdb.model.journal import HistoryEntry, RevisionHeader
from cmdb.model.revision import Edit, Record, ci
from cmdb.model.stored_texts import from_stored
from cmdb.model.values import is_same
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, TOLD_DOCUMENTS, Codec, Identities, RecordKind, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS, root_of
from cmdb.store.rows.stored_statements import unpack

_Rows = dict[int, dict[Any, Any]]
"""Revision → key → row."""

MANY = 100
"""The number of changed records that alone makes a revision notable."""


def headers(
    connection: Connection, until: int, limit: int, before: int | None, numbers: Iterable[int] | None
) -> list[RevisionHeader]:
    """Headers up to revision ``until``, the newest first; only ``numbers`` where given."""
    r = tables.revision.c
    top = min(until, before - 1) if before is not None else until
    columns = (
        r.number,
        r.uid,
        r.time,
        r.recorded,
        r.author,
        r.source,
        r.reason,
        r.undoes,
        r.created,
        r.updated,
        r.deleted,
    )
    a = tables.actor.c
    who = (a.kind, a.name, a.login, a.person)
    copy = tables.estate_copy.c
    joined = tables.revision.outerjoin(tables.actor, a.id == r.actor).outerjoin(tables.estate_copy, copy.id == r.copy)
    statement = (
        select(*columns, *who, copy.uid.label("copy"))
        .select_from(joined)
        .where(r.number <= top)
        .order_by(r.number.desc())
        .limit(limit)
    )
    if numbers is not None:
        wanted = sorted((n for n in numbers if n <= top), reverse=True)[:limit]
        statement = statement.where(in_values(r.number, wanted))
    rows = connection.execute(statement).all()
    undone = _undone(connection, until)
    return [
        RevisionHeader(
            row.number, row.uid, row.time, row.recorded, row.author, row.source, from_stored(row.reason), row.undoes,
            undone.get(row.number, 0), row.created, row.updated, row.deleted,
            actor=_actor(row.kind, row.name, row.login, row.person), copy=row.copy or "",
        )
        for row in rows
    ]  # fmt: skip


def _actor(kind: str | None, name: str, login: str | None, person: str | None) -> Actor | None:
    return Actor(name, kind, login or "", person or "") if kind is not None else None


def notable(connection: Connection, since: int, limit: int) -> list[int]:
    """The numbers of the latest revisions after ``since`` that imported or scanned, or changed many records."""
    r = tables.revision.c
    many = r.created + r.updated + r.deleted >= MANY
    taken_in = r.source.not_in(("person", "retention", "migration"))
    statement = select(r.number).where(r.number > since, or_(taken_in, many)).order_by(r.number.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def _undone(connection: Connection, until: int) -> dict[int, int]:
    """Revision → the revision that undid it, unless that one was undone, too."""
    r = tables.revision.c
    rows = connection.execute(
        select(r.number, r.undoes).where(r.undoes > 0, r.number <= until).order_by(r.number.desc())
    ).all()
    dead: set[int] = set()
    undone: dict[int, int] = {}
    for number, target in rows:
        if number not in dead:
            undone.setdefault(target, number)
            dead.add(target)
    return undone


def number_at(connection: Connection, when: datetime) -> int:
    """The last revision recorded at or before a moment; 0 before the first."""
    text = in_utc(when).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    r = tables.revision.c
    return int(connection.execute(select(func.max(r.number)).where(r.recorded <= text)).scalar() or 0)


def numbers_of(connection: Connection, inner: int, uid: str) -> set[int]:
    """The revisions that touched a CI: its row, its claims, its links, or the documents that belong to it."""
    return {number for _, number in touching(connection, {uid: inner})}


def touching(
    connection: Connection, records: Mapping[str, int], since: int = 0, but_by: str = ""
) -> Iterator[tuple[str, int]]:
    """Which revisions after ``since`` touched which of some records, but for those of an author.

    ``records``: id → inner id. It takes two statements, however many records there are.
    """
    uids = {inner: uid for uid, inner in records.items()}
    places = [place for current, past, columns in _traces() for place in _places(current, past, *columns)]
    for inner, number in connection.execute(_touching(places, uids, since, but_by)):
        yield uids[inner], number
    documents = _places(tables.document, tables.document_version, "owner")
    yield from (tuple(row) for row in connection.execute(_touching(documents, records, since, but_by)))


def _touching(
    places: Iterable[tuple[Table, str, str]], keys: Collection[Any], since: int, but_by: str
) -> Select[tuple[Any, int]]:
    """The statement: key and revision, from columns of keys and of revisions."""
    parts: list[Select[Any]] = []
    for table, column, revision in places:
        key, number = table.c[column], table.c[revision]
        part = select(key.label("key"), number.label("number")).where(in_values(key, keys), number > since)
        parts.append(part.where(table.c.kind.in_(TOLD_DOCUMENTS)) if column == "owner" else part)
    found = union(*parts).subquery()
    statement = select(found.c.key, found.c.number)
    if but_by:
        r = tables.revision.c
        statement = statement.join(tables.revision, r.number == found.c.number).where(r.author != but_by)
    return statement


def _places(current: Table, past: Table, *columns: str) -> Iterator[tuple[Table, str, str]]:
    """Table, column of the key, column of the revision: where rows began, and where they ended."""
    for column in columns:
        yield from ((current, column, "revision"), (past, column, "revision"), (past, column, "ended"))


def _traces() -> Iterator[tuple[Table, Table, tuple[str, ...]]]:
    for root in ROOTS:
        yield root.table, root.past, ("id",)
    yield tables.claim, tables.claim_version, ("ci",)
    yield tables.relationship, tables.relationship_version, ("source", "target")
    yield tables.membership, tables.membership_version, ("source", "target")
    yield tables.installation, tables.installation_version, ("computer",)
    yield tables.assignment, tables.assignment_version, ("licence", "holder")
    yield tables.alias, tables.alias_version, ("record",)
    yield tables.section, tables.section_version, ("record",)
    yield tables.event, tables.event_version, ("record",)
    yield tables.attachment, tables.attachment_version, ("record",)
    yield tables.reservation, tables.reservation_version, ("subject", "by")


class RowHistory:
    """Derives edits from consecutive versions of rows."""

    def __init__(self, connection: Connection, codec: Codec) -> None:
        self.connection = connection
        self.codec = codec
        self.ids = Identities(connection, ever=True)
        self._records = KindRows(connection, self.ids)
        self._of_one: dict[tuple[str, tuple[str, int | str]], tuple[_Rows, _Rows]] = {}

    def edits(self, number: int) -> list[Edit]:
        """Effective changes of CIs, and whole-record changes of the other kinds."""
        made, ended = self._ci_versions(number)
        found: list[Edit] = []
        for inner in {**ended, **made}:
            found.extend(self._ci_edits(ended.get(inner), made.get(inner), full=True))
        found.extend(self._record_edits(number))
        return found

    def changed_values(self, number: int) -> Iterator[Edit]:
        """Effective values that a revision changed, of CIs that were there before and after."""
        pasts = (root.past.c for root in ROOTS)
        if not any(self.connection.execute(select(c.id).where(c.ended == number).limit(1)).first() for c in pasts):
            return
        made, ended = self._ci_versions(number)
        for inner in made.keys() & ended.keys():
            yield from self._ci_edits(ended[inner], made[inner], full=True)

    def statements(self, number: int, *, of_created: bool = True) -> list[Edit]:
        """The statements of a revision: CIs created, deleted or changed in class; claims; the other kinds.

        Without ``of_created`` the claims of CIs that the revision created are left out: an undo deletes them with the
        CIs.
        """
        made: dict[Any, Any] = {}
        ended: dict[Any, Any] = {}
        for root in ROOTS:
            began, over = self._versions(root.table, root.past, number, columns=("id", "uid", "class"))
            made.update(began)
            ended.update(over)
        found: list[Edit] = []
        for inner in {**ended, **made}:
            found.extend(self._ci_edits(ended.get(inner), made.get(inner), full=False))
        new = set() if of_created else {key[0] for key in made.keys() - ended.keys()}
        said, unsaid = self._versions(tables.claim, tables.claim_version, number, without=new)
        keys = list({**unsaid, **said})
        self.ids.want_outer(key[0] for key in keys)
        for key in keys:
            record = Record("claim", (self.ids.outer[key[0]], key[1]))
            before, after = unsaid.get(key), said.get(key)
            found.extend(differences(record, before and unpack(before[2]), after and unpack(after[2])))
        found.extend(self._record_edits(number))
        return found

    def versions(self, uid: str, inner: int, until: int, since: int) -> list[HistoryEntry]:
        """The history of one CI after a revision."""
        numbers = {number for number in numbers_of(self.connection, inner, uid) if number > since}
        heads = headers(self.connection, until, len(numbers) or 1, None, numbers)
        return [
            HistoryEntry(h.number, h.time, h.author, h.source, h.reason, self._edits_of(uid, inner, h.number))
            for h in heads
        ]

    def _edits_of(self, uid: str, inner: int, number: int) -> list[Edit]:
        made, ended = self._ci_versions(number, inner)
        found = list(self._ci_edits(ended.get((inner,)), made.get((inner,)), full=True)) if made or ended else []
        for name in ("relationship", "membership", "installation", "assignment", "section"):
            kind = KIND_TABLES[name]
            for column, ref in kind.parts:
                if ref:
                    found.extend(self._kind_edits(kind, number, (column, inner)))
        for name in ("event", "attachment"):
            found.extend(self._kind_edits(KIND_TABLES[name], number, ("record", inner)))
        for column in ("subject", "by"):
            found.extend(self._kind_edits(KIND_TABLES["reservation"], number, (column, inner)))
        for name in TOLD_DOCUMENTS:
            found.extend(self._kind_edits(KIND_TABLES[name], number, ("owner", uid)))
        return found

    # -- rows -------------------------------------------------------------------------------------------------------

    def _versions(
        self, table: Table, past: Table, number: int, only: tuple[str, int | str] | None = None,
        columns: Sequence[str] = (), without: Collection[int] = (),
    ) -> tuple[dict[Any, Any], dict[Any, Any]]:  # fmt: skip
        """Rows that a revision created and rows that it ended, by key.

        ``only``: a column and a CI. ``columns``: not of all columns, the key first. ``without``: but for the rows whose
        key begins with one of these numbers.
        """
        if only:
            every = self._of_one.get((table.name, only))
            if every is None:
                every = self._of_one[table.name, only] = self._every(table, past, only)
            return every[0].get(number, {}), every[1].get(number, {})
        names = columns or [c.name for c in table.columns]
        first = table.columns.keys()[0]
        size = len(table.primary_key.columns)
        made: dict[Any, Any] = {}
        ended: dict[Any, Any] = {}
        for source, column, into in ((table, "revision", made), (past, "revision", made), (past, "ended", ended)):
            wanted = source.c[column] == number
            statement = select(*(source.c[n] for n in names))
            if without:  # as nearly all rows of an import are: they are not even read
                numbers = self.connection.execute(select(source.c[first]).where(wanted)).scalars().all()
                rest = sorted({*numbers}.difference(without))
                parts = [statement.where(wanted, in_values(source.c[first], batch)) for batch in chunks(rest, IN_CHUNK)]
            else:
                parts = [statement.where(wanted)]
            for part in parts:
                for row in self.connection.execute(part).all():
                    into[tuple(row[:size])] = row
        return made, ended

    def _every(self, table: Table, past: Table, only: tuple[str, int | str]) -> tuple[_Rows, _Rows]:
        """All current and past rows of a CI: revision → rows that it created, and revision → rows that it ended."""
        names = [c.name for c in table.columns]
        size = len(table.primary_key.columns)
        made: _Rows = defaultdict(dict)
        ended: _Rows = defaultdict(dict)
        for row in self.connection.execute(select(*table.columns).where(table.c[only[0]] == only[1])).all():
            made[row.revision][tuple(row[:size])] = row
        statement = select(*(past.c[n] for n in names), past.c.ended).where(past.c[only[0]] == only[1])
        for row in self.connection.execute(statement).all():
            made[row.revision][tuple(row[:size])] = row
            ended[row.ended][tuple(row[:size])] = row
        return made, ended

    def _ci_versions(self, number: int, inner: int | None = None) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """Rows of records that a revision created and ended. The targets of their references are looked up."""
        only = ("id", inner) if inner is not None else None
        made: dict[Any, Any] = {}
        ended: dict[Any, Any] = {}
        for root in ROOTS if inner is None else (root_of(inner),):
            began, over = self._versions(root.table, root.past, number, only)
            self.ids.want_outer(self.codec.of(root).reference_ids((*began.values(), *over.values())))
            made.update(began)
            ended.update(over)
        return made, ended

    def _ci_edits(self, before: Any, after: Any, *, full: bool) -> Iterator[Edit]:
        record = ci((after if after is not None else before).uid)
        if before is not None and after is not None and (full or before[2] != after[2]):
            whole = self._decoded if full else _class_of
            old, new = whole(before), whole(after)
            for name in dict.fromkeys((*old, *new)) if full else ("class",):
                if not is_same(old.get(name), new.get(name)):
                    yield Edit(record, name, old.get(name), new.get(name))
        elif before is None or after is None:
            whole = self._decoded if full else _class_of
            yield Edit(record, "", *(None if row is None else whole(row) for row in (before, after)))

    def _decoded(self, row: Any) -> dict[str, Any]:
        return {"class": row[2], **self.codec.of(root_of(row[0])).decode(row, self.ids.outer)}

    def _record_edits(self, number: int) -> Iterator[Edit]:
        found: dict[str, tuple[dict[Any, Any], dict[Any, Any]]] = {}
        for kind in KIND_TABLES.values():  # some share a table
            if kind.table.name not in found:
                found[kind.table.name] = self._versions(kind.table, kind.past, number)
            yield from self._edits_among(kind, *found[kind.table.name])

    def _kind_edits(self, kind: RecordKind, number: int, only: tuple[str, int | str] | None) -> Iterator[Edit]:
        yield from self._edits_among(kind, *self._versions(kind.table, kind.past, number, only))

    def _edits_among(self, kind: RecordKind, made: dict[Any, Any], ended: dict[Any, Any]) -> Iterator[Edit]:
        """The edits of one kind among the rows of its table that a revision created and ended."""
        if kind.document:
            made, ended = ({k: v for k, v in rows.items() if k[0] == kind.name} for rows in (made, ended))
        if not made and not ended:
            return
        records = self._records
        records.want(kind, [*made.values(), *ended.values()])
        for key in {**ended, **made}:
            pair = (rows.get(key) for rows in (ended, made))
            before, after = (None if row is None else records.fields(kind, row) for row in pair)
            yield from differences(Record(kind.name, records.key(kind, key)), before, after)


def _class_of(row: Any) -> dict[str, Any]:
    return {"class": row[2]}


def differences(record: Record, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[Edit]:
    """A record's fields before and after as edits: of the whole record, or of each field that differs."""
    if before is None or after is None:
        yield Edit(record, "", before, after)
        return
    for name in dict.fromkeys((*before, *after)):
        if not is_same(before.get(name), after.get(name)):
            yield Edit(record, name, before.get(name), after.get(name))
