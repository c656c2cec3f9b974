"""Opening: a file becomes sheets of raw rows, with what was detected about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Problem
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets import file_type
from importers.spreadsheets.archive import MAX_COLUMNS, column_letters
from importers.spreadsheets.container import Container, look_through
from importers.spreadsheets.encoding import DOUBTFUL
from importers.spreadsheets.group_headers import HeaderNames, header_names, lower_row
from importers.spreadsheets.header import find_header
from importers.spreadsheets.number_formats import NumberFormat, shown
from importers.spreadsheets.options import ReadOptions
from importers.spreadsheets.sheet_parts import SheetDetails
from importers.spreadsheets.table_area import TableArea
from importers.spreadsheets.text import TextTable, read_text

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = Any
"""str, float, int, bool, date, datetime, time or timedelta; "" where blank."""
Merged = list[tuple[tuple[int, int], tuple[int, int]]]
Loaded = tuple[list[list[Cell]], Merged]

_LOOKED_AT = 50


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
    """"xlsx", "xlsb", "xls", "ods" or "text"."""
    options: ReadOptions
    sheets: list[Sheet] = field(default_factory=list)
    line_end: str = ""
    encoding_confidence: float = 1.0
    """How sure the encoding of a text file is, from 0 to 1. It is 1 where a person named it."""

    @property
    def encoding_doubtful(self) -> bool:
        """Whether a person should look at the letters, and name the encoding if they are wrong."""
        return self.encoding_confidence < DOUBTFUL

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name (case does not matter). Raises FileProblem that lists the sheets."""
        for one in self.sheets:
            if one.name.casefold() == name.casefold().strip():
                return one
        names = tuple(one.name for one in self.sheets)
        raise FileProblem(
            Message("{file} has no sheet “{name}”. Sheets: {names}.", file=self.path.name, name=name, names=names)
        )


def open_file(
    path: str | Path, options: ReadOptions | None = None, known: Callable[[str], bool] | None = None
) -> Workbook:
    """Opens a spreadsheet or text table, whatever its extension says.

    ``known`` tells whether the schema knows a header, which helps to find the header row. Raises FileProblem with a
    one-line message if the file is not a spreadsheet, or is damaged, protected, hostile or too large.
    """
    path = Path(path)
    options = options or ReadOptions()
    head = file_type.read_head(path)
    kind = file_type.kind_of(head)
    file_type.limit_size(path, kind)
    if kind == "text":
        return _open_text(path, options, known)
    if kind == "zip":
        return _open_binary(path, look_through(path), options, known)
    if kind == "ole":
        _refuse_encrypted(path)
        return _open_binary(path, Container("xls"), options, known)
    if kind == "html":
        raise FileProblem(
            Message("{file} is a web page. Open it in a spreadsheet program and save it as xlsx.", file=path.name)
        )
    if kind in ("xml", "json"):
        raise FileProblem(Message("{file} is {kind}, not a spreadsheet.", file=path.name, kind=kind.upper()))
    raise FileProblem(
        Message("{file} is not a spreadsheet: it is {kind}.", file=path.name, kind=file_type.describe_binary(head))
    )


def reopen(workbook: Workbook, **changes: Any) -> Workbook:
    """The same file read with some options changed by the person; the others are detected anew."""
    known = workbook.sheets[0].known if workbook.sheets else None
    return open_file(workbook.path, replace(ReadOptions(), **changes), known)


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


def _open_text(path: Path, options: ReadOptions, known: Callable[[str], bool] | None) -> Workbook:
    table = read_text(name_as_text(path), regular_files.content(path), options.encoding, options.delimiter)
    found = replace(options, encoding=table.encoding.name, delimiter=table.delimiter)
    rows: list[list[Cell]] = table.rows
    sheet = Sheet(
        name_as_text(path),
        regular_files.name_as_text(path, path.stem),
        found,
        lambda: (rows, []),
        known=known,
        remarks=tuple(_text_remarks(name_as_text(path), regular_files.name_as_text(path, path.stem), table)),
        text=True,
        encoding_confidence=table.encoding.confidence,
    )
    return Workbook(path, "text", found, [sheet], table.line_end, table.encoding.confidence)


