"""The preview of an undo."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.errors import Ambiguous, NotFound, SchemaError
from cmdb.model.messages import Message, tr
from cmdb.model.record_kinds import one_of
from cmdb.model.revision import Edit

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """The edits that would be written, and the values that would stay because they were changed since."""

    edits: list[Edit]
    kept: tuple[UndoConflict, ...]


def kept_text(schema: Schema, kept: UndoConflict) -> str:
    """What an undo keeps, as people call it: the record, and the attribute or what belongs to it."""
    if not kept.field:
        return kept.name
    attribute = schema.every_attribute.get(kept.field)
    kind = one_of(kept.field) if attribute is None else None
    what = attribute.label if attribute is not None else kind or kept.field.replace("_", " ")
    return tr("{name}: {attribute}", name=kept.name, attribute=what) if kept.name else str(what)


def step_title(reader: Reader, number: int) -> Message:
    """What a revision did, in words; of an undo, what it took back. Raises NotFound."""
    from cmdb.register.revision_titles import titled_revision

    header = titled_revision(reader, number)
    return titled_revision(reader, header.undoes).title if header.undoes else header.title


def undo_preview(reader: Reader, number: int, author: str, record: str = "", attribute: str = "") -> UndoPreview:
    """The result of an undo of a revision, or of what it wrote of a record (an id), or of an attribute of that.

    Raises NotFound, and UserError where it was undone already.
    """
    revision, kept = undoing(reader, number, author, record, attribute)
    return UndoPreview(list(revision.edits), kept)


def undoing(
    reader: Reader, number: int, author: str, record: str = "", attribute: str = ""
) -> tuple[Revision, tuple[UndoConflict, ...]]:
    """The revision that takes a revision back, or a part of it, and what it would keep. Raises what ``undo_preview``
    does. A record's part of its merge into another one is more than what was written of it: it is split.
    """
    from cmdb.register.history import Part, preview_undo
    from cmdb.register.splitting import merged_by, split

    merged = merged_by(reader, number, record) if record and not attribute else None
    if merged is not None:
        return split(reader, *merged, author)
    return preview_undo(reader, number, author, Part(record, attribute) if record else None)


def named_part(reader: Reader, number: int, word: str, attribute: str) -> tuple[str, str]:
    """The record that a word names and that a revision changed (its id), and the attribute's name ("": all).

    It may be one that the revision created and that is gone by now, or one that it deleted. Raises NotFound,
    SchemaError for an attribute that its class lacks, Irreversible for a revision that cannot be undone.
    """
    from cmdb.register.history import undoable

    undoable(reader, number)
    uid = _record_of(reader, number, word, merged=not attribute)
    cls = reader.last_names([uid])[uid][0]
    if not attribute or attribute.strip().casefold() == "class":
        return uid, attribute.strip().casefold()
    found = reader.schema.find_attribute(cls, attribute) if cls in reader.schema.classes else None
    if found is None:
        label = reader.schema.classes[cls].label if cls in reader.schema.classes else cls
        raise SchemaError(Message("{cls} has no attribute “{name}”.", cls=label, name=attribute))
    return uid, found.name


def _record_of(reader: Reader, number: int, word: str, *, merged: bool) -> str:
    """The first that the revision changed of those that a word named: now, after the revision, and before it.

    ``merged``: first of all a record that the revision merged, as its former names lead to another one now.
    """
    from cmdb.register.splitting import merged_by

    missing: NotFound | None = None
    found = ""
    if merged:
        with suppress(NotFound, Ambiguous):
            uid = reader.as_of(number - 1).find(word).uid
            if merged_by(reader, number, uid) is not None:
                return uid
    for moment in (None, number, number - 1):
        try:
            uid = (reader if moment is None else reader.as_of(moment)).find(word).uid
        except NotFound as error:
            missing = missing or error
            continue
        if reader.statements_about(number, uid):
            return uid
        found = found or uid
    if not found and missing is not None:
        raise missing
    return found
