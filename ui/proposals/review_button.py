"""The way to the questions that an import or a scan asked, as long as some of them wait."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal

from app.reviews.open_questions import still_open
from cmdb.model.messages import trn
from ui.context import Context
from ui.widgets.buttons import Button


class ReviewButton(Button):
    """Says how many questions wait (``waiting``), and opens Review. ``counted`` fires with each number: who has the
    button shows or hides it.
    """

    counted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("", lambda: context.shell.go("review"), icon="review", theme=context.theme)
        self._context = context
        self._asked: tuple[str, ...] = ()
        self.waiting = 0
        self.hide()

    def ask_about(self, questions: Iterable[str]) -> None:
        """Is about questions (their ids) that were just asked: all of them wait."""
        self._asked = tuple(questions)
        self._show(len(self._asked))

    def forget(self) -> None:
        """Is about none: what asked them was taken back, or is no longer shown."""
        self.ask_about(())

    def recount(self) -> None:
        """A question was decided, or its decision taken back: counts those that wait."""
        asked = self._asked

        def show(waiting: int) -> None:
            if asked is self._asked:
                self._show(waiting)

        if asked:
            self._context.query(lambda reader: still_open(reader, asked), show, key=(id(self), "questions"), owner=self)

    def _show(self, waiting: int) -> None:
        self.setText(trn("Review {count} question", "Review {count} questions", waiting))
        self.waiting = waiting
        self.counted.emit()
