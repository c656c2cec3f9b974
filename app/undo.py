"""What taking back a revision would do, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.applied_revision import UndoConflict
from cmdb.model.revision import Edit

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What would be written, and the values that would stay because they were changed since."""

    edits: list[Edit]
    kept: tuple[UndoConflict, ...]


def undo_preview(reader: Reader, number: int, author: str) -> UndoPreview:
    """What taking back a revision would do. Raises NotFound, and UserError where it was taken back already."""
    from cmdb.register.history import preview_undo

    revision, kept = preview_undo(reader, number, author)
    return UndoPreview(list(revision.edits), kept)
