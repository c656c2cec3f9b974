"""A draft after the estate has changed: which of its edits still fit, and which are conflicts.

An edit of an attribute fits as long as the record's value is what the draft saw. What others changed beside it stays:
the edit is restated on what the source says now. If one edit about a record does not fit, all edits about the record
wait, so that no half of a verb is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.drafts import DraftConflict, FieldConflict
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.record_aliases import ID
from cmdb.model.records import CI, Related
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.schema import Schema
from cmdb.model.values import is_same
from cmdb.reconciliation.keys import WEAK
from cmdb.store.drafts.contents import DraftContents, by_record, together
from cmdb.store.reading.changes import records_of
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, OWNED_DOCUMENTS, Codec, Identities, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.record_names import described
from cmdb.store.writing.creation_guard import CreationCheck

Said = Mapping[str, Mapping[str, Any]]
"""Source → attribute → [value, observed]."""
_PARTS = frozenset({"alias", "attachment", "installation", "reservation", "section", *OWNED_DOCUMENTS})
"""The kinds of what belongs to one record."""
LAST_SEEN = "last_seen"
"""What every look changes: the later one stays, and nobody has to decide."""
_SERIES = re.compile(r"[A-Z]+-[0-9]{1,15}")


class Rebase:
    """Fits a draft's edits to the estate as it is in a connection's transaction."""

    def __init__(self, connection: Connection, schema: Schema, contents: DraftContents) -> None:
        self._connection = connection
        self._contents = contents
        self._now = Reader(connection, schema, Codec(schema))
        self._then = self._reader_then(schema, contents.head)

    def _reader_then(self, schema: Schema, head: int) -> Reader | None:
        """The estate that the draft was made on; None where its history is no longer kept."""
        try:
            return Reader(self._connection, schema, Codec(schema), head)
        except UserError:
            return None

    def run(self, *, only: Iterable[str] | None = None) -> None:
        """Moves what does not fit from the edits to those that wait. ``only``: looks at these records alone."""
        contents = self._contents
        self._number_anew()
        groups = by_record(contents.edits)
        wanted = set(groups) if only is None else set(only)
        present = self._now.by_uid(wanted)
        created = {uid for uid, its in groups.items() if any(_creates(edit) for group in its for edit in group)}
        doubles = self._doubles(edit for uid in created for group in groups[uid] for edit in group)
        said = self._now.said(present)
        merged = {edit.record.key[1] for edit in contents.edits if _merges(edit)}
        rows = rows_of(self._now, (edit for its in groups.values() for group in its for edit in group))
        edits: list[Edit] = []
        for uid, its in groups.items():
            flat = [edit for group in its for edit in group]
            if uid not in wanted:
                edits += flat
                continue
            if uid not in created and uid not in present:
                if uid in merged:
                    self._wait(uid, flat, deleted=True)
                    continue
                if any(map(_deletes, flat)):  # Both deleted it.
                    flat = [edit for edit in flat if edit.record.kind not in ("ci", "claim")]
                elif any(map(_needs_record, flat)):
                    self._wait(uid, flat, deleted=True)
                    continue
            if uid in doubles:
                name = self._now.names([doubles[uid]])[doubles[uid]][1]
                self.hold(uid, flat, Message("“{name}” came meanwhile and is perhaps the same.", name=name))
                continue
            fields = self._fields(uid, flat, present.get(uid), rows) if uid not in created else ()
            if fields:
                self._wait(uid, flat, fields=fields)
            else:
                edits += list(restated(flat, said.get(uid, {}), rows))
        contents.edits = edits
        self.hold_together()

    def _doubles(self, created: Iterable[Edit]) -> dict[str, str]:
        """Records that the draft creates → one that came meanwhile and has an identifying value of it.

        Values that must be unique are left to what applies the draft: it says which one it is.
        """
        made = [edit for edit in created if edit.record.kind in ("ci", "claim")]
        if not made:
            return {}
        unique = {one.name for one in self._now.schema.every_attribute.values() if one.unique}
        pairs = CreationCheck(self._now, Revision(made, ""), self._contents.head).pairs(WEAK | unique)
        others = {other for its in pairs.values() for other in its}
        known = self._then.by_uid(others) if self._then is not None else {}
        came = {uid: [other for other in its if other not in known] for uid, its in pairs.items()}
        return {uid: its[0] for uid, its in came.items() if its}

    def hold_together(self) -> None:
        """Lets all records of a merge wait if one of them does: what one would get, the other would have lost."""
        contents = self._contents
        every = [*contents.edits, *(edit for its in contents.waiting.values() for edit in its)]
        groups = by_record(contents.edits)
        for uid in together(every, contents.waiting) & groups.keys():
            its = [edit for group in groups.pop(uid) for edit in group]
            self.hold(uid, its, Message("It was merged or split together with a record that does not fit any more."))
        contents.edits = [edit for its in groups.values() for group in its for edit in group]

    def _number_anew(self) -> None:
        """Leaves the numbers of new work to be given again where others have been given one of them meanwhile."""
        numbers = {number for edit in self._contents.edits if (number := _new_number(edit)) is not None}
        w = tables.work.c.number
        if not any(
            self._connection.execute(select(w).where(in_values(w, batch)).limit(1)).first()
            for batch in chunks(numbers, IN_CHUNK)
        ):
            return
        self._contents.edits = [
            edit if _new_number(edit) is None else Edit(edit.record, "", None, _without_number(edit.after))
            for edit in self._contents.edits
        ]

    def _fields(
        self, uid: str, edits: list[Edit], present: CI | None, rows: Mapping[Record, Mapping[str, Any]]
    ) -> tuple[FieldConflict, ...]:
        """The fields that were changed meanwhile to something else than the draft's."""
        found: list[FieldConflict] = []
        then = self._then.by_uid([uid]).get(uid) if self._then is not None else None
        differing = {e.record for e in edits if e.record.kind == "sighting" and e.field not in ("", "observed")}
        deleted = then is not None and any(map(_deletes, edits))
        for edit in edits:
            kind = edit.record.kind
            if kind == "claim" and present is not None:
                if deleted:
                    continue  # All that is said of it is compared at once.
                found += _of_claim(edit, then, present)
            elif kind == "ci" and present is not None and edit.field == "class" and present.cls != edit.before:
                if present.cls != edit.after:
                    found.append(FieldConflict("class", edit.before, edit.after, present.cls))
            elif deleted and _deletes(edit) and then is not None and present is not None:
                found += _of_deleted(then, present)
            elif kind == "sighting" and edit.field == "observed" and edit.record not in differing:
                continue  # Both have seen the same: the later of the two stays.
            elif kind in KIND_TABLES:
                found += _of_row(edit, rows.get(edit.record))
        if deleted and present is not None:
            found += self._new_links(uid)
        return tuple(found)

    def _new_links(self, uid: str) -> Iterator[FieldConflict]:
        """What others have linked meanwhile with a record that the draft deletes: the links would go with it."""
        known = {} if self._then is None else {_link(one): one for one in self._then.relationships(uid)}
        for one in self._now.relationships(uid):
            if _link(one) not in known:
                yield FieldConflict("relationship", None, None, f"{one.label} {one.name}")

    def _wait(
        self, uid: str, edits: list[Edit], *, deleted: bool = False, fields: tuple[FieldConflict, ...] = ()
    ) -> None:
        reason = Message("It was deleted meanwhile.") if deleted else Message("It was changed meanwhile.")
        self.hold(uid, edits, reason, deleted=deleted, fields=fields)

    def hold(
        self, uid: str, edits: list[Edit], reason: Message | str, *, deleted: bool = False,
        fields: tuple[FieldConflict, ...] = (),
    ) -> None:  # fmt: skip
        """Puts the edits about a record among those that wait."""
        contents = self._contents
        contents.waiting.setdefault(uid, []).extend(edits)
        cls, name = contents.labels.get(uid, ("", ""))
        if not name and edits and edits[0].record.kind in KIND_TABLES:
            name = str(described(self._connection, edits[0].record, last_document(self._connection, edits[0].record)))
        contents.conflicts[uid] = DraftConflict(uid, cls, name, reason, deleted, fields)


