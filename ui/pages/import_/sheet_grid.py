"""A sheet's cells as a grid: numbered as in the spreadsheet, with their problems; cells are corrected in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.imports.draft import SheetDraft
from app.imports.problem_places import WHOLE_ROW, ProblemPlaces
from app.imports.problems import accepted_words, suggestions
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from cmdb.model.observation import Problem
from cmdb.model.schema import Schema
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.sheets.workbook import cell_text
from ui.pages.import_.mend_bar import SuggestingField
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.table import TableView

#: A cell's look: "bad", "warning", "good" (corrected), "accent" (corrected, not checked yet) or "".
CELL_TONE = int(Qt.ItemDataRole.UserRole) + 1
#: Values that a cell could hold instead.
SUGGESTED = int(Qt.ItemDataRole.UserRole) + 2
#: The most characters of a cell that are drawn; its tooltip has more, its editor all.
_DRAWN, _TIP = 120, 1_000
#: The most values that a problem's suggestions are.
_SUGGESTED = 100
#: The least and the greatest width that a column gets by itself, and the width of a character, in pixels.
_NARROW, _WIDE, _CHARACTER = 76, 220, 8

Index = QModelIndex | QPersistentModelIndex


def cell_name(sheet: SheetDraft, row: int, index: int) -> str:
    """A cell as a spreadsheet names it: "C12"."""
    return f"{letters(sheet, index)}{row}"


def letters(sheet: SheetDraft, index: int) -> str:
    """A column's letters as the spreadsheet shows them, whether or not the table begins with the first one."""
    area = sheet.sheet.area
    return column_letters(index + (area.first_column if area is not None else 0))


