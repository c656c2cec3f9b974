"""The header of tables: titles that are cut with a mark, and the edges that a person drags."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QTableView, QToolTip

from cmdb.model.characters import marked
from ui.plain_texts import plain_tip
from ui.widgets.column_widths import header_font

#: Room beside a title, and for its sort arrow, in pixels.
_PADDING, _ARROW = 22, 12


class TitleHeader(QHeaderView):
    """The header of a table: a title that does not fit is cut with "…", and is read whole in its tooltip.

    ``dragged`` fires with a section while a person drags its edge, or double-clicks it; never for a width that the
    program gives, whatever the mouse does meanwhile.
    """

    dragged = Signal(int)

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._by_hand = False
        self.sectionResized.connect(lambda section, *_: self._resized(section))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What changes its width in here is dragged."""
        self._by_hand = True
        super().mouseMoveEvent(event)
        self._by_hand = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on an edge makes the column as wide as its rows."""
        self._by_hand = True
        super().mouseDoubleClickEvent(event)
        self._by_hand = False

    def _resized(self, section: int) -> None:
        if self._by_hand:
            self._by_hand = False  # what others do with the room that is left is theirs
            self.dragged.emit(section)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, logicalIndex: int) -> None:
        """Qt cuts a title without knowing the padding and the weight that the style sheet gives it."""
        super().initStyleOptionForIndex(option, logicalIndex)
        option.text = self._fitting(logicalIndex)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip of a title that is cut, where the model has none for it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            section = self.logicalIndexAt(event.pos())
            own = self.model().headerData(section, self.orientation(), Qt.ItemDataRole.ToolTipRole)
            if section >= 0 and not own:
                whole = self._title(section)
                is_cut = self._fitting(section) != marked(whole)
                QToolTip.showText(event.globalPos(), plain_tip(whole if is_cut else ""), self)
                return True
        return super().viewportEvent(event)

    def _title(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _fitting(self, section: int) -> str:
        sorted_by = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        room = self.sectionSize(section) - _PADDING - (_ARROW if sorted_by else 0)
        metrics = QFontMetrics(header_font(self.font()))
        return metrics.elidedText(marked(self._title(section)), Qt.TextElideMode.ElideRight, room)
