"""The table of a list in groups: its groups open and close by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate

from ui.records.grouped_model import GroupedModel
from ui.widgets.frozen_column import FrozenColumn, FrozenTable

_TOGGLE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class GroupedTable(FrozenTable):
    """On the row of a group, Enter and Space open and close it, as a click does; Right opens, Left closes. On another
    row, Left in the first column leads to its group.
    """

    def _groups(self) -> GroupedModel | None:
        model = self.model()
        return model if isinstance(model, GroupedModel) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of groups."""
        model, index, key = self._groups(), self.currentIndex(), event.key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if model is None or not plain or model.attribute is None or not index.isValid():
            super().keyPressEvent(event)
        elif model.group_at(index.row()) is not None and key in (*_TOGGLE, Qt.Key.Key_Left, Qt.Key.Key_Right):
            if key in _TOGGLE or model.is_open(index.row()) == (key == Qt.Key.Key_Left):
                model.toggle(index.row())
        elif key == Qt.Key.Key_Left and index.column() == 0 and model.head_of(index.row()) >= 0:
            self.setCurrentIndex(model.index(model.head_of(index.row()), 0))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a group's row opens or closes it."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self._toggle(self.indexAt(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second of two quick clicks is one more click on a group's row."""
        if not self._toggle(self.indexAt(event.position().toPoint())):
            super().mouseDoubleClickEvent(event)

    def freeze(self, delegate: QAbstractItemDelegate, column: int = 0) -> FrozenColumn:
        """Groups open and close in the column that stays in sight, too."""
        first = self._frozen is None
        found = super().freeze(delegate, column)
        if first:
            found.clicked.connect(self._toggle)
            # The titles of groups stay at the left; what Qt moves while it scrolls would take them along.
            self.horizontalScrollBar().valueChanged.connect(self._repaint_groups)
        return found

    def _repaint_groups(self) -> None:
        model = self._groups()
        if model is not None and model.attribute is not None:
            self.viewport().update()

    def _toggle(self, index: QModelIndex) -> bool:
        model = self._groups()
        if model is None or not index.isValid() or model.group_at(index.row()) is None:
            return False
        model.toggle(index.row())
        return True
