"""The line with the head of the journal, to be copied and noted elsewhere."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, row

_SHOWN = 16
"""The number of digits of the hash that fit into the line."""


class HeadLine(QWidget):
    """Shows the beginning of the head's hash, and copies all of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._head = JournalHead(0, "")
        self._text = Text("", "small")
        self._copy = Button(tr("Copy"), self.copy, kind="plain", icon="copy", theme=theme)
        self._copy.setAccessibleName(tr("Copy the journal's head"))
        self._copy.setToolTip(
            plain_tip(
                tr(
                    "Note it somewhere outside of the estate. With {command} it shows later whether the journal was "
                    "rewritten since.",
                    command="check --against",
                )
            )
        )
        self.setLayout(row(self._text, STRETCH, self._copy, margins=(16, 4, 12, 8)))
        self.setVisible(False)

    def show_head(self, head: JournalHead) -> None:
        """Another head; nothing is shown of an estate without revisions."""
        self._head = head
        shown = f"{head.number}:{head.hash[:_SHOWN]}…"
        self._text.setText(tr("The journal's head: {head}", head=shown))
        self.setVisible(bool(head.number))

    def copy(self) -> None:
        """Copies the head as a whole."""
        QApplication.clipboard().setText(str(self._head))
