"""What Undo and Redo of the register's changes would take back: in words, and on which page it was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.undo import step_title
from cmdb.model.errors import UserError
from cmdb.model.messages import EMPTY, Message
from ui.context import Context

T = TypeVar("T")

if TYPE_CHECKING:
    from app.workspace import Workspace

_MOST = 500
"""So many revisions are known by page and words: who undoes more is asked for them again."""
_PAUSE = 1500
"""Milliseconds without a change after which the words are asked for: before, only who undoes asks for them."""


class RevisionSteps(QObject):
    """Follows what can be undone. ``told`` says that the words have changed. ``shown`` is the page on the screen."""

    told = Signal()

    def __init__(self, parent: QObject, shown: Callable[[], str]) -> None:
        super().__init__(parent)
        self._shown = shown
        self._context: Context | None = None
        self._pages: dict[int, str] = {}
        self._titles: dict[int, Message] = {}
        self._waiting: dict[int, Callable[[], object]] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._ask_for_both)

    def watch(self, context: Context) -> None:
        """Follows an estate."""
        self._context = context
        self._pages, self._titles, self._waiting = {}, {}, {}
        context.workspace.undo_stack.on_changed(lambda: context.tasks.post(lambda: self._note(context)))

    def _note(self, context: Context) -> None:
        if context is not self._context:
            return
        for number in (context.workspace.undo_stack.next_undo, context.workspace.undo_stack.next_redo):
            if number is not None:
                _keep(self._pages, number, self._pages.get(number, self._shown()))
        self.told.emit()
        self._later.start()

    def _ask_for_both(self) -> None:
        context = self._context
        if context is None:
            return
        for number in (context.workspace.undo_stack.next_undo, context.workspace.undo_stack.next_redo):
            if number is not None and number not in self._titles and number not in self._waiting:
                self._ask(context, number)

    def when_known(self, number: int | None, then: Callable[[], object]) -> None:
        """Calls ``then`` as soon as the words for a revision are known, or cannot be; once while it waits."""
        if number is None or self._context is None or number in self._titles:
            then()
        elif number not in self._waiting:
            self._waiting[number] = then
            self._ask(self._context, number)

    def _ask(self, context: Context, number: int) -> None:
        def go_on() -> None:
            then = self._waiting.pop(number, None)
            if then is not None and context is self._context:
                then()

        def done(title: Message) -> None:
            _keep(self._titles, number, title)
            self.told.emit()
            go_on()

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                self._waiting.pop(number, None)
                raise error
            go_on()

        context.query(
            lambda reader: step_title(reader, number), done, failed, key=("step", number), owner=self, now=True
        )

    def title(self, number: int | None) -> Message:
        """What a revision did, in words; empty where that is not known (yet)."""
        return self._titles.get(number, EMPTY) if number is not None else EMPTY

    def page(self, number: int | None) -> str:
        """The page that was shown when a revision was written; "" where that is not known."""
        return self._pages.get(number, "") if number is not None else ""

    def took(self, workspace: Workspace, before: int) -> None:
        """A revision was taken back by another one, which belongs to the same page."""
        for number in (workspace.undo_stack.next_undo, workspace.undo_stack.next_redo):
            if number is not None and number not in self._pages:
                _keep(self._pages, number, self.page(before))


def _keep(known: dict[int, T], number: int, what: T) -> None:
    """Notes what is known of a revision; what was noted first is forgotten where there are many."""
    known[number] = what
    while len(known) > _MOST:
        del known[next(iter(known))]
