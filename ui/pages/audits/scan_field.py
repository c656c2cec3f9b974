"""The field that codes are scanned or typed into."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from cmdb.model.messages import tr
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.field_icons import add_icon, field_line
from ui.widgets.labels import KeyCap

LONGEST = 4_000
"""Characters that a code may have: one that is longer is cut, and is then no code that anything has."""


class ScanField(QLineEdit):
    """A large line. ``scanned`` fires with each code: at Enter, and for each line of what is pasted."""

    scanned = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        hint = tr("Scan, or type a tag, serial, MAC or host name")
        self.setProperty("kind", "scan")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setMaxLength(LONGEST)
        set_sizes(self, text=18, height=46)
        add_icon(self, theme, "barcode", tr("Scan"), self.setFocus)
        field_line(self).addWidget(KeyCap(tr("Enter")), alignment=Qt.AlignmentFlag.AlignVCenter)
        set_sizes(self, before_text=28, behind_text=60)
        self.returnPressed.connect(self._take)

    def _take(self) -> None:
        text = self.text().strip()
        self.clear()
        if text:
            self.scanned.emit(text)

    def insert_lines(self, text: str) -> None:
        """Takes each line of a text as a code; a text of one line is put into the field."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > 1:
            for line in lines:
                self.scanned.emit(line[:LONGEST])
        else:
            self.insert("".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is pasted may be several lines."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.insert_lines(QApplication.clipboard().text())
        else:
            super().keyPressEvent(event)
