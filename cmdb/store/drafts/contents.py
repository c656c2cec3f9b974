"""The edits of a draft in staging: those that are applied with it, and those that wait for a conflict to be settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.drafts import DraftConflict, FieldConflict
from cmdb.model.record_aliases import ID
from cmdb.model.revision import Edit
from cmdb.model.stored_texts import from_stored, stored
from cmdb.store.drafts import overlay
from cmdb.store.rows import bulk_writes, tables
from cmdb.store.rows.codec import chunks, dump, load
from cmdb.store.staging import body_of, concerned, edits_of, grouped, state_of

CONFLICT = "conflict"
"""The state of the rows of staging whose edits wait for a decision."""
_COLUMNS = ("set_id", "position", "uid", "class", "state", "label", "body")
_BATCH = 2_000


@dataclass(slots=True)
class DraftContents:
    """What a draft holds: the edits that fit revision ``head`` of the estate, those that do not, and why."""

    head: int = 0
    number: int = 0
    """The revision that the edits would be; 0: there are none."""
    edits: list[Edit] = field(default_factory=list)
    waiting: dict[str, list[Edit]] = field(default_factory=dict)
    """Record → the edits about it that do not fit."""
    conflicts: dict[str, DraftConflict] = field(default_factory=dict)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)


def read(connection: Connection, draft: str) -> DraftContents:
    """What a draft holds."""
    header = connection.execute(select(tables.staging_set.c.header).where(tables.staging_set.c.id == draft)).scalar()
    said = load(header) if header is not None else {}
    found = DraftContents(said.get("head", 0), (overlay.header_of(connection, draft) or {}).get("number", 0))
    found.conflicts = {one["record"]: _conflict(one) for one in said.get("conflicts", ())}
    t = tables.staging.c
    statement = select(t.uid, t["class"], t.state, t.label, t.body).where(t.set_id == draft).order_by(t.position)
    for uid, cls, state, label, body in connection.execute(statement):
        edits = list(edits_of(body))
        found.labels[uid] = (cls or "", label or "")
        if state == CONFLICT:
            found.waiting.setdefault(uid, []).extend(edits)
        else:
            found.edits += edits
    return found


def write(connection: Connection, draft: str, contents: DraftContents, time: str) -> None:
    """Replaces what a draft holds; the overlay's rows are written apart."""
    overlay.clear(connection, draft)
    header = {
        "draft": draft, "time": time, "head": contents.head,
        "conflicts": [_stored(one) for one in contents.conflicts.values()],
    }  # fmt: skip
    connection.execute(tables.staging_set.insert(), {"id": draft, "created": time, "header": dump(header).decode()})
    for batch in chunks(_rows(draft, contents), _BATCH):
        bulk_writes.insert(connection, "staging", _COLUMNS, batch)


def by_record(edits: Iterable[Edit]) -> dict[str, list[list[Edit]]]:
    """Record → the groups of edits that go with it: of itself, of the links that begin at it, of its events."""
    found: dict[str, list[list[Edit]]] = {}
    own: dict[tuple[str, ...], list[Edit]] = {}
    for group in grouped(edits):
        uid = concerned(group[0])
        kind = group[0].record.kind
        key = ("ci", uid) if kind in ("ci", "claim") else (kind, *group[0].record.key)
        if key in own:
            own[key] += group
        else:
            own[key] = group
            found.setdefault(uid, []).append(group)
    return found


def together(edits: Iterable[Edit], uids: Iterable[str]) -> set[str]:
    """The records, and those that the edits merge with them or split from them."""
    ties: dict[str, set[str]] = {}
    for edit in edits:
        if edit.record.kind == "alias" and edit.record.key[0] == ID:
            one, other = edit.record.key[1:]
            ties.setdefault(one, set()).add(other)
            ties.setdefault(other, set()).add(one)
    found: set[str] = set()
    pending = set(uids)
    while pending:
        found |= pending
        pending = {other for uid in pending for other in ties.get(uid, ())} - found
    return found


def _rows(draft: str, contents: DraftContents) -> Iterator[tuple[Any, ...]]:
    position = 0
    for state, its in (("", by_record(contents.edits)), (CONFLICT, _waiting(contents.waiting))):
        for uid, groups in its.items():
            cls, name = contents.labels.get(uid, ("", ""))
            for group in groups:
                yield draft, position, uid, cls, state or state_of(group), name, body_of(group)
                position += 1


def _waiting(waiting: Mapping[str, Sequence[Edit]]) -> dict[str, list[list[Edit]]]:
    return {uid: list(map(list, grouped(edits))) for uid, edits in waiting.items()}


def _stored(one: DraftConflict) -> dict[str, Any]:
    return {
        "record": one.record, "cls": one.cls, "name": one.name, "reason": stored(one.reason), "deleted": one.deleted,
        "fields": [[f.field, f.before, f.drafted, f.present] for f in one.fields],
    }  # fmt: skip


def _conflict(said: Mapping[str, Any]) -> DraftConflict:
    fields = tuple(FieldConflict(*values) for values in said["fields"])
    return DraftConflict(
        said["record"], said["cls"], said["name"], from_stored(said["reason"]), said["deleted"], fields
    )
