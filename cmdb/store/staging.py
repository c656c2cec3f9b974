"""Staging: a large proposal that is stored beside the register, to be viewed, reduced or dropped before it is applied.

It is not part of the register: it has no history, and discarding it leaves nothing. Each row holds the edits of one CI,
or of one other record, so that a dropped row never leaves a part of a record.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from cmdb.model.guards import CreationGuard, FieldGuard, Guard, HistoryGuard, KindGuard, UntouchedGuard
from cmdb.model.revision import Edit, Record, Revision, now
from cmdb.model.stored_texts import from_stored, stored
from cmdb.store.connection import engine as engines
from cmdb.store.connection import process
from cmdb.store.rows import bulk_writes, tables
from cmdb.store.rows.codec import OWNED_DOCUMENTS, chunks, dump, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.store import Store

_BATCH = 2_000
_GUARDS: dict[str, type[Guard]] = {
    "field": FieldGuard,
    "creation": CreationGuard,
    "history": HistoryGuard,
    "untouched": UntouchedGuard,
    "kind": KindGuard,
}
_KINDS = {guard: kind for kind, guard in _GUARDS.items()}


_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Naming = dict[str, "array[int]"]
"""Id of a new CI → the rows that name it, other than its own."""


@dataclass(frozen=True, slots=True)
class StagedRecord:
    """One staged record: ``state`` is new, changed, deleted or linked; ``position`` names the row."""

    position: int
    uid: str
    cls: str
    state: str
    label: str
    edits: tuple[Edit, ...]


class StagedProposal:
    """One staged proposal. Its edits can be iterated any number of times, and only as many as needed are in memory."""

    def __init__(self, store: Store, set_id: str, naming: Naming | None = None) -> None:
        self.store = store
        self.id = set_id
        self._naming = naming

    def __iter__(self) -> Iterator[Edit]:
        t = tables.staging.c
        last = -1
        while True:
            with self.store._engine.connect() as connection:
                statement = select(t.position, t.body).where(t.set_id == self.id, t.position > last)
                rows = connection.execute(statement.order_by(t.position).limit(_BATCH)).all()
            for row in rows:
                yield from edits_of(row.body)
            if len(rows) < _BATCH:
                return
            last = rows[-1].position

    def revision(self) -> Revision:
        """The revision that was staged, with the edits that are left: decided when it was, and guarded as it was."""
        s = tables.staging_set.c
        with self.store._engine.connect() as connection:
            said = load(connection.execute(select(s.header).where(s.id == self.id)).scalar_one())
        return Revision(
            self, said["author"], said["source"], from_stored(said["reason"]), self.id, said["time"], said["undoes"],
            tuple(_GUARDS[kind](*fields) for kind, fields in said["guards"]), said["decided_at"],
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """State → rows."""
        t = tables.staging.c
        with self.store._engine.connect() as connection:
            statement = select(t.state, func.count()).where(t.set_id == self.id).group_by(t.state)
            return {row[0]: row[1] for row in connection.execute(statement)}

    def page(self, state: str = "", text: str = "", limit: int = 200, offset: int = 0) -> list[StagedRecord]:
        """Rows of one state (or all) whose label contains ``text``, in order."""
        t = tables.staging.c
        statement = select(t.position, t.uid, t["class"], t.state, t.label, t.body).where(t.set_id == self.id)
        if state:
            statement = statement.where(t.state == state)
        if text:
            statement = statement.where(func.lower(t.label).contains(text.lower(), autoescape=True))
        with self.store._engine.connect() as connection:
            rows = connection.execute(statement.order_by(t.position).limit(limit).offset(offset)).all()
        return [StagedRecord(r[0], r[1] or "", r[2] or "", r[3], r[4] or "", tuple(edits_of(r[5]))) for r in rows]

    def positions(self, uids: Iterable[str]) -> list[int]:
        """The rows of records, in order: of CIs, and of the links that begin at them."""
        t = tables.staging.c
        found: list[int] = []
        with self.store._engine.connect() as connection:
            for batch in chunks(uids, _BATCH):
                statement = select(t.position).where(t.set_id == self.id, in_values(t.uid, batch))
                found.extend(connection.execute(statement).scalars())
        return sorted(found)

    def drop(self, positions: Sequence[int]) -> None:
        """Removes rows from the proposal, and the rows that refer to a removed new record.

        These rows are known from staging, or are found by one scan.
        """
        if self._naming is None:
            self._naming = self._found_naming()
        with engines.in_words(self.store.where), engines.writing(self.store._engine) as connection:
            pending, dropped = set(positions), set(positions)
            while pending:
                gone = self._drop(connection, sorted(pending))
                pending = {row for uid in gone for row in self._naming.get(uid, ())} - dropped
                dropped |= pending

    def _found_naming(self) -> Naming:
        """The rows that name the new CIs of a proposal that was staged by another process."""
        t = tables.staging.c
        naming: Naming = {}
        with self.store._engine.connect() as connection:
            new = set(connection.execute(select(t.uid).where(t.set_id == self.id, t.state == "new")).scalars())
            statement = select(tables.staging).where(t.set_id == self.id)
            for row in connection.execute(statement, execution_options={"yield_per": _BATCH}):
                _note(naming, new, row)
        return naming

    def _drop(self, connection: Connection, positions: list[int]) -> list[str]:
        t = tables.staging.c
        gone: list[str] = []
        for batch in chunks(positions, _BATCH):
            where = (t.set_id == self.id, t.position.in_(bindparam("positions", expanding=True)))
            statement = select(t.uid).where(*where, t.state == "new", t.uid.is_not(None))
            gone.extend(connection.execute(statement, {"positions": batch}).scalars())
            connection.execute(delete(tables.staging).where(*where), {"positions": batch})
        return gone

    def discard(self) -> None:
        """Deletes the proposal."""
        with engines.in_words(self.store.where), engines.writing(self.store._engine) as connection:
            for table, column in ((tables.staging, "set_id"), (tables.staging_set, "id")):
                connection.execute(delete(table).where(table.c[column] == self.id))


def stage(store: Store, revision: Revision, labels: dict[str, tuple[str, str]]) -> StagedProposal:
    """Puts a revision's edits into staging; ``labels``: CI id → (class, name) for showing rows. Raises StoreProblem."""
    columns = ("set_id", "position", "uid", "class", "state", "label", "body")
    header = dump(_header(revision)).decode()
    new = {e.record.key[0] for e in revision.edits if e.record.kind == "ci" and not e.field and e.before is None}
    naming: Naming = {}
    with engines.in_words(store.where), engines.writing(store._engine) as connection:
        connection.execute(tables.staging_set.insert(), {"id": revision.id, "created": now(), "header": header})
        for batch in chunks(_rows(revision, labels), _BATCH):
            bulk_writes.insert(connection, "staging", columns, batch)
            for row in batch:
                _note(naming, new, row)
    return StagedProposal(store, revision.id, naming)


