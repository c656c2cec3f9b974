"""Scans on their way into the register: they are written in the order in which they were read, and none is lost.

While a revision is being written, further scans wait and are then written as one: thirty in a second are a few
revisions. A scan whose writing failed stays first in line.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.audits.recorded_scans import RecordedScans
from app.audits.scanning import CodeRead
from app.codes.scanner import kept_typing
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from ui.context import Context

MOST = 500
"""Scans that are written as one revision, at most: the first answer comes soon, whatever was pasted."""


class ScanQueue(QObject):
    """``answered`` fires with what scans came to, in order, and the place of the next one; ``failed`` with an error."""

    answered = Signal(object, str)
    failed = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._audit, self._place = "", ""
        self._waiting: list[CodeRead] = []
        self._writing: list[CodeRead] = []
        self._every = False

    @property
    def number(self) -> int:
        """The scans that are not written yet."""
        return len(self._writing) + len(self._waiting)

    def show_audit(self, audit: str, place: str) -> None:
        """The audit that scans are for, and where they are made. Those of another audit are all written before."""
        self._audit = audit
        if not self.number:
            self._place = place

    def add(self, read: CodeRead) -> None:
        """A code was read."""
        self._waiting.append(read)
        self.write()

    def add_all(self, reads: Iterable[CodeRead]) -> None:
        """Many codes were read at once: they are one revision, however many they are."""
        self._waiting.extend(reads)
        self.write(every=True)

    def take_last(self) -> bool:
        """Forgets the last scan, where it is not on its way yet."""
        if self._waiting:
            self._waiting.pop()
            return True
        return False

    def write(self, *, every: bool = False) -> None:
        """Writes what waits, unless something is being written; ``every``: all of it as one revision."""
        self._every |= every
        if self._writing or not self._waiting or not self._context.editable:
            return
        most = len(self._waiting) if every or self._every else MOST
        self._every = False
        self._writing, self._waiting = self._waiting[:most], self._waiting[most:]
        reads, audit, place = tuple(self._writing), self._audit, self._place
        recorded = RecordedScans(
            audit, reads, self._context.author, place, kept_typing(self._context.workspace.settings)
        )

        def done(_: AppliedRevision) -> None:
            self._writing = []
            self._place = recorded.place
            self.answered.emit(recorded.answers, recorded.place)
            self.write()

        self._context.edit(recorded, "", done, self._failed, doing=Message("Recording scans"))

    def _failed(self, error: Exception) -> None:
        self._waiting, self._writing = self._writing + self._waiting, []
        self.failed.emit(error)
