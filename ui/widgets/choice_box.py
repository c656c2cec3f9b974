"""A combo box whose text, where it has too little room, is cut with "…" and stands whole in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from cmdb.model.characters import marked
from ui.plain_texts import plain_tip

#: Room that the style sheet keeps beside the text, in pixels.
_PADDING = 10


class ChoiceBox(QComboBox):
    """A combo box of fixed width; its list is as wide as its longest text."""

    def __init__(self, letters: int, list_width: int = 240) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.view().setMinimumWidth(list_width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the text as far as it fits: Qt's own would cut it without a mark."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self._room(option)
        option.currentText = self.fontMetrics().elidedText(
            marked(option.currentText), Qt.TextElideMode.ElideRight, room
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _room(self, option: QStyleOptionComboBox) -> int:
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return field.width() - _PADDING

    def event(self, event: QEvent) -> bool:
        """Puts the whole text into the tooltip where it doesn't fit."""
        if event.type() == QEvent.Type.ToolTip:
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            cut = self.fontMetrics().horizontalAdvance(self.currentText()) > self._room(option)
            self.setToolTip(plain_tip(self.currentText() if cut else ""))
        return super().event(event)
