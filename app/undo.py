"""The preview of an undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.revision import Edit

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """The edits that would be written, and the values that would stay because they were changed since."""

    edits: list[Edit]
    kept: tuple[UndoConflict, ...]


def undo_preview(reader: Reader, number: int, author: str) -> UndoPreview:
    """The result of an undo of a revision. Raises NotFound, and UserError where it was undone already."""
    from cmdb.register.history import preview_undo

    revision, kept = preview_undo(reader, number, author)
    return UndoPreview(list(revision.edits), kept)
