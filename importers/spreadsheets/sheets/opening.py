"""Opening a file: a spreadsheet or text table, whatever its name says, becomes a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Problem
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files import file_type, xls_details
from importers.spreadsheets.files.archive import MAX_COLUMNS
from importers.spreadsheets.files.compound_file import BrokenFile
from importers.spreadsheets.files.container import Container, look_through
from importers.spreadsheets.files.number_formats import NumberFormat, number_instead, shown, without_day
from importers.spreadsheets.files.sheet_parts import SheetDetails
from importers.spreadsheets.files.text import TextTable, read_text
from importers.spreadsheets.files.uneven_rows import EvenedRows
from importers.spreadsheets.sheets.marks import MARKS_SHEET, marks_of
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.workbook import Cell, Loaded, Sheet, Workbook, cell_text
from importers.spreadsheets.sheets.workbook_process import APART, FirstRows, WorkbookProcess

_LOOKED_AT = 50


def open_file(
    path: str | Path,
    options: ReadOptions | None = None,
    known: Callable[[str], bool] | None = None,
    check: Callable[[], None] | None = None,
    first: FirstRows | None = None,
) -> Workbook:
    """Opens a spreadsheet or text table, whatever its extension says.

    ``known`` tells whether the schema knows a header, which helps to find the header row. ``check`` is called now and
    then while a large workbook is read; what it raises ends the reading, also that of a sheet's rows later. ``first``
    gets the first rows of each sheet of a large workbook before the others are read.
    Raises FileProblem with a one-line message if the file is not a spreadsheet, or is damaged, protected, hostile or
    too large.
    """
    path = Path(path)
    options = options or ReadOptions()
    head = file_type.read_head(path)
    kind = file_type.kind_of(head)
    file_type.limit_size(path, kind)
    if kind == "text":
        return _open_text(path, options, known, check or _go_on)
    if kind == "zip":
        return _open_binary(path, look_through(path), options, known, check, first)
    if kind == "ole":
        data = regular_files.content(path)
        _refuse_encrypted(path, data)
        return _open_binary(path, _xls_container(path, data), options, known, check)
    if kind == "html":
        raise FileProblem(
            Message(
                "{file} is a web page. Open it in a spreadsheet program and save it as xlsx.", file=name_as_text(path)
            )
        )
    raise FileProblem(
        Message(
            "{file} is not a spreadsheet: it is {kind}.", file=name_as_text(path), kind=file_type.describe_binary(head)
        )
    )


def reopen(workbook: Workbook, **changes: Any) -> Workbook:
    """The same file read with some options changed by the person; the others are detected anew."""
    known = workbook.sheets[0].known if workbook.sheets else None
    return open_file(workbook.path, replace(ReadOptions(), **changes), known)


def _go_on() -> None:
    """Nothing stops the work."""


def _open_text(
    path: Path, options: ReadOptions, known: Callable[[str], bool] | None, check: Callable[[], None]
) -> Workbook:
    data = regular_files.content(path)
    check()
    table = read_text(name_as_text(path), data, options.encoding, options.delimiter)
    check()
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
        message = Message(
            "The line is in another encoding than the file; it was read as {encoding}.", encoding=table.mixed_encoding
        )
        yield warn(line, message, "encoding.mixed")
    for line in table.replaced:
        message = Message(
            "The line holds bytes that are no letters in {encoding}; “\ufffd” stands for each.",
            encoding=table.encoding.name,
        )
        yield warn(line, message, "encoding.replaced")
    for line in table.nul:
        yield warn(line, Message("The line held NUL characters, which were left out."), "encoding.nul")
    for row in table.lone_quotes:
        message = Message(
            "A quotation mark opens a cell in this row and does not close it. The mark was left out, and each line was "
            "read as a row."
        )
        yield warn(row, message, "quotes.lone")
    for row in table.open_quotes:
        message = Message(
            "A quotation mark opens a cell in this row and closes it only in a later line, before more text. Lines "
            "between may be rows of their own: look at the quotation marks."
        )
        yield warn(row, message, "quotes")
    if table.uneven is not None:
        yield from _of_uneven_rows(table.uneven, warn)


def _of_uneven_rows(uneven: EvenedRows, warn: Callable[[int, Message, str], Problem]) -> Iterator[Problem]:
    for row in uneven.joined:
        message = Message("A cell has line breaks and no quotation marks around it; its lines were read as one row.")
        yield warn(row, message, "uneven.joined")
    for row in uneven.torn:
        message = Message(
            "The row and the next ones have as many cells together as the header has. If a line break tore them apart, "
            "put quotation marks around that cell."
        )
        yield warn(row, message, "uneven.torn")
    for row in uneven.wide:
        message = Message(
            "The row has more cells than the header; they may stand in wrong columns. A cell with the delimiter in it "
            "needs quotation marks around it."
        )
        yield warn(row, message, "uneven.wide")


def _open_binary(
    path: Path,
    container: Container,
    options: ReadOptions,
    known: Callable[[str], bool] | None,
    check: Callable[[], None] | None,
    first: FirstRows | None = None,
) -> Workbook:
    source = _source(path, container, check, first)
    workbook = Workbook(path, container.kind, options)
    for name, hidden in source.sheets():
        details = container.details.get(name) or SheetDetails()
        load = _loader(source, name, details)
        workbook.sheets.append(Sheet(name_as_text(path), name, options, load, hidden, known, details=details))
    _take_marks(workbook)
    if not workbook.sheets:
        raise FileProblem(Message("{file} has no sheet with cells.", file=name_as_text(path)))
    return workbook


def _take_marks(workbook: Workbook) -> None:
    """Takes the hidden sheet of a marked copy out of the sheets, and gives them what it says."""
    for sheet in [one for one in workbook.sheets if one.name == MARKS_SHEET and one.hidden]:
        marks = marks_of(sheet.rows, cell_text)
        if marks is not None:
            workbook.sheets.remove(sheet)
            workbook.keep_marks(marks)


def _source(
    path: Path, container: Container, check: Callable[[], None] | None, first: FirstRows | None
) -> WorkbookProcess | _Parsed:
    """What reads the cells: another process where it takes long."""
    named = name_as_text(path, str(path)) == str(path)  # the parser takes only names that are text
    if container.anew is None and named and path.stat().st_size >= APART:
        return WorkbookProcess(path, check, first)
    return _Parsed(path, container, named)


class _Parsed:
    """A workbook that the parser has opened."""

    def __init__(self, path: Path, container: Container, named: bool) -> None:
        from python_calamine import CalamineWorkbook

        self._path = path
        with self._words():
            if container.anew is not None:
                self._book = CalamineWorkbook.from_filelike(container.anew)
            elif named:
                self._book = CalamineWorkbook.from_path(str(path))
            else:
                with regular_files.opened(path) as file:
                    self._book = CalamineWorkbook.from_filelike(file)

    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the worksheets, and whether each is hidden."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        found = (meta for meta in self._book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet)
        return [(meta.name, meta.visible != SheetVisibleEnum.Visible) for meta in found]

    def cells(self, name: str) -> Loaded:
        """The rows of a sheet, equally long, and what is merged. Raises FileProblem."""
        with self._words():
            sheet = self._book.get_sheet_by_name(name)
            return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []

    def _words(self) -> _Damaged:
        from python_calamine import CalamineError, PasswordError

        return _Damaged(self._path, PasswordError, CalamineError)


def _loader(source: WorkbookProcess | _Parsed, name: str, details: SheetDetails) -> Callable[[], Loaded]:
    def load() -> Loaded:
        rows, merged = source.cells(name)
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
                if meaning.kind == "condition":
                    if isinstance(number, date):
                        rows[row][column] = number_instead(number, meaning)
                elif meaning.kind in ("month", "year"):
                    if isinstance(number, date):
                        rows[row][column] = without_day(number, meaning)
                elif type(number) is float or type(number) is int:
                    if number not in known:
                        known[number] = shown(float(number), meaning)
                    rows[row][column] = known[number]


def _xls_container(path: Path, data: bytes) -> Container:
    try:
        details, honest = xls_details.details_of(data)
        return Container("xls", details, io.BytesIO(honest) if honest is not None else None)
    except (BrokenFile, xls_details.ImpossibleCells) as error:
        raise FileProblem(
            Message("{file} is damaged, or is not the spreadsheet it seems to be.", file=name_as_text(path))
        ) from error


def _refuse_encrypted(path: Path, data: bytes) -> None:
    """An encrypted xlsx is an OLE container with a stream of this name, which its directory holds in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileProblem(
            Message("{file} is protected by a password. Save it without one first.", file=name_as_text(path))
        )


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