def last_document(connection: Connection, record: Record) -> Mapping[str, Any]:
    """The fields that a document has or had when it was deleted; nothing where none is kept, or of another record."""
    if not KIND_TABLES[record.kind].document:
        return {}
    for table in (tables.document, tables.document_version):
        mine = (table.c.kind == record.kind) & (table.c.uid == record.key[0])
        body = connection.execute(select(table.c.body).where(mine).order_by(table.c.revision.desc()).limit(1)).scalar()
        if body is not None:
            fields: Mapping[str, Any] = load(body)
            return fields
    return {}


def rows_of(reader: Reader, edits: Iterable[Edit]) -> dict[Record, Mapping[str, Any]]:
    """The records beside items that edits name, as they are now."""
    wanted: dict[str, set[tuple[str, ...]]] = {}
    for edit in edits:
        if edit.record.kind in KIND_TABLES:
            wanted.setdefault(edit.record.kind, set()).add(edit.record.key)
    connection = reader._connection
    ids = Identities(connection)
    return {
        Record(kind, key): fields
        for kind, keys in wanted.items()
        for key, fields in records_of(connection, KIND_TABLES[kind], keys, ids).items()
    }


def restated(edits: Iterable[Edit], said: Said, rows: Mapping[Record, Mapping[str, Any]]) -> Iterable[Edit]:
    """Edits whose *before* is what is there now; what is so already is left out."""
    for edit in edits:
        kind, key = edit.record.kind, edit.record.key
        if kind == "claim":
            own = said.get(key[1], {})
            after: Any = {edit.field: edit.after} if edit.field else (edit.after or {})
            before: Any = {edit.field: edit.before} if edit.field else (edit.before or {})
            for name in dict.fromkeys((*before, *after)):
                pair = own.get(name)
                if name == LAST_SEEN and _is_later(pair, before.get(name), after.get(name)):
                    continue
                if (pair and list(pair)) != (after.get(name) and list(after[name])):
                    yield Edit(edit.record, name, pair and list(pair), after.get(name))
        elif kind not in KIND_TABLES:
            yield edit
        elif not edit.field:
            yield from _whole(edit, rows.get(edit.record))
        elif edit.record in rows:
            present = rows[edit.record].get(edit.field)
            if kind == "sighting" and edit.field == "observed" and _is_later([present], [edit.before], [edit.after]):
                continue
            if present != edit.after:
                yield Edit(edit.record, edit.field, present, edit.after)


