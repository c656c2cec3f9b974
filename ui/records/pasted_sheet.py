"""The sheet for a pasted list: a column of names, tags, serial numbers or addresses, which becomes a filter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.pasted_list import lines_of, number_of_lines
from cmdb.model.messages import tr, trn
from ui.accessible import name_area
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import column

_LINE = 1_000
"""So many characters of one line say whether it is a list with commas."""
_EXAMPLE = "A10262\nLT-2122\n00:1a:2b:3c:4d:5e"


class PastedSheet(QWidget):
    """Takes the list from the clipboard, if one is there; ``find`` is called with its text."""

    def __init__(self, context: Context, title: str, find: Callable[[str], object]) -> None:
        super().__init__()
        self._context, self._find = context, find
        self.text = QPlainTextEdit()
        name_area(self.text, tr("Pasted list"))
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(_EXAMPLE)
        self.text.installEventFilter(self)
        self._count = Text("", "muted")
        about = tr(
            "One line for each: a name, tag, serial number, e-mail, MAC or IP address. {list} will show those only.",
            list=title,
        )
        self.setLayout(column(Text(about, "muted", wrap=True), self.text, self._count, spacing=8))
        self.text.textChanged.connect(self._say)
        text = QApplication.clipboard().text()
        if number_of_lines(text) > 1 or len(lines_of(text[:_LINE])) > 1:
            self.text.setPlainText(text)
            self.text.selectAll()  # who pastes it all the same has it once
        self._say()

    def open_sheet(self) -> None:
        """Shows it at the side of the window."""
        shell = self._context.shell
        buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Find"), self.look))
        shell.sheet(tr("Find a pasted list"), self, buttons)

    def look(self) -> None:
        """Looks for what stands in the field."""
        text = self.text.toPlainText()
        if text.strip():
            self._context.shell.close_sheet()
            self._find(text)
        else:
            self.text.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter finds."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.look()
                return True
        return super().eventFilter(watched, event)

    def _say(self) -> None:
        text = self.text.toPlainText()
        self._context.tasks.run(lambda: len(lines_of(text)), self._say_number, key=("pasted", id(self)), owner=self)

    def _say_number(self, number: int) -> None:
        self._count.setText(trn("{count} line", "{count} lines", number) if number else "")
