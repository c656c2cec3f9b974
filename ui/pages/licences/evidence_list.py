"""A list of two-line rows: what it is about and how much, then why. Only visible lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QStyle, QStyledItemDelegate
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from cmdb.model.characters import marked
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.text_size import px
from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW = 48


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One row: its title and amount, and below them the reason and a remark; ``tone`` colours the remark."""

    title: str
    amount: str = ""
    why: str = ""
    remark: str = ""
    tone: str = ""
    uid: str = ""


class EvidenceLines(QListView):
    """Rows of evidence; a click or Enter on one fires ``opened`` with the id of the record it is about."""

    opened = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        name_area(self, name)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.clicked.connect(self._open)
        theme.changed.connect(self.viewport().update)

    @property
    def lines(self) -> Sequence[EvidenceLine]:
        """What is shown."""
        return self._model.lines

    def show_lines(self, lines: Sequence[EvidenceLine]) -> None:
        """Shows other rows; the place stays where they are the same."""
        if lines != self._model.lines:
            self._model.show_lines(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Ctrl+Shift+C copies as a table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif QKeySequence(event.keyCombination()) == QKeySequence("Ctrl+Shift+C"):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Puts the selected rows (all, where none is) on the clipboard, tab-separated."""
        rows = sorted(index.row() for index in self.selectedIndexes()) or range(len(self.lines))
        chosen = [self.lines[row] for row in rows]
        text = "\n".join("\t".join((one.title, one.amount, one.why, one.remark)) for one in chosen)
        QApplication.clipboard().setText(text)

    def _open(self, index: QModelIndex) -> None:
        modifiers = QApplication.keyboardModifiers()
        if index.isValid() and not modifiers and self.lines[index.row()].uid:
            self.opened.emit(self.lines[index.row()].uid)


class _Model(QAbstractListModel):
    def __init__(self, parent: EvidenceLines) -> None:
        super().__init__(parent)
        self.lines: Sequence[EvidenceLine] = ()

    def show_lines(self, lines: Sequence[EvidenceLine]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return marked(line.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(part for part in (line.title, line.why, line.remark) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (line.title, line.amount, line.why, line.remark) if part)
        return line if role == Qt.ItemDataRole.UserRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: EvidenceLines) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: Option, index: Index) -> QSize:
        return QSize(120, px(ROW))

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        line: EvidenceLine = index.data(Qt.ItemDataRole.UserRole)
        inside = option.rect.adjusted(16, 6, -16, -6)
        top, below = QRect(inside), QRect(inside)
        top.setHeight(px(18))
        below.setTop(inside.top() + px(19))
        theme = self._theme
        painter.save()
        used = self._put(painter, top, line.amount, theme.font(13, QFont.Weight.DemiBold), "text", right=True)
        top.setRight(top.right() - used)
        self._put(painter, top, line.title, theme.font(13, QFont.Weight.Medium), "text")
        painter.setPen(theme.tone(line.tone)[0] if line.tone else theme.color("muted"))
        used = self._put(painter, below, line.remark, theme.font(12), "", right=True)
        below.setRight(below.right() - used)
        self._put(painter, below, line.why, theme.font(12), "muted")
        painter.setPen(theme.color("line"))
        painter.drawLine(option.rect.left() + 16, option.rect.bottom(), option.rect.right() - 16, option.rect.bottom())
        painter.restore()

    def _put(self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str, *, right: bool = False) -> int:
        """Draws a text as far as it fits; returns the room it takes with its distance."""
        if not text:
            return 0
        metrics = QFontMetrics(font)
        painter.setFont(font)
        if token:
            painter.setPen(self._theme.color(token))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return metrics.horizontalAdvance(shown) + 12
