"""A line edit that offers values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.field_icons import EndIcon


class SuggestingField(QLineEdit):
    """A line edit with values to choose from: they drop down at the arrow, at Alt+Down, and while one is typed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QStringListModel(self)
        completer = QCompleter(self._words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self._drop = EndIcon(self, theme, "chevron-down", tr("Show the values"), self.drop_down, shown=False)

    def suggest(self, words: Sequence[str]) -> None:
        """Offers other values."""
        self._words.setStringList(list(words))
        self._drop.set_shown(bool(words))

    def drop_down(self) -> None:
        """Shows all values, whatever the field holds."""
        completer = self.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down shows the values."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.drop_down()
        else:
            super().keyPressEvent(event)
