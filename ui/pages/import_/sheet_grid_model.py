"""A sheet's cells as a model: numbered as in the spreadsheet, with their problems."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from app.imports.draft import SheetDraft
from app.imports.problem_places import WHOLE_ROW, ProblemPlaces
from app.imports.problems import accepted_words, suggestions
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from cmdb.model.observation import Problem
from cmdb.model.schema import Schema
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.sheets.workbook import cell_text
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.spoken_cells import SPOKEN, spoken

#: A cell's look: "bad", "warning", "good" (corrected), "accent" (corrected, not checked yet) or "".
CELL_TONE = int(Qt.ItemDataRole.UserRole) + 1
#: Values that a cell could hold instead.
SUGGESTED = int(Qt.ItemDataRole.UserRole) + 2
#: The most characters of a cell that are drawn; its tooltip has more, its editor all.
_DRAWN, _TIP = 120, 1_000
#: The most values that a problem's suggestions are.
_SUGGESTED = 100
#: The attributes that people know a row by.
_NAMING = ("name", "full_name", "asset_tag", "host_name", "serial_number")

Index = QModelIndex | QPersistentModelIndex


def cell_name(sheet: SheetDraft, row: int, index: int) -> str:
    """A cell as a spreadsheet names it: "C12"."""
    return f"{letters(sheet, index)}{row}"


def letters(sheet: SheetDraft, index: int) -> str:
    """A column's letters as the spreadsheet shows them, whether or not the table begins with the first one."""
    area = sheet.sheet.area
    return column_letters(index + (area.first_column if area is not None else 0))


def name_column(sheet: SheetDraft) -> int:
    """The column that says best which row one looks at."""
    named = {use.name: use.index for use in reversed(sheet.mapping.columns) if use.role in ("attribute", "field")}
    return next((named[name] for name in _NAMING if name in named), 0)


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
        if role in SPOKEN:
            return spoken(index, role, str(index.data(CELL_TONE) or ""))
        if self.sheet is None:
            return None
        line, column = index.row(), index.column()
        row = self.row_of(line)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = self.sheet.cell(row, column)
            return text if role == Qt.ItemDataRole.EditRole else drawn_text(text)
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


def drawn_text(text: str) -> str:
    """A cell's text in one line, as far as it is drawn."""
    cut = text if len(text) <= _DRAWN else text[:_DRAWN] + "…"
    return marked(cut.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ").replace("\r", " ⏎ "))
