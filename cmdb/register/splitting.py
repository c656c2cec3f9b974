"""Splitting: a record that was merged into another one by mistake comes back, also long after the merge.

It is the inverse of that record's part of the merge, by the rules of undo: what was changed since stays, and is listed.
Other records that the same revision merged stay merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.claims import effective
from cmdb.model.errors import Ambiguous, NotFound
from cmdb.model.messages import Message, verbatim
from cmdb.model.record_aliases import ID, MergedRecord, aliases_of, folded
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record, Revision
from cmdb.register import history
from cmdb.register.later_records import came_since
from cmdb.register.merging import melted, said_together
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.naming import ended_at, naming
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import EVIDENCE, KIND_TABLES


def merged_records(reader: Reader, uid: str) -> list[MergedRecord]:
    """The records that were merged into a record, the latest first, as far as the history is kept."""
    point = reader.checkpoint()
    ids = [value for kind, value, _ in naming(reader, "alias", [uid]) if kind == ID]
    of: dict[int, list[str]] = {}
    for old, number in ended_at(reader, ids).items() if ids else ():
        if point is None or number > point.number + 1:
            of.setdefault(number, []).append(old)
    found = [
        MergedRecord(one, number) for number, its in of.items() for one in reader.as_of(number - 1).by_uid(its).values()
    ]
    return sorted(found, key=lambda one: (-one.number, one.record.name, one.record.uid))


def merged_by(reader: Reader, number: int, uid: str) -> tuple[CI, MergedRecord] | None:
    """The record that a record now belongs to and the record as it was; None if that revision did not merge it."""
    kept = StoreLookup(reader).merged_into([uid]).get(uid)
    found = merged_records(reader, kept) if kept is not None else []
    return next(((reader.get(str(kept)), one) for one in found if (one.record.uid, one.number) == (uid, number)), None)


def named_among(merged: Sequence[MergedRecord], word: str, kept: CI) -> MergedRecord:
    """The merged record that an id, tag, name, serial number or number means. Raises NotFound."""
    wanted = folded(word)
    for name in ("", "asset_tag", "serial_number", "number", "name"):
        fits = [one for one in merged if folded(one.record.text(name) if name else one.record.uid) == wanted]
        if len(fits) == 1:
            return fits[0]
        if fits:
            text = Message("“{word}” means {number} records; give an id.", word=word, number=len(fits))
            raise Ambiguous(text, _listed(fits))
    raise NotFound(
        Message("No record that is called “{word}” was merged into {name}.", word=word, name=kept.name),
        _listed(merged),
    )


def _listed(merged: Sequence[MergedRecord]) -> tuple[Message, ...]:
    return tuple(Message("{name} ({id})", name=one.record.name, id=verbatim(one.record.uid)) for one in merged)


def split(
    reader: Reader, kept: CI, merged: MergedRecord, author: str, reason: Message | str = ""
) -> tuple[Revision, tuple[UndoConflict, ...]]:
    """The revision by which a merged record comes back, and what stays with the kept one. Raises Irreversible."""
    history.undoable(reader, merged.number)
    part = _MergedPart(reader, kept, merged)
    edits, conflicts = history.inverse(reader, merged.number, part.written(), history.Part(merged.record.uid))
    edits += part.names(edits)
    since = came_since(reader, merged.number, kept.uid, edits, conflicts)
    text = reason or Message("{name} split from {kept}", name=merged.record.name, kept=kept.name)
    return Revision(edits, author, reason=text, decided_at=reader.number), (*conflicts, *since)


class _MergedPart:
    """What of a merge is about one of the merged records."""

    def __init__(self, reader: Reader, kept: CI, merged: MergedRecord) -> None:
        self.reader = reader
        self.kept = kept
        self.own = merged.record
        self._all = reader.statements(merged.number, of_created=False)
        ids = {e.record.key[1]: e.record.key[2] for e in self._all if e.record.kind == "alias" and e.before is None
               and e.record.key[0] == ID}  # fmt: skip
        self._then = ids.get(self.own.uid, kept.uid)
        """The record that it was merged into, which may have been merged further since."""
        past = reader.as_of(merged.number - 1)
        records = past.by_uid([self._then, *ids])
        self._others = [one for uid, one in records.items() if uid not in (self._then, self.own.uid)]
        self._known = records.get(self._then)
        self._said = past.said(records)
        self._gone = {one.uid for one in self._others}

    def written(self) -> list[Edit]:
        """The edits, as if the merge had been one of this record into what the others had become together."""
        parts = (self._of_own(), self._of_claims(), self._of_references(), self._of_records(), self._of_documents())
        return [
            Edit(Record(e.record.kind, self._now(e.record.key)), e.field, self._now(e.before), self._now(e.after))
            for part in parts
            for e in part
        ]

    def names(self, edits: Sequence[Edit]) -> list[Edit]:
        """Takes its names from the kept record, and what that one is called again; others that stay merged keep theirs.

        ``edits`` are those of the split.
        """
        stays = {name for one in self._others for name in self._names_of(one)}
        gone = {*self._names_of(self.own), (ID, folded(self.own.uid))} - stays
        said = {source: dict(own) for source, own in self.reader.said([self.kept.uid])[self.kept.uid].items()}
        for record, field, _, after in edits:
            if record.kind == "claim" and record.key[0] == self.kept.uid:
                pair: Any = after
                said.setdefault(record.key[1], {}).pop(field, None)
                said[record.key[1]].update({field: pair} if pair else {})
        values = effective(self.reader.schema, self.kept.cls, {source: own for source, own in said.items() if own})
        gone |= {(kind, value) for kind, value, _ in aliases_of(self.reader.schema, self.kept.cls, values)}
        found = naming(self.reader, "alias", [self.kept.uid])
        return [Edit(Record("alias", key), "", fields, None) for key, fields in found.items() if key[:2] in gone]

    def _names_of(self, one: CI) -> set[tuple[str, ...]]:
        return {(kind, value) for kind, value, _ in aliases_of(self.reader.schema, one.cls, one.values)}

    def _now(self, value: Any) -> Any:
        """A key or a value, with the record that everything belongs to by now."""
        if self._then == self.kept.uid:
            return value
        if isinstance(value, str):
            return self.kept.uid if value == self._then else value
        if isinstance(value, tuple):
            return tuple(map(self._now, value))
        if isinstance(value, list):
            return list(map(self._now, value))
        return {name: self._now(one) for name, one in value.items()} if isinstance(value, dict) else value

    # -- its parts --------------------------------------------------------------------------------------------------

    def _of_own(self) -> Iterator[Edit]:
        """What the record itself was, and what was said of it."""
        return (e for e in self._all if e.record.kind in ("ci", "claim") and e.record.key[0] == self.own.uid)

    def _of_claims(self) -> Iterator[Edit]:
        """What the kept record has by it: the difference to the same merge without it."""
        if self._known is None:
            return
        schema = self.reader.schema
        after = said_together(schema, self._known, [*self._others, self.own], self._said)
        without = said_together(schema, self._known, self._others, self._said)
        present = self.reader.said([self.kept.uid])[self.kept.uid]
        for source, said in after.items():
            record, before = Record("claim", (self._then, source)), without.get(source, {})
            for name, pair in said.items():
                old, now = before.get(name), present.get(source, {}).get(name)
                if old is not None and list(old) == list(pair):
                    continue
                if name.startswith(EVIDENCE) and now is not None:
                    yield self._without_evidence(record, name, pair, old, now)
                else:
                    yield Edit(record, name, old and list(old), list(pair))

    @staticmethod
    def _without_evidence(record: Record, name: str, pair: Any, old: Any, now: Any) -> Edit:
        """Of evidence its own goes, whatever has been seen since."""
        own = set(pair[0] or ()) - set(old[0] or () if old else ())
        left = [value for value in now[0] or () if value not in own]
        return Edit(record, name, [left, now[1]] if left else None, list(now))

    def _of_references(self) -> Iterator[Edit]:
        """What named it in the words of other records' sources."""
        for edit in self._all:
            if edit.record.kind == "claim" and edit.field and edit.record.key[0] not in self._said:
                pair: Any = edit.before
                if pair and pair[0] == self.own.uid:
                    yield edit

    def _of_records(self) -> Iterator[Edit]:
        """Relationships, software and the like that were its own, and what the kept record has in their place."""
        kinds = {name for name, kind in KIND_TABLES.items() if not kind.document} - {"alias"}
        edits = [edit for edit in self._all if edit.record.kind in kinds]
        moved: dict[Record, list[Edit]] = {}
        melted_with_others: set[Record] = set()
        for edit in edits:
            if _ends(edit):
                moved.setdefault(self._moved(edit.record), []).append(edit)
        for edit in edits:
            if _ends(edit) or edit.before == self.own.uid:
                whole: Any = edit.before if _ends(edit) else {}
                if self.own.uid in (*edit.record.key, *whole.values(), edit.before):
                    yield edit
                continue
            others = [one for one in moved.get(edit.record, ()) if self.own.uid not in one.record.key]
            if len(others) == len(moved.get(edit.record, ())):
                continue  # Nothing of its own is in it.
            if not others:
                yield edit
            elif not edit.field:
                yield from self._less(edit.record, {}, edit.after, others)
            elif edit.record not in melted_with_others:
                melted_with_others.add(edit.record)
                its = {one.field: one for one in edits if one.record == edit.record}
                before, after = (
                    {name: value for name, one in its.items() if (value := one[n]) is not None} for n in (2, 3)
                )
                yield from self._less(edit.record, before, after, others)

    @staticmethod
    def _less(record: Record, before: Any, after: Any, others: Sequence[Edit]) -> Iterator[Edit]:
        """What a record that several became has by this one alone. ``before``: what the kept one had, {}: no such."""
        left = before
        for one in sorted(others, key=lambda e: e.record.key):
            fields: Any = one.before
            if before:
                fields = {name: value for name, value in fields.items() if name in {**before, **after}}
            left = melted(record.kind, left, fields) if left or before else dict(fields)
        for name in dict.fromkeys((*left, *after)):
            if left.get(name) != after.get(name):
                yield Edit(record, name, left.get(name), after.get(name))

    def _moved(self, record: Record) -> Record:
        """Where a record of a merged one went."""
        gone = {*self._gone, self.own.uid}
        key = [self._then if part in gone else part for part in record.key]
        if record.kind in ("relationship", "membership"):
            found = self.reader.schema.relationships.get(key[-3])
            if found is not None and found.symmetric:
                key[-2:] = sorted(key[-2:])
        return Record(record.kind, tuple(key))

    def _of_documents(self) -> Iterator[Edit]:
        """Decisions and the like that named it."""
        kinds = {name for name, kind in KIND_TABLES.items() if kind.document}
        for edit in self._all:
            if edit.record.kind in kinds and edit.field and self.own.uid in str(edit.before):
                yield Edit(edit.record, edit.field, self._of_others(edit.before), edit.after)

    def _of_others(self, value: Any) -> Any:
        """A value in which those that stay merged are named by the record that they were merged into."""
        if isinstance(value, str):
            for uid in self._gone:
                value = value.replace(uid, self._then)
            return value
        if isinstance(value, list):
            return list(map(self._of_others, value))
        return {name: self._of_others(one) for name, one in value.items()} if isinstance(value, dict) else value


def _ends(edit: Edit) -> bool:
    return not edit.field and edit.after is None
