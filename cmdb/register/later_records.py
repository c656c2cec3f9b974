"""What has come to a record since a merge: it stays with that record when the merge is taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.messages import Message
from cmdb.model.record_aliases import ID
from cmdb.model.revision import Edit, Record
from cmdb.model.values import Value
from cmdb.store.reading.naming import naming
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import EVIDENCE, KIND_TABLES

_CAME_SINCE = Message("It came since, so it stays.")
_UNLISTED = ("alias", "sighting", "event", "result")
"""Kinds that tell of a record and are no part of it."""


def kept_records(written: Iterable[Edit]) -> set[str]:
    """The records into which others were merged by edits that a revision wrote."""
    aliases = (edit.record for edit in written if edit.record.kind == "alias" and edit.before is None)
    return {record.key[2] for record in aliases if record.key[0] == ID}


def came_since(
    reader: Reader, number: int, uid: str, edits: Iterable[Edit], kept: Iterable[UndoConflict]
) -> list[UndoConflict]:
    """What has come to a record since a revision, and is neither taken away by edits nor listed as kept already."""
    then, name = reader.as_of(number), reader.names([uid]).get(uid, ("", ""))[1]
    edited = {(edit.record, edit.field) for edit in edits}
    listed = {(one.uid, one.field) for one in kept}
    values = [(n, value) for n, value in _said_since(reader, then, uid, edited) if (uid, n) not in listed]
    found = [UndoConflict(uid, name, n, value, _CAME_SINCE) for n, value in dict(values).items()]
    handled = {record for record, _ in edited}
    for kind in KIND_TABLES.values():
        if kind.document or kind.name in _UNLISTED:
            continue
        written = naming(reader, kind.name, [uid], since=number)
        # What went and was restored since is no news.
        before = naming(then, kind.name, [uid]) if written else {}
        new = [key for key in sorted(written.keys() - before.keys()) if Record(kind.name, key) not in handled]
        if kind.name == "section":
            new = sorted({key[1:2] for key in new})  # They are many: each section is listed once.
        found += [UndoConflict(uid, name, kind.name, None, _CAME_SINCE)] * len(new)
    return found


def _said_since(
    reader: Reader, then: Reader, uid: str, edited: Collection[tuple[Record, str]]
) -> Iterator[tuple[str, Value | None]]:
    """What sources have said of the values of a record since."""
    before = then.said([uid])[uid]
    for source, own in reader.said([uid])[uid].items():
        for name, pair in own.items():
            known = (Record("claim", (uid, source)), name) in edited or before.get(source, {}).get(name) == pair
            if not known and not name.startswith(EVIDENCE):
                yield name, pair[0]
