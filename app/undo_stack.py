"""The undo stack: what a session wrote, to be undone in turn, and what was undone, to be redone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app import renewal
from cmdb.model.errors import Irreversible, NotFound

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from cmdb.store.store import Store


class UndoStack:
    """The numbers of the revisions that a session wrote to the estate and can take back, and of its undos.

    While ``paused``, as long as a draft is open, nothing can be undone or redone.
    """

    def __init__(self, store: Store, author: Callable[[], str], paused: Callable[[], bool]) -> None:
        self._store, self._author, self._paused = store, author, paused
        self._undo: list[int] = []
        self._redo: list[int] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def next_undo(self) -> int | None:
        """The revision that ``undo`` would take back."""
        return self._undo[-1] if self._undo and not self._paused() else None

    @property
    def next_redo(self) -> int | None:
        """The revision that ``redo`` would take back: an undo."""
        return self._redo[-1] if self._redo and not self._paused() else None

    @property
    def can_undo(self) -> bool:
        """Whether this session has written a revision that can be undone."""
        return self.next_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether an undone revision can be redone."""
        return self.next_redo is not None

    def add(self, number: int) -> None:
        """A revision was written: it is the next to be undone, and what was undone before is not redone any more."""
        self._undo.append(number)
        self._redo.clear()
        self.tell()

    def remove(self, number: int) -> None:
        """A revision was taken back out of turn."""
        if number in self._undo:
            self._undo.remove(number)
            self.tell()

    def undo(self, control: Control | None = None) -> AppliedRevision | None:
        """Takes back this session's latest revision. None if there is none, or if the journal no longer has it."""
        return self._step(self._undo, self._redo, control)

    def redo(self, control: Control | None = None) -> AppliedRevision | None:
        """Does again what was last undone."""
        return self._step(self._redo, self._undo, control)

    def on_changed(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` whenever what can be undone or redone changes."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """What can be undone or redone has changed."""
        for listener in list(self._listeners):
            listener()

    def _step(self, source: list[int], target: list[int], control: Control | None) -> AppliedRevision | None:
        if not source or self._paused():
            return None
        number = source[-1]
        applied: AppliedRevision | None = None
        # A failed undo keeps its place and raises: the next undo tries the same revision again, never the one before.
        try:
            if self._in_journal(number):
                applied = renewal.undo(self._store, number, self._author(), control)
        except Irreversible:
            source.remove(number)
            self.tell()
            raise
        source.remove(number)
        if applied is not None and applied.number:
            target.append(applied.number)
        self.tell()
        return applied

    def _in_journal(self, number: int) -> bool:
        """Whether the revision exists; it does not if another process has restored an older estate."""
        with self._store.read() as reader:
            try:
                reader.revision(number)
            except NotFound:
                return False
        return True
