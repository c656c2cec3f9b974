"""Opening: a file becomes sheets of raw rows, with what was detected about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Problem
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.files.encoding import DOUBTFUL
from importers.spreadsheets.files.sheet_parts import SheetDetails
from importers.spreadsheets.sheets.group_headers import HeaderNames, header_names, lower_row
from importers.spreadsheets.sheets.header import find_header
from importers.spreadsheets.sheets.marks import Marks
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.table_area import TableArea

if TYPE_CHECKING:
    pass

Cell = Any
"""str, float, int, bool, date, datetime, time or timedelta; "" where blank."""
Merged = list[tuple[tuple[int, int], tuple[int, int]]]
Loaded = tuple[list[list[Cell]], Merged]


MISREAD_BOM = "\u00ef\u00bb\u00bf"
"""What the byte order mark of UTF-8 is to programs that read such a file as Windows does."""


@dataclass
class Sheet:
    """One sheet: its rows from row 1 and column A on, and the header row.  ``rows`` are read on first access.

    One of several tables of a sheet (``area``) ends with its last row, and has only its own columns.
    """

    file: str
    name: str
    options: ReadOptions
    load: Callable[[], Loaded]
    hidden: bool = False
    known: Callable[[str], bool] | None = None
    remarks: tuple[Problem, ...] = ()
    """What was noticed about the file while it was opened, such as a doubtful encoding."""
    text: bool = False
    """Whether it is a text table: its cells are strings, and it has an encoding and a delimiter."""
    encoding_confidence: float = 1.0
    area: TableArea | None = None
    details: SheetDetails = field(default_factory=SheetDetails)
    """What the file holds besides the cells' values: its hidden rows and columns, for one."""
    marks: Marks | None = None
    """What a marked copy of a workbook remembers of its rows."""

    @cached_property
    def rows(self) -> list[list[Cell]]:
        """All rows, equally long. Raises FileProblem where the sheet cannot be read."""
        return self._loaded[0]

    @property
    def merged(self) -> Merged:
        """Ranges of merged cells: (first row, first column), (last row, last column), 0-based, both included."""
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> Loaded:
        return self.load()

    def forget(self) -> None:
        """Lets go of the rows; they are read again on the next access."""
        for name in ("rows", "_loaded"):
            self.__dict__.pop(name, None)

    @cached_property
    def header_row(self) -> int:
        """The row with the column names, 1-based; 0 for an empty sheet."""
        if self.options.header_row is not None:
            if not 1 <= self.options.header_row <= len(self.rows):
                raise FileProblem(
                    Message(
                        "{file}, {sheet}: there is no row {number}.",
                        file=self.file,
                        sheet=self.name,
                        number=Plain(self.options.header_row),
                    )
                )
            return self.options.header_row
        if self.area is not None:
            return self.area.header_row
        found = find_header(self.rows, self.known)
        return lower_row(self.rows, self.merged, found - 1, self.known) + 1 if found else 0

    @cached_property
    def names(self) -> HeaderNames:
        """The names of the columns, of a header of two rows those of both; "" where a column has none."""
        if not self.header_row:
            return HeaderNames([], [])
        own = [" ".join(cell_text(cell).split()) for cell in self.rows[self.header_row - 1]]
        own[:1] = [name.removeprefix(MISREAD_BOM).removeprefix("\ufeff") for name in own[:1]]
        return header_names(self.rows, self.merged, self.header_row - 1, own, self.known)

    @property
    def headers(self) -> list[str]:
        """The column names, trimmed; "" where a column has none."""
        return self.names.shown

    @property
    def header_rows(self) -> list[list[Cell]]:
        """The rows of the header: one, or two where columns stand in groups."""
        first = self.header_row - (1 if self.names.labels is None else 2)
        return self.rows[first : self.header_row] if self.header_row else []

    @property
    def first_row(self) -> int:
        """The first row of the table, the lines above its header included, as shown."""
        return self.area.first_row if self.area is not None else 1

    @property
    def columns(self) -> str:
        """The columns of a table that stands beside another one ("F:H"), else ""."""
        return self.area.columns if self.area is not None else ""

    @property
    def title(self) -> str:
        """The line above one of several tables, "" where it has none."""
        return self.area.title if self.area is not None else ""

    @property
    def label(self) -> str:
        """The sheet's name; of one of its tables with where that stands."""
        if self.area is None:
            return self.name
        if self.area.columns:
            return tr("{sheet}, columns {columns}", sheet=self.name, columns=self.area.columns)
        first, last = Plain(self.area.first_row), Plain(self.area.last_row)
        return tr("{sheet}, rows {first} to {last}", sheet=self.name, first=first, last=last)

    def part(self, area: TableArea) -> Sheet:
        """One of its tables. The rows are this sheet's own as far as the table has all columns."""

        def load() -> Loaded:
            rows, (left, end) = self.rows[: area.last_row], (area.first_column, area.end_column)
            if left or (rows and end < len(rows[0])):
                blank = [""] * (end - left)
                above = area.first_row - 1
                rows = [blank] * above + [row[left:end] for row in rows[above:]]
            merged = [
                ((top, first - left), (bottom, last - left))
                for (top, first), (bottom, last) in self.merged
                if area.first_row <= top + 1 and bottom < area.last_row and left <= first and last < end
            ]
            return rows, merged

        return replace(self, load=load, area=area, options=replace(self.options, header_row=None))

    def holds(self, file: str, sheet: str, row: int, columns: str) -> bool:
        """Whether a row of a sheet is of this one, or of this table of it."""
        if (self.file, self.name) != (file, sheet):
            return False
        return self.area.holds(row, columns) if self.area is not None else 0 < row <= len(self.rows)

    @property
    def hidden_rows(self) -> list[int]:
        """The numbers of the rows below the header, as shown, that the spreadsheet program hides."""
        return [row + 1 for row in self.details.hidden_rows if self.header_row <= row < len(self.rows)]

    @property
    def hidden_columns(self) -> list[int]:
        """The columns, counted from 0, that the spreadsheet program hides."""
        left = self.area.first_column if self.area is not None else 0
        return [column - left for column in self.details.hidden_columns if 0 <= column - left < len(self.headers)]

    @property
    def body(self) -> list[list[Cell]]:
        """The rows below the header; the first of them is row ``header_row + 1``."""
        return self.rows[self.header_row :] if self.header_row else []

    @property
    def empty(self) -> bool:
        """Whether the sheet has no content."""
        return not self.header_row

    def preview(self, count: int = 20) -> list[tuple[int, list[str]]]:
        """The first rows below the header as text, each with its number."""
        first = self.header_row + 1
        return [(first + i, [cell_text(c) for c in row]) for i, row in enumerate(self.body[:count])]

    def column(self, index: int) -> str:
        """The name of a column in messages: its header, or its letters."""
        before = self.area.first_column if self.area is not None else 0
        return self.headers[index] or tr("Column {letters}", letters=column_letters(before + index))


