"""One record's part of a revision: what was written of the record, its links, and what its deletion took from others.

It is read by the record, so that it takes no longer in a revision of many records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, or_, select

from cmdb.model.revision import Edit, Record
from cmdb.store.reading.versions import RowHistory, differences
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, OWNED_DOCUMENTS, RecordKind, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS
from cmdb.store.rows.stored_statements import unpack

_CLEARED = [(kind, name) for kind in KIND_TABLES.values() for name in kind.cleared]
"""The kinds whose records go on without an item that they name, with the field that names it."""
_OF_RECORD = ("relationship", "membership", "assignment", "sighting", "section")


class RevisionPart(RowHistory):
    """Derives one record's part of a revision. ``inner`` is the record's own number, ``uid`` its id."""

    def part(self, number: int, uid: str, inner: int) -> list[Edit]:
        """The record's statements, as ``statements`` has them: with those of a record that the revision created."""
        made, ended = self._ci_versions(number, inner)
        found: list[Edit] = []
        if made or ended:
            found.extend(self._ci_edits(ended.get((inner,)), made.get((inner,)), full=False))
        found.extend(self._claims(number, inner))
        for name in _OF_RECORD:
            kind = KIND_TABLES[name]
            for column, ref in kind.parts:
                if ref:
                    found.extend(self._kind_edits(kind, number, (column, inner)))
        found.extend(self._kind_edits(KIND_TABLES["installation"], number, ("computer", inner)))
        for name in ("event", "attachment"):
            found.extend(self._own(KIND_TABLES[name], number, "record", inner))
        found.extend(self._own(KIND_TABLES["reservation"], number, "subject", inner))
        found.extend(self._kind_edits(KIND_TABLES["result"], number, ("audit", uid)))
        for name in OWNED_DOCUMENTS:
            found.extend(self._own(KIND_TABLES[name], number, "owner", uid))
        found.extend(self._groups(number, inner, [e.record for e in found if e.record.kind == "membership"]))
        if any(e.record.kind == "ci" and not e.field and e.after is None for e in found):
            found.extend(self._cleared(number, uid, inner))
        return found

    def values(self, number: int, inner: int) -> Iterator[Edit]:
        """The record's values that the revision changed, where it was there before and after."""
        made, ended = self._ci_versions(number, inner)
        if made and ended:
            yield from self._ci_edits(ended[(inner,)], made[(inner,)], full=True)

    def is_referred_to(self, inner: int) -> bool:
        """Whether a record refers to this one now by an attribute, an installation names it as its user, or a
        reservation is for it.
        """
        extra = tables.extra_reference.c
        found = [
            select(root.table.c.id).where(or_(*(root.table.c[name] == inner for name in root.references)))
            for root in ROOTS
            if root.references
        ]
        found.append(select(extra.ci).where(extra.target == inner))
        for kind, name in _CLEARED:
            t = kind.table.c
            found.append(select(t[kind.parts[0][0]]).where(t[kind.fields[name].column] == inner))
        return any(self.connection.execute(one.limit(1)).first() is not None for one in found)

    def _claims(self, number: int, inner: int) -> Iterator[Edit]:
        """The changes of what is said of a record."""
        said, unsaid = self._versions(tables.claim, tables.claim_version, number, ("ci", inner))
        keys = list(dict.fromkeys((*unsaid, *said)))
        self.ids.want_outer(key[0] for key in keys)
        for key in keys:
            record = Record("claim", (self.ids.outer[key[0]], key[1]))
            before, after = unsaid.get(key), said.get(key)
            yield from differences(record, before and unpack(before[2]), after and unpack(after[2]))

    def _own(self, kind: RecordKind, number: int, column: str, owner: int | str) -> list[Edit]:
        """The record's events, files or comments. Those that a merge took from another record, or gave away, are no
        part of it: they were neither written nor deleted.
        """
        found = list(self._kind_edits(kind, number, (column, owner)))
        whole = [edit.record.key[0] for edit in found if not edit.field]
        moved: set[str] = set()
        for batch in chunks(whole, IN_CHUNK):
            now, past = kind.table.c, kind.past.c
            ended = select(past.uid).where(past.ended == number, in_values(past.uid, batch))
            made = [select(c.uid).where(c.revision == number, in_values(c.uid, batch)) for c in (now, past)]
            written = {uid for one in made for uid in self.connection.execute(one).scalars()}
            moved |= written.intersection(self.connection.execute(ended).scalars())
        return [edit for edit in found if edit.field or edit.record.key[0] not in moved]

    def _groups(self, number: int, inner: int, memberships: list[Record]) -> Iterator[Edit]:
        """The record's own redundancy groups, and those of which the revision wrote no memberships but the record's."""
        kind, t = KIND_TABLES["group"], tables.membership
        wanted = {record.key[0] for record in memberships}
        for table in (t, tables.membership_version):
            written = table.c.revision == number
            if table is not t:
                written = or_(written, table.c.ended == number)
            others = select(table.c.group_id).where(
                in_values(table.c.group_id, wanted), written, table.c.source != inner, table.c.target != inner
            )
            if wanted:
                wanted -= set(self.connection.execute(others).scalars())
        for table in (kind.table, kind.past):
            written = _written(table, number, past=table is kind.past)
            wanted.update(self.connection.execute(select(table.c.uid).where(table.c.owner == inner, written)).scalars())
        found = (e for e in self._kind_edits(kind, number, None) if e.record.key[0] in wanted) if wanted else ()
        yield from found

    def _cleared(self, number: int, uid: str, inner: int) -> Iterator[Edit]:
        """What the deletion of the record took out of others: what was said of them, and the users of software."""
        old = tables.claim_version.c
        ended = select(old.ci).where(old.ended == number, old.said.contains(uid, autoescape=True)).distinct()
        for other in self.connection.execute(ended).scalars().all():
            if other == inner:
                continue
            for edit in self._claims(number, other):
                before: Any = {edit.field: edit.before} if edit.field else edit.before or {}
                after: Any = {edit.field: edit.after} if edit.field else edit.after or {}
                for name, pair in before.items():
                    if pair is not None and pair[0] == uid:
                        yield Edit(edit.record, name, pair, after.get(name))
        for kind, name in _CLEARED:
            past, (leading, _) = kind.past.c, kind.parts[0]
            named = past[kind.fields[name].column] == inner
            keys = select(past[leading]).where(past.ended == number, named).distinct()
            for key in self.connection.execute(keys).scalars().all():
                for edit in self._kind_edits(kind, number, (leading, key)):
                    if edit.field == name and edit.before == uid:
                        yield edit


def _written(table: Table, number: int, *, past: bool) -> Any:
    """Whether a row was made, or ended, in a revision."""
    return or_(table.c.revision == number, table.c.ended == number) if past else table.c.revision == number
