"""A sheet's cells as a grid: numbered as in the spreadsheet, with their problems; cells are corrected in place."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionRange,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.imports.correction_steps import Part
from cmdb.model.messages import tr
from ui.pages.import_.sheet_grid_model import CELL_TONE, SUGGESTED, Index, SheetGridModel, name_column
from ui.theme import Theme
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.suggesting_field import SuggestingField

#: The least and the greatest width that a column gets by itself, and the width of a character, in pixels.
_NARROW, _WIDE, _CHARACTER = 76, 220, 8


class _CellDelegate(QStyledItemDelegate):
    """Draws a problem's ground and a strip at the left, and offers suggested values while a cell is edited."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, text, strip, and a frame around the current cell."""
        tone = index.data(CELL_TONE)
        rect: QRect = option.rect
        if tone:
            ink, ground = self._theme.tone(tone)
            painter.fillRect(rect, ground)
        super().paint(painter, option, index)
        if tone:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height() - 1), ink)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), QColor(self._theme.color("line")))
        if index == self._view.currentIndex():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line edit; where values are suggested, they drop down."""
        editor = SuggestingField(self._theme, parent)
        editor.setFrame(False)
        editor.setAccessibleName(tr("What to put instead"))
        editor.suggest(index.data(SUGGESTED) or [])
        return editor


class SheetGrid(FrozenTable):
    """The grid; the column with the rows' names stays in sight. ``looked_at`` fires when another cell is the current
    one, ``cleared`` for Del, ``pasted`` (a text) for Ctrl+V.
    """

    looked_at = Signal()
    cleared = Signal()
    pasted = Signal(str)

    def __init__(self, theme: Theme, model: SheetGridModel) -> None:
        super().__init__(theme, tr("Cells of the sheet"), compact=True)
        self._grid_model = model
        self.setModel(model)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setSectionsMovable(False)
        rows = self.verticalHeader()
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.show()
        self.selectionModel().currentChanged.connect(lambda *_: self.looked_at.emit())
        self.freeze(_CellDelegate(theme, self), -1)

    def fit(self) -> None:
        """Columns as wide as their names and first cells, within limits; the rows' numbers as wide as the longest."""
        model = self._grid_model
        if model.sheet is None:
            return
        lines = range(min(model.rowCount(), 40))
        for index, name in enumerate(model.sheet.sheet.headers[:200]):
            longest = max((len(model.sheet.cell(model.row_of(line), index)) for line in lines), default=0)
            width = max(longest, len(name) + 5) * _CHARACTER + 24
            self.setColumnWidth(index, min(max(width, _NARROW), _WIDE))
        digits = len(str(len(model.sheet.sheet.rows)))
        room = 20 if model.sheet.sheet.hidden_rows else 0
        if self._frozen is not None:
            self._frozen.keep(name_column(model.sheet))
        self.verticalHeader().setFixedWidth((digits + 2) * _CHARACTER + 24 + room)

    def go_to(self, row: int, index: int) -> bool:
        """Makes a cell the current one, in sight; False where its row is not shown."""
        line = self._grid_model.line_of(row)
        if line < 0:
            return False
        wanted = self._grid_model.index(line, max(index, 0))
        if wanted != self.currentIndex():
            self.setCurrentIndex(wanted)
        else:
            self.selectionModel().select(wanted, self.selectionModel().SelectionFlag.ClearAndSelect)
        self.scrollTo(wanted)
        return True

    def go_near(self, row: int, index: int) -> None:
        """As ``go_to``; where the row is not shown, to the next one that is."""
        lines = self._grid_model.rowCount()
        if not self.go_to(row, index) and lines:
            self.go_to(self._grid_model.row_of(min(self._grid_model.line_after(row), lines - 1)), index)

    def showEvent(self, event: QShowEvent) -> None:
        """The current cell is in sight, at the width that the grid has only now."""
        super().showEvent(event)
        self.horizontalScrollBar().setValue(0)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    @property
    def cell(self) -> tuple[int, int]:
        """The current cell: the row as shown and the column's index; (0, -1) for none."""
        index = self.currentIndex()
        return (self._grid_model.row_of(index.row()), index.column()) if index.isValid() else (0, -1)

    def chosen_rows(self) -> list[int]:
        """The rows as shown of the selected cells in the current cell's column."""
        current = self.currentIndex()
        if not current.isValid():
            return []
        lines: set[int] = set()
        for part in self._parts():
            if part.left() <= current.column() <= part.right():
                lines.update(range(part.top(), part.bottom() + 1))
        lines.add(current.row())
        return [self._grid_model.row_of(line) for line in sorted(lines)]

    def count_chosen(self) -> int:
        """How many cells of the current cell's column are selected; at least that one."""
        column = self.currentIndex().column()
        heights = (p.bottom() - p.top() + 1 for p in self._parts() if p.left() <= column <= p.right())
        return max(sum(heights), 1)

    def chosen_parts(self) -> list[Part]:
        """The selected cells: rows as shown, and the indexes of columns, of each part."""
        row_of = self._grid_model.row_of
        return [
            (tuple(map(row_of, range(part.top(), part.bottom() + 1))), range(part.left(), part.right() + 1))
            for part in self._parts()
        ]

    def block(self, text: str) -> list[tuple[int, int, str]]:
        """The cells that a copied table goes into, from the current one on, as (row as shown, column index, text)."""
        index, model = self.currentIndex(), self._grid_model
        lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        return [
            (model.row_of(line), at, cell)
            for line, cells in enumerate(lines[: model.rowCount() - index.row()], index.row())
            for at, cell in enumerate(cells.split("\t")[: model.columnCount() - index.column()], index.column())
        ]

    def _parts(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.count())]

    def event(self, event: QEvent) -> bool:
        """Ctrl+V is of the cells here, not of the page."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 edit, as typing does; Del empties the cells; Ctrl+C copies the cells, Ctrl+V pastes."""
        key, index = event.key(), self.currentIndex()
        if event.text().strip() or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            QTableView.scrollTo(self, index)  # an editor opens in the column itself
        if self.state() == QAbstractItemView.State.EditingState:
            QTableView.keyPressEvent(self, event)  # an editor passes on the Enter that it ends with
        elif event.matches(QKeySequence.StandardKey.Copy) or QKeySequence(event.keyCombination()) == "Ctrl+Shift+C":
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and index.isValid():
            self.pasted.emit(QApplication.clipboard().text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not event.modifiers():
            self.edit(index)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.isValid() and not event.modifiers():
            self.cleared.emit()
        else:
            QTableView.keyPressEvent(self, event)

    def copy(self) -> None:
        """Puts the selected cells on the clipboard, tab-separated."""
        lines = []
        for part in self._parts()[:1]:
            for line in range(part.top(), part.bottom() + 1):
                cells = (self._grid_model.index(line, c) for c in range(part.left(), part.right() + 1))
                texts = (str(c.data(Qt.ItemDataRole.EditRole) or "") for c in cells)
                lines.append("\t".join(text.replace("\t", " ").replace("\n", " ") for text in texts))
        if lines:
            QApplication.clipboard().setText("\n".join(lines))
