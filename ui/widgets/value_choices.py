"""Buttons that choose values: a radio button and a tick whose text, a value, is cut with "…" where it is long."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QRadioButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from cmdb.model.characters import marked
from ui.plain_texts import plain_label, read_label

#: The least room of a value, in letters of the font.
_LETTERS = 16


def _least(button: QCheckBox | QRadioButton, whole: QSize) -> QSize:
    """The size of a button with the first letters of its value."""
    return QSize(min(whole.width(), button.fontMetrics().averageCharWidth() * _LETTERS), whole.height())


def _paint(button: QCheckBox | QRadioButton, part: QStyle.SubElement, control: QStyle.ControlElement) -> None:
    """Paints a button with as much of its value as there is room for."""
    painter, option = QStylePainter(button), QStyleOptionButton()
    button.initStyleOption(option)
    room = button.style().subElementRect(part, option, button).width()
    text = read_label(button.text())
    option.text = plain_label(button.fontMetrics().elidedText(marked(text), Qt.TextElideMode.ElideRight, room))
    painter.drawControl(control, option)
    painter.end()


class ValueRadio(QRadioButton):
    """A radio button whose text is a value."""

    def __init__(self, value: str) -> None:
        super().__init__(plain_label(value))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """The first letters."""
        return _least(self, super().minimumSizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cuts the value with "…" where it has too little room."""
        _paint(self, QStyle.SubElement.SE_RadioButtonContents, QStyle.ControlElement.CE_RadioButton)


class ValueTick(QCheckBox):
    """A tick whose text is a value."""

    def __init__(self, value: str) -> None:
        super().__init__(plain_label(value))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """The first letters."""
        return _least(self, super().minimumSizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cuts the value with "…" where it has too little room."""
        _paint(self, QStyle.SubElement.SE_CheckBoxContents, QStyle.ControlElement.CE_CheckBox)