@dataclass
class Workbook:
    """An opened file. ``options`` are the effective ones, with the detected values."""

    path: Path
    kind: str
    """"xlsx", "xlsb", "xls", "ods", "text" or "json"."""
    options: ReadOptions
    sheets: list[Sheet] = field(default_factory=list)
    line_end: str = ""
    encoding_confidence: float = 1.0
    """How sure the encoding of a text file is, from 0 to 1. It is 1 where a person named it."""

    @property
    def encoding_doubtful(self) -> bool:
        """Whether a person should look at the letters, and name the encoding if they are wrong."""
        return self.encoding_confidence < DOUBTFUL

    @property
    def marks(self) -> Marks | None:
        """What a marked copy remembers of its rows; None for another workbook."""
        return self.sheets[0].marks if self.sheets else None

    def keep_marks(self, marks: Marks) -> None:
        """Gives every sheet what a marked copy remembers."""
        for one in self.sheets:
            one.marks = marks

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name (case does not matter). Raises FileProblem that lists the sheets."""
        for one in self.sheets:
            if one.name.casefold() == name.casefold().strip():
                return one
        names = tuple(one.name for one in self.sheets)
        raise FileProblem(
            Message("{file} has no sheet “{name}”. Sheets: {names}.", file=self.path.name, name=name, names=names)
        )


def cell_text(cell: Cell) -> str:
    """A cell as plain text: whole numbers without ".0", rounded ones as such (6.37702E+15), dates as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.5E}" if lost_digits(cell) else str(int(cell))
    return str(cell)


def lost_digits(number: float) -> bool:
    """Whether a number is probably rounded, as spreadsheets do with long identifiers.

    Spreadsheet programs keep 15 digits; twelve or more with at most six that are not zero were rounded before.
    """
    if abs(number) >= 1e15:
        return True
    return abs(number) >= 1e11 and number.is_integer() and len(str(int(abs(number))).rstrip("0")) <= 6
