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
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.pill import HEIGHT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.records.grouped_model import GroupCell, GroupedModel

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_PAD, _ICON, _GAP = 10, 16, 8
REMEMBERED = 4000
"""The number of texts whose shortened forms are cached."""
_SELECTED = QStyle.StateFlag.State_Selected


class CellPainter(QStyledItemDelegate):
    """Paints the cells of a ``GroupedModel``: icon, text or pill, and a hairline below."""

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
        self._side, self._high = px(_ICON), px(HEIGHT)
        self._pad, self._gap = px(_PAD), px(_GAP)
        self._metrics, self._pill_metrics = QFontMetrics(self._font), QFontMetrics(self._pill_font)
        self._number_metrics = QFontMetrics(self._number_font)
        self._bold = theme.font(weight=QFont.Weight.DemiBold, tabular=True)
        self._bold_metrics = QFontMetrics(self._bold)
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
        model = cast("GroupedModel", index.model())
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        if option.state & _SELECTED:
            painter.fillRect(rect, self._colour("accent_ground"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, self._colour("line"))
        group = model.group_cell(row, column) if model.attribute is not None else None
        if group is not None:
            self._group(painter, option, model, row, group)
            return
        cell = model.cell(row, column)
        left, right, side = rect.x() + self._pad, rect.right() - self._pad, self._side
        if cell.icon is not None:
            cell.icon.paint(painter, left, rect.center().y() - side // 2, side, side)
            left += side + self._gap
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

    def _group(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        model: GroupedModel,
        row: int,
        cell: GroupCell,
    ) -> None:
        """A cell of a group's row. Its title runs on over the cells that have no sum: each paints its part."""
        rect: QRect = option.rect
        if not option.state & _SELECTED:
            painter.fillRect(rect.adjusted(0, 0, 0, -1), self._colour("ground"))
        painter.setFont(self._bold)
        painter.setPen(self._colour("text"))
        if cell.text and not cell.is_title:
            width = rect.width() - 2 * self._pad
            text = self._bold_metrics.elidedText(marked(cell.text), Qt.TextElideMode.ElideRight, width)
            painter.drawText(rect.x() + self._pad, rect.y(), width, rect.height(), _RIGHT, text)
            return
        start, end = self._title_room(option, model, row)
        title = model.group_cell(row, 0)
        if title is None or end <= rect.x():
            return
        painter.save()
        painter.setClipRect(rect)
        icon = self._theme.icon("chevron-down" if title.is_open else "chevron-right", "muted")
        side = self._side
        icon.paint(painter, start + self._pad, rect.center().y() - side // 2, side, side)
        left = start + self._pad + side + self._gap
        width = max(end - self._pad - left, 0)
        text = self._bold_metrics.elidedText(marked(title.text), Qt.TextElideMode.ElideRight, width)
        painter.drawText(left, rect.y(), width, rect.height(), _LEFT, text)
        painter.restore()

    @staticmethod
    def _title_room(option: QStyleOptionViewItem, model: GroupedModel, row: int) -> tuple[int, int]:
        """From where to where the title of a group's row can be: from the left of what is in sight, also over the
        column that stays there, up to the first column with a sum.
        """
        widget = option.widget
        table = widget if isinstance(widget, FrozenTable) else cast("FrozenTable", widget.parent())
        start = max(table.columnViewportPosition(0), 0)
        places = [
            table.columnViewportPosition(at)
            for at in range(1, len(model.columns))
            if (cell := model.group_cell(row, at)) is not None and cell.text
        ]
        return start, min((x for x in places if x > table.covered), default=table.viewport().width())

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
        high = self._high
        shape = QRectF(rect.x() + 10, rect.y() + (rect.height() - 1 - high) / 2, width, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(f"{tone}_ground"))
        painter.drawRoundedRect(shape, high / 2, high / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._pill_font)
        painter.setPen(self._colour(tone))
        shown = self._pill_metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, width - 14)
        painter.drawText(shape, int(Qt.AlignmentFlag.AlignCenter), shown)