class SheetGridModel(QAbstractTableModel):
    """The rows of a sheet below its header, all or only some. ``edited`` (row as shown, column, text): a cell was
    edited; the model itself changes nothing.
    """

    edited = Signal(int, int, str)

    def __init__(self, theme: Theme, schema: Schema) -> None:
        super().__init__()
        self._theme, self._schema = theme, schema
        self._accepted: dict[int, list[str]] = {}
        self._bold = theme.font(weight=QFont.Weight.DemiBold)
        self.sheet: SheetDraft | None = None
        self._places: ProblemPlaces | None = None
        self._only: Sequence[int] | None = None
        self._first, self._lines, self._columns = 1, 0, 0
        self._unused: frozenset[int] = frozenset()
        self._hidden: frozenset[int] = frozenset()
        self._stale = False

    def show_sheet(self, sheet: SheetDraft | None, places: ProblemPlaces | None, only: Sequence[int] | None) -> bool:
        """Shows a sheet with its problems; ``only``: these rows, in order. Returns whether other rows are shown."""
        first = sheet.sheet.header_row + 1 if sheet is not None else 1
        lines = 0 if sheet is None else len(sheet.sheet.rows) - first + 1 if only is None else len(only)
        columns = len(sheet.sheet.headers) if sheet is not None else 0
        now = (self._first, self._lines, self._columns)
        same = sheet is self.sheet and now == (first, lines, columns) and only == self._only
        if not same:
            self.beginResetModel()
        self.sheet, self._places, self._only = sheet, places, only
        self._first, self._lines, self._columns = first, lines, columns
        self._stale = False
        if sheet is not None:
            self._accepted = accepted_words(sheet, self._schema)
            self._hidden = frozenset(sheet.sheet.hidden_rows)
            unused = (c.index for c in sheet.mapping.columns if c.role in ("unmapped", "ignored"))
            self._unused = frozenset(unused)
        if not same:
            self.endResetModel()
        return not same

    def set_stale(self, stale: bool) -> None:
        """Whether the cells were changed since the problems were found: then corrected cells show as such."""
        self._stale = stale

    def row_of(self, line: int) -> int:
        """The row as shown that stands in a line of the grid."""
        return self._only[line] if self._only is not None else self._first + line

    def line_of(self, row: int) -> int:
        """The line of a row as shown; -1 where it is not among the rows."""
        if self._only is not None:
            line = bisect_left(self._only, row)
            return line if line < len(self._only) and self._only[line] == row else -1
        line = row - self._first
        return line if 0 <= line < self._lines else -1

    def line_after(self, row: int) -> int:
        """The first line of a row as shown or a later one; it may be behind the last line."""
        return bisect_left(self._only, row) if self._only is not None else max(row - self._first, 0)

    def problems(self, line: int, index: int) -> list[Problem]:
        """A cell's problems."""
        if self.sheet is None or self._places is None:
            return []
        return self._places.of_cell(self.sheet, self.row_of(line), index)

    def words(self, line: int, index: int) -> list[str]:
        """What a cell could hold instead: what its problems suggest, then what the column accepts."""
        suggested = (word for one in self.problems(line, index) for word in suggestions(one, _SUGGESTED))
        return list(dict.fromkeys([*suggested, *self._accepted.get(index, ())]))

    # -- Qt ---------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """Rows shown."""
        return 0 if parent.isValid() else self._lines

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The sheet's columns."""
        return 0 if parent.isValid() else self._columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell can be corrected."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell's text, problem, tone and alignment."""
        if self.sheet is None:
            return None
        line, column = index.row(), index.column()
        row = self.row_of(line)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = self.sheet.cell(row, column)
            return text if role == Qt.ItemDataRole.EditRole else _drawn(text)
        if role == CELL_TONE:
            return self._tone(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            out = self._places is not None and self._places.left_out(self.sheet, row)
            return self._theme.color("faint") if out or column in self._unused else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            cell = self.sheet.sheet.rows[row - 1][column]
            side = Qt.AlignmentFlag.AlignLeft if isinstance(cell, str) else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row, column))
        if role == SUGGESTED:
            return self.words(line, column)
        return None

    def _tone(self, row: int, column: int) -> str:
        assert self.sheet is not None
        mended = (row, column) in self.sheet.mends
        if mended and self._stale:
            return "accent"  # whether it is right is not known yet
        found = self._places.of_cell(self.sheet, row, column) if self._places is not None else []
        if found:
            return "bad" if any(one.severity != "warning" for one in found) else "warning"
        return "good" if mended else ""

    def _tip(self, row: int, column: int) -> str:
        assert self.sheet is not None
        found = self._places.of_cell(self.sheet, row, column) if self._places is not None else []
        lines = [str(one.message) for one in found]
        text = self.sheet.cell(row, column)
        mend = self.sheet.mends.get((row, column))
        if mend is not None:
            lines.append(tr("In the file: {value}", value=cell_text(mend[0])))
        if len(text) > 12:
            lines.append(text[:_TIP])
        return "\n".join(lines)

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Passes an edit on, if it changes the cell."""
        if role != Qt.ItemDataRole.EditRole or self.sheet is None:
            return False
        row = self.row_of(index.row())
        if str(value) == self.sheet.cell(row, index.column()):
            return False
        self.edited.emit(row, index.column(), str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Letters and names of columns; numbers of rows as the spreadsheet shows them, with what becomes of the row."""
        if self.sheet is None:
            return None
        if orientation == Qt.Orientation.Horizontal:
            title = f"{letters(self.sheet, section)}  {self.sheet.sheet.headers[section]}"
            if role == Qt.ItemDataRole.ToolTipRole:
                return plain_tip(title)
            return marked(title) if role == Qt.ItemDataRole.DisplayRole else None
        row = self.row_of(section)
        places = self._places
        rejected = places is not None and places.rejected(self.sheet, row)
        left_out = places is not None and places.left_out(self.sheet, row)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row} ×" if rejected else f"{row} –" if left_out else str(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.color("bad" if rejected else "muted")
        if role == Qt.ItemDataRole.DecorationRole and row in self._hidden:
            return self._theme.icon("eye-off", "faint")
        if role == Qt.ItemDataRole.FontRole and rejected:
            return self._bold
        if role == Qt.ItemDataRole.ToolTipRole and places is not None:
            words = [tr("This row is rejected.")] if rejected else [tr("This row is left out.")] if left_out else []
            words += [tr("Hidden in the file")] if row in self._hidden else []
            words += [str(one.message) for one in places.of_row(self.sheet, row).get(WHOLE_ROW, ())]
            return plain_tip("\n".join(words)) if words else None
        return None


def _drawn(text: str) -> str:
    cut = text if len(text) <= _DRAWN else text[:_DRAWN] + "…"
    return marked(cut.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ").replace("\r", " ⏎ "))


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


class SheetGrid(TableView):
    """The grid. ``looked_at`` fires when another cell is the current one, ``cleared`` for Del."""

    looked_at = Signal()
    cleared = Signal()

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

    def _parts(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(place) for place in range(selection.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 edit, as typing does; Del empties the cell; Ctrl+C copies the cells."""
        key, index = event.key(), self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            QTableView.keyPressEvent(self, event)  # an editor passes on the Enter that it ends with
        elif event.matches(QKeySequence.StandardKey.Copy) or QKeySequence(event.keyCombination()) == "Ctrl+Shift+C":
            self.copy()
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
