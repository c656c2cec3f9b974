"""What has come to a record since a merge: it stays with that record when the merge is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.messages import Message
from cmdb.model.record_aliases import ID
from cmdb.model.revision import Edit, Record
from cmdb.store.reading.naming import naming
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import KIND_TABLES

_CAME_SINCE = Message("It came since, so it stays.")
_UNLISTED = ("alias", "sighting", "event")
"""Kinds that tell of a record and are no part of it."""


def kept_records(written: Iterable[Edit]) -> set[str]:
    """The records into which others were merged by edits that a revision wrote."""
    aliases = (edit.record for edit in written if edit.record.kind == "alias" and edit.before is None)
    return {record.key[2] for record in aliases if record.key[0] == ID}


def came_since(reader: Reader, number: int, uid: str, edits: Iterable[Edit]) -> Iterator[UndoConflict]:
    """What has come to a record since a revision, and stays with it."""
    name = reader.names([uid]).get(uid, ("", ""))[1]
    then = reader.as_of(number)
    handled = {edit.record for edit in edits}
    for kind in KIND_TABLES.values():
        if kind.document or kind.name in _UNLISTED:
            continue
        written = naming(reader, kind.name, [uid], since=number)
        # What went and was restored since is no news.
        before = naming(then, kind.name, [uid]) if written else {}
        for key in sorted(written.keys() - before.keys()):
            if Record(kind.name, key) not in handled:
                yield UndoConflict(uid, name, kind.name, None, _CAME_SINCE)
