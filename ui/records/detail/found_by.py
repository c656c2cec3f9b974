"""A line that says by which row of a section a search has found a record."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.found_rows import FoundRow, why_found
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText
from ui.widgets.layout import row


class FoundByLine(QWidget):
    """Hidden where a record has the words of the search itself. ``opened`` fires with a row's section and key."""

    opened = Signal(str, str)

    def __init__(self, context: Context, page: str) -> None:
        super().__init__()
        self._context, self._key = context, (page, "why")
        self._found: FoundRow | None = None
        self.text = ElidedText("", "muted")
        shown = row(self.text, LinkButton(tr("Show the row"), self._open))
        shown.setStretch(0, 1)
        self.setLayout(shown)
        self.hide()

    def clear(self) -> None:
        """Another record is shown, or no search has found it."""
        self._context.tasks.forget(self._key)
        self._found = None
        self.hide()

    def say(self, uid: str, words: str) -> None:
        """Says it of a record, as soon as it is read."""
        self._context.query(
            lambda reader: why_found(reader, uid, words), self._show, lambda _: None, key=self._key, owner=self
        )

    def _show(self, found: FoundRow | None) -> None:
        self._found = found
        self.setVisible(found is not None)
        if found is not None:
            self.text.setText(tr("Found by {row}", row=found.words))

    def _open(self) -> None:
        if self._found is not None:
            self.opened.emit(self._found.section, self._found.key)