def _text_remarks(file: str, sheet: str, table: TextTable) -> Iterator[Problem]:
    """Warnings about how a text file was read, each with its row."""

    def warn(row: int, message: Message, code: str) -> Problem:
        return Problem(file, sheet, row, "", "", message, "warning", code.partition(".")[0], code=code)

    if table.encoding.doubtful:
        message = Message(
            "The encoding is in doubt: the file was read as {encoding}. If letters are wrong, name its encoding "
            "(--encoding).",
            encoding=table.encoding.name,
        )
        yield warn(0, message, "encoding.doubtful")
    for line in table.mixed:
        message = Message("The line is in another encoding than the file; it was read as Windows text.")
        yield warn(line, message, "encoding.mixed")
    for line in table.replaced:
        message = Message(
            "The line holds bytes that are no letters in {encoding}; “\ufffd” stands for each.",
            encoding=table.encoding.name,
        )
        yield warn(line, message, "encoding.replaced")
    for line in table.nul:
        yield warn(line, Message("The line held NUL characters, which were left out."), "encoding.nul")
    for row in table.open_quotes:
        message = Message(
            "A quotation mark opens a cell in this row and closes it only in a later line, before more text. Lines "
            "between may be rows of their own: look at the quotation marks."
        )
        yield warn(row, message, "quotes")


def _open_binary(
    path: Path, container: Container, options: ReadOptions, known: Callable[[str], bool] | None
) -> Workbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    with _Damaged(path, PasswordError, CalamineError):
        if container.anew is not None:
            source = CalamineWorkbook.from_filelike(container.anew)
        elif name_as_text(path, str(path)) == str(path):
            source = CalamineWorkbook.from_path(str(path))
        else:  # the parser takes only names that are text
            with regular_files.opened(path) as file:
                source = CalamineWorkbook.from_filelike(file)
    workbook = Workbook(path, container.kind, options)
    for meta in source.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            details = container.details.get(meta.name) or SheetDetails()
            load = _loader(path, source, meta.name, details)
            hidden = meta.visible != SheetVisibleEnum.Visible
            workbook.sheets.append(Sheet(name_as_text(path), meta.name, options, load, hidden, known, details=details))
    if not workbook.sheets:
        raise FileProblem(Message("{file} has no sheet with cells.", file=path.name))
    return workbook


def _loader(path: Path, source: CalamineWorkbook, name: str, details: SheetDetails) -> Callable[[], Loaded]:
    def load() -> Loaded:
        from python_calamine import CalamineError, PasswordError

        with _Damaged(path, PasswordError, CalamineError):
            sheet = source.get_sheet_by_name(name)
            rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        if details.texts:
            _show_texts(rows, details.texts)
        _show_formats(rows, details.formats)
        return _without_nuls(rows), merged

    return load


def _without_nuls(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows of a damaged xls in which each letter is followed by a NUL, as it shows in its first rows, without."""
    if not any(isinstance(cell, str) and "\0" in cell for row in rows[:_LOOKED_AT] for cell in row):
        return rows
    return [[cell.replace("\0", "") if isinstance(cell, str) else cell for cell in row] for row in rows]


def _show_texts(rows: list[list[Cell]], texts: Mapping[tuple[int, int], str]) -> None:
    """Puts what cells show instead of a value into the rows, which grow as far as these cells reach."""
    width = max((column for _, column in texts), default=-1) + 1
    height = max((row for row, _ in texts), default=-1) + 1
    now = len(rows[0]) if rows else 0
    if width > now:
        for cells in rows:
            cells.extend([""] * (width - now))
    rows.extend([""] * max(width, now) for _ in range(height - len(rows)))
    for (row, column), text in texts.items():
        rows[row][column] = text


def _show_formats(rows: list[list[Cell]], formats: Mapping[NumberFormat, Iterable[int]]) -> None:
    """Puts what numbers show into the rows where their format carries meaning."""
    for meaning, places in formats.items():
        known: dict[Cell, Cell] = {}
        for place in places:
            row, column = divmod(place, MAX_COLUMNS)
            if row < len(rows) and column < len(rows[row]):
                number = rows[row][column]
                if type(number) is float or type(number) is int:
                    if number not in known:
                        known[number] = shown(float(number), meaning)
                    rows[row][column] = known[number]


def _refuse_encrypted(path: Path) -> None:
    """An encrypted xlsx is an OLE container with a stream of this name, which its directory holds in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in regular_files.content(path):
        raise FileProblem(Message("{file} is protected by a password. Save it without one first.", file=path.name))


class _Damaged:
    """Turns what the parser raises, panics of its native code included, into a FileProblem."""

    def __init__(self, path: Path, password: type[Exception], failure: type[Exception]) -> None:
        self.path, self.password, self.failure = path, password, failure

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or kind is None:
            return
        if isinstance(error, self.password):
            raise FileProblem(
                Message("{file} is protected by a password. Save it without one first.", file=self.path.name)
            ) from error
        if isinstance(error, self.failure | OSError | ValueError) or kind.__name__ == "PanicException":
            raise FileProblem(
                Message("{file} is damaged, or is not the spreadsheet it seems to be.", file=self.path.name)
            ) from error
