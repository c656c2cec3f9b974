"""Painting the table's cells: one question to the model a cell, and no style sheet in between.

Qt's own delegate asks a model seven times a cell and draws through the style sheet; a screenful of rows then takes
longer than a frame, while workers want the interpreter as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cmdb.model.characters import marked
from ui.theme import Theme
from ui.widgets.pill import HEIGHT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.records.model import RecordsModel

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_PAD, _ICON, _GAP = 10, 16, 8
REMEMBERED = 4000
"""The number of texts whose shortened forms are cached."""
_SELECTED = QStyle.StateFlag.State_Selected


class CellPainter(QStyledItemDelegate):
    """Paints the cells of an ``RecordsModel``: icon, text or pill, and a hairline below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colours: dict[str, QColor] = {}
        self._fits: dict[tuple[str, int, bool], str] = {}
        self._follow_theme()
        theme.changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        theme = self._theme
        # Figures of one width go with wide hyphens and points, which take a name such as LT-2001 apart.
        self._font, self._number_font = theme.font(), theme.font(tabular=True)
        self._pill_font = theme.font(12, QFont.Weight.DemiBold)
        self._metrics, self._pill_metrics = QFontMetrics(self._font), QFontMetrics(self._pill_font)
        self._number_metrics = QFontMetrics(self._number_font)
        self._colours.clear()
        self._fits.clear()

    def _colour(self, token: str) -> QColor:
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = self._theme.color(token)
        return found

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        model = cast("RecordsModel", index.model())
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        if option.state & _SELECTED:
            painter.fillRect(rect, self._colour("accent_ground"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, self._colour("line"))
        cell = model.cell(row, column)
        left, right = rect.x() + _PAD, rect.right() - _PAD
        if cell.icon is not None:
            cell.icon.paint(painter, left, rect.center().y() - _ICON // 2, _ICON, _ICON)
            left += _ICON + _GAP
        if not cell.text or right <= left:
            return
        if cell.pill:
            self._pill(painter, rect, cell.text, cell.tone or "neutral")
            return
        painter.setFont(self._number_font if cell.right else self._font)
        painter.setPen(self._colour(cell.tone or ("text" if cell.known else "faint")))
        width = right - left
        text = self._fitting(cell.text, width, cell.right)
        painter.drawText(left, rect.y(), width, rect.height(), _RIGHT if cell.right else _LEFT, text)

    def _fitting(self, text: str, width: int, number: bool) -> str:
        """The text as far as it fits; the same texts are painted again and again."""
        found = self._fits.get((text, width, number))
        if found is None:
            metrics = self._number_metrics if number else self._metrics
            found = metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, width)
            if len(self._fits) > REMEMBERED:
                self._fits.clear()
            self._fits[(text, width, number)] = found
        return found

    def _pill(self, painter: QPainter, rect: QRect, text: str, tone: str) -> None:
        width = min(self._pill_metrics.horizontalAdvance(text) + 18, rect.width() - 14)
        shape = QRectF(rect.x() + 10, rect.y() + (rect.height() - 1 - HEIGHT) / 2, width, HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(f"{tone}_ground"))
        painter.drawRoundedRect(shape, HEIGHT / 2, HEIGHT / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._pill_font)
        painter.setPen(self._colour(tone))
        shown = self._pill_metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, width - 14)
        painter.drawText(shape, int(Qt.AlignmentFlag.AlignCenter), shown)