def _is_later(present: Any, before: Any, after: Any) -> bool:
    """Whether a time that came meanwhile is later than the draft's; each stands first in a pair."""
    return bool(present and after and present != before and present[0] and after[0] and present[0] >= after[0])


def _whole(edit: Edit, present: Mapping[str, Any] | None) -> Iterable[Edit]:
    if edit.after is None:
        if present is not None:
            yield Edit(edit.record, "", dict(present), None)
    elif present is None:
        yield Edit(edit.record, "", None, edit.after)
    else:
        after: Any = edit.after
        for name in dict.fromkeys((*present, *after)):
            if not is_same(present.get(name), after.get(name)):
                yield Edit(edit.record, name, present.get(name), after.get(name))


def _of_claim(edit: Edit, then: CI | None, present: CI) -> Iterable[FieldConflict]:
    """What of a statement is about an attribute whose value was changed meanwhile."""
    before: Any = {edit.field: edit.before} if edit.field else (edit.before or {})
    after: Any = {edit.field: edit.after} if edit.field else (edit.after or {})
    for name in dict.fromkeys((*before, *after)):
        if name.startswith("evidence.") or name == LAST_SEEN:
            continue
        was = then.values.get(name) if then is not None else before.get(name) and before[name][0]
        now = present.values.get(name)
        mine = after[name][0] if after.get(name) else None
        if was != now and mine != now:
            yield FieldConflict(name, was, mine, now)


def _of_row(edit: Edit, present: Mapping[str, Any] | None) -> Iterable[FieldConflict]:
    """What of an edit of a relationship or the like does not fit."""
    label = edit.record.kind
    if edit.field:
        now = present.get(edit.field) if present is not None else None
        if now != edit.before and now != edit.after:
            yield FieldConflict(f"{label}.{edit.field}", edit.before, edit.after, now)
    elif edit.before is None and present is not None and present != edit.after:
        yield FieldConflict(label, None, edit.after, dict(present))
    elif edit.after is None and present is not None and present != edit.before:
        yield FieldConflict(label, edit.before, None, dict(present))


def _creates(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.before is None


def _merges(edit: Edit) -> bool:
    return edit.record.kind == "alias" and edit.record.key[0] == ID and edit.before is None


def _link(one: Related) -> tuple[str, bool, str, str]:
    return one.type, one.inverse, one.uid, one.attribute


def _deletes(edit: Edit) -> bool:
    return edit.record.kind == "ci" and not edit.field and edit.after is None


def _needs_record(edit: Edit) -> bool:
    """Whether the edit makes no sense without the record that it goes with."""
    return edit.record.kind in ("ci", "claim") or (edit.record.kind in _PARTS and edit.after is not None)


def _of_deleted(then: CI, present: CI) -> Iterable[FieldConflict]:
    """What was changed meanwhile of a record that the draft deletes. That it was seen again is nothing to decide."""
    for name in sorted((then.values.keys() | present.values.keys()) - {LAST_SEEN}):
        was, now = then.values.get(name), present.values.get(name)
        if was != now:
            yield FieldConflict(name, was, None, now)


def _new_number(edit: Edit) -> str | None:
    """The number of a series that an edit of a new record states."""
    after: Any = edit.after
    if edit.record.kind != "claim" or edit.field or edit.before is not None or not after or not after.get("number"):
        return None
    number = str(after["number"][0])
    return number if _SERIES.fullmatch(number) else None


def _without_number(after: Any) -> dict[str, Any]:
    return {name: pair for name, pair in after.items() if name != "number"}
