"""Pills: a word with the colour of its tone; as a label, and painted in tables."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdb.model.characters import marked
from cmdb.model.schema import Attribute
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.labels import Text

#: The item role under which a model says a cell's tone.
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 40
HEIGHT = 18


def tone_of(attribute: Attribute | None, value: object) -> str:
    """The tone that the schema gives to a choice's value; "neutral" where it says none."""
    for choice in attribute.choices if attribute is not None else ():
        if choice.value == value:
            return choice.tone
    return "neutral"


class Pill(Text):
    """A status: the word in the colour of its tone."""

    def __init__(self, text: str = "", tone: str = "neutral") -> None:
        super().__init__(text, "pill", tone)
        set_sizes(self, text=12, height=HEIGHT)
        font = self.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        if not text:
            self.hide()

    def show_status(self, text: str, tone: str) -> None:
        """Another word and tone; nothing is shown for no word."""
        self.setText(text)
        self.set_tone(tone)
        self.setVisible(bool(text))


def paint_pill(painter: QPainter, theme: Theme, rect: QRect, text: str, tone: str) -> int:
    """Draws a pill at the left of ``rect``, centred in height; returns its width."""
    font = theme.font(12, QFont.Weight.DemiBold)
    metrics, height = QFontMetrics(font), px(HEIGHT)
    width = min(metrics.horizontalAdvance(text) + 18, rect.width())
    ink, ground = theme.tone(tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    shape = QRectF(rect.x(), rect.y() + (rect.height() - height) / 2, width, height)
    painter.drawRoundedRect(shape, height / 2, height / 2)
    painter.setPen(ink)
    painter.setFont(font)
    shown = metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, width - 14)
    painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
    return width


class PillDelegate(QStyledItemDelegate):
    """Draws a cell's text as a pill in the tone that the model gives under ``TONE_ROLE``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell's ground, then the pill."""
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        if text:
            rect = option.rect.adjusted(px(10), 0, -px(4), -1)
            paint_pill(painter, self._theme, rect, text, index.data(TONE_ROLE) or "neutral")

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Wide enough for the pill."""
        size = super().sizeHint(option, index)
        return QSize(size.width() + 20, size.height())