def _header(revision: Revision) -> dict[str, Any]:
    """All of a revision but its edits, and the process that stages it."""
    return {
        "author": revision.author, "source": revision.source, "reason": stored(revision.reason), "time": revision.time,
        "undoes": revision.undoes, "decided_at": revision.decided_at, "owner": process.this_one(),
        "guards": [(_KINDS[type(one)], [getattr(one, f.name) for f in fields(one)]) for one in revision.guards],
    }  # fmt: skip


def _note(naming: Naming, new: Collection[str], row: Sequence[Any]) -> None:
    """Records which new CIs a row (in stored form) names, except the CI that it creates."""
    position, own, state, body = row[1], row[2], row[4], row[6]
    for uid in set(_UID.findall(body)):
        if uid in new and not (uid == own and state == "new"):
            naming.setdefault(uid, array("q")).append(position)


def _rows(revision: Revision, labels: dict[str, tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    for position, edits in enumerate(grouped(revision.edits)):
        uid = concerned(edits[0])
        cls, name = labels.get(uid, ("", ""))
        state = state_of(edits)
        yield revision.id, position, uid, cls, state, name, body_of(edits)


_OWNERS = {
    "event": "record",
    "attachment": "record",
    "reservation": "subject",
    "group": "owner",
    **dict.fromkeys(OWNED_DOCUMENTS, "owner"),
}
"""Kind → the field that names the record with which its edits go."""


def concerned(edit: Edit) -> str:
    """The record that a row of edits goes with: itself, the one that a link begins at, that an event is about, that has
    a group, or that another record is merged into.
    """
    if owner := _OWNERS.get(edit.record.kind):
        whole: Any = {edit.field: edit.after} if edit.field else edit.after or edit.before or {}
        if whole.get(owner):
            return str(whole[owner])
    return edit.record.key[{"relationship": 1, "membership": 2, "alias": 2}.get(edit.record.kind, 0)]


def grouped(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """Consecutive edits of one CI (its claims included) or of one record."""
    group: list[Edit] = []
    last: tuple[str, ...] = ()
    for edit in edits:
        mine = (
            ("ci", edit.record.key[0]) if edit.record.kind in ("ci", "claim") else (edit.record.kind, *edit.record.key)
        )
        if group and mine != last:
            yield group
            group = []
        group.append(edit)
        last = mine
    if group:
        yield group


def state_of(edits: Sequence[Edit]) -> str:
    """What edits of one record do: new, changed, deleted; or linked for those of other kinds."""
    first = edits[0]
    if first.record.kind not in ("ci", "claim"):
        return "linked"
    if first.record.kind == "ci" and not first.field:
        return "new" if first.before is None else "deleted"
    return "changed"


def body_of(edits: Iterable[Edit]) -> str:
    """Edits as a row of staging holds them."""
    return dump([[e.record.kind, e.record.key, e.field, e.before, e.after] for e in edits]).decode()


def edits_of(body: str) -> Iterator[Edit]:
    """The edits that ``body_of`` stored."""
    for kind, key, field, before, after in load(body):
        yield Edit(Record(kind, tuple(key)), field, before, after)
