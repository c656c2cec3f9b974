"""Scans that are recorded, with what each came to in words: for a window, which has a revision made in a worker."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.audits.audit_view import answer_shown
from app.audits.scanning import CodeRead, record_scans

if TYPE_CHECKING:
    from app.audits.shown_audit import ScanShown
    from app.codes.keyboards import Typing
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


class RecordedScans:
    """Makes the revision of some scans of this device; then it knows ``answers``, and the ``place`` of the next scan.

    Where others wrote meanwhile it is made once more: then it knows what came of that.
    """

    def __init__(
        self, audit: str, reads: Sequence[CodeRead], author: str, place: str, typing: Typing | None = None
    ) -> None:
        self._audit, self._reads, self._author = audit, tuple(reads), author
        self._typing = typing
        self.place = self._before = place
        self.answers: list[ScanShown] = []

    def __call__(self, reader: Reader) -> Revision:
        """The revision. Raises NotFound, InvalidValue."""
        found = record_scans(
            reader,
            self._audit,
            self._reads,
            self._author,
            place=self._before,
            device=platform.node(),
            typing=self._typing,
        )
        self.answers = [answer_shown(reader, one, found.names) for one in found.answers]
        self.place = found.place
        return found.revision
