"""Tables as xlsx workbooks, with what a person needs to work on in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

from cmdb.model.currencies import digits, places
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message, tr
from importers.tables.cells import escape_typed, fits_number_cell
from importers.tables.model import LONGEST, Column, Table, currency_places
from importers.tables.printing import set_up_printing

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1_048_575
_LOOK = 60
_WIDEST = 60
#: Rows below the last that have drop-downs, too, for records that are added.
_SPARE = 1000
_INLINE = 255
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_DAY_0 = date(1899, 12, 30)
_FORMATS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0", "text": "@", "choice": "@", "reference": "@"}


def write_xlsx(file: BinaryIO, tables: Sequence[Table], spare: int = _SPARE) -> None:
    """One sheet per table: typed cells, frozen header with filters, widths, drop-downs, hidden ids and base hashes."""
    with workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        notes = [table.note for table in tables if table.note]
        title = {"title": tables[0].title} if tables else {}
        book.set_properties({**title, "comments": notes[0] if notes else ""})
        used: set[str] = set()
        lists = _Lists(book)
        formats: dict[str, Format] = {}
        for table in tables:
            _write_sheet(book, book.add_worksheet(sheet_name(table.title, used)), table, formats, lists, spare)
        if not tables:
            book.add_worksheet(tr("Empty"))
        lists.write(used)


@contextmanager
def workbook(file: BinaryIO, options: dict[str, bool]) -> Iterator[Workbook]:
    """A workbook that is written into the file when the block ends. Raises OSError."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Its parts are files at first; where it fails on the way, they would stay.
    with tempfile.TemporaryDirectory(prefix="terrier-", ignore_cleanup_errors=True) as folder:
        book = xlsxwriter.Workbook(file, {**options, "tmpdir": folder})
        try:
            yield book
            book.close()
        except FileCreateError as error:
            raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from error
        finally:
            for sheet in book.worksheets():  # what failed on the way left them open
                with suppress(OSError):
                    if sheet.row_data_fh is not None:
                        sheet.row_data_fh.close()


def sheet_name(title: str, used: set[str]) -> str:
    """A name that the formats allow and no other sheet has: at most 31 characters, no brackets, colons or slashes."""
    name = "".join(" " if c in "[]:*?/\\" or ord(c) < 32 else c for c in title).strip(" '")[:31].strip() or tr("Table")
    if name.casefold() == "history":
        name = f"{name} 1"  # spreadsheet programs keep this name for themselves
    stem, number = name, 2
    while name.casefold() in used:
        name, number = f"{stem[:27]} {number}", number + 1
    used.add(name.casefold())
    return name


class _Lists:
    """Drop-downs that are too long for a cell's rule are on a hidden sheet."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._name = sheet_name(tr("Choices"), set())
        self._places: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> Any:
        """The source of a drop-down with these choices."""
        if len(",".join(choices)) <= _INLINE and not any("," in c for c in choices):
            return list(choices)
        column = self._places.setdefault(choices, len(self._places))
        from xlsxwriter.utility import xl_col_to_name

        letters = xl_col_to_name(column, True)
        return f"='{self._name}'!{letters}$1:{letters}${len(choices)}"

    def write(self, used: set[str]) -> None:
        """Adds the hidden sheet, if it has content."""
        if not self._places:
            return
        sheet = self._book.add_worksheet(
            self._name if self._name.casefold() not in used else sheet_name(self._name, used)
        )
        sheet.hide()
        for row in range(max(map(len, self._places))):
            for choices, column in self._places.items():
                if row < len(choices):
                    sheet.write_string(row, column, choices[row])


def _write_sheet(
    book: Workbook, sheet: Worksheet, table: Table, formats: dict[str, Format], lists: _Lists, spare: int
) -> None:
    columns, hidden = list(table.columns), table.hidden()
    head = formats.setdefault("head", book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1}))
    lines = table.lines(LONGEST)
    first = list(islice(lines, _LOOK))
    widths = [_width(column, index, first) for index, column in enumerate(columns)]
    set_up_printing(sheet, widths, title=table.title, foot=table.note)
    for index, column in enumerate([*columns, *hidden]):
        sheet.write_string(0, index, column.header, head)
        if index < len(columns):
            sheet.set_column(index, index, widths[index], _format(book, formats, column, ""))
            if column.note:
                sheet.write_comment(0, index, column.note, {"x_scale": 1.6})
        else:
            sheet.set_column(index, index, 12, None, {"hidden": True})
    rows = _write_rows(book, sheet, [*columns, *hidden], chain(first, lines), formats)
    sheet.freeze_panes(1, 1 if columns else 0)
    if columns:
        sheet.autofilter(0, 0, max(rows, 1), len(columns) + len(hidden) - 1)
    last = min(_ROWS, rows + spare)
    for index, column in enumerate(columns):
        if column.choices and last:
            rule = {"validate": "list", "source": lists.source(column.choices), "error_type": "warning"}
            sheet.data_validation(1, index, last, index, rule)


def _write_rows(
    book: Workbook, sheet: Worksheet, columns: Sequence[Column], lines: Iterable[list[Any]], formats: dict[str, Format]
) -> int:
    currencies = currency_places(columns)
    plain = [_format(book, formats, c, "") for c in columns]
    quoted = [_format(book, formats, c, "quoted") for c in columns]
    days: dict[str, int | None] = {}
    number = 0
    for number, line in enumerate(lines, 1):
        if number > _ROWS:
            raise FileProblem(Message("A sheet has room for {number} rows. Export fewer, or as csv.", number=_ROWS))
        for index, cell in enumerate(line):
            if cell is None:
                continue
            if isinstance(cell, str):
                if columns[index].type == "date":
                    if cell not in days:
                        days[cell] = _day_number(cell)
                    day = days[cell]
                    if day is not None:
                        sheet.write_number(number, index, day, plain[index])
                        continue
                form = quoted[index] if cell.startswith(_DANGEROUS) else plain[index]
                sheet.write_string(number, index, escape_typed(cell), form)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, index, cell, plain[index])
            elif not fits_number_cell(cell):
                sheet.write_string(number, index, digits(cell), plain[index])
            elif columns[index].type == "money":
                currency = str(line[currencies[index]] or "") if index in currencies else ""
                form = _format(book, formats, columns[index], "", places(cell, currency))
                sheet.write_number(number, index, cell, form)
            else:
                sheet.write_number(number, index, cell, plain[index])
    return number


def _day_number(text: str) -> int | None:
    """The number of a day in a workbook; None where the text is no day, or one before those of spreadsheet programs."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (day - _DAY_0).days if day.year >= 1901 else None


def _format(
    book: Workbook, formats: dict[str, Format], column: Column, kind: str, decimals: int | None = None
) -> Format:
    """The format of a column's cells; an amount has the ``decimals`` of its currency."""
    pattern = _FORMATS.get(column.type, "General")
    if decimals is not None:
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    key = f"{pattern} {kind}"
    if key not in formats:
        values: dict[str, Any] = {"num_format": pattern, "valign": "top"}
        if kind == "quoted":  # as if typed after an apostrophe: it stays text when the cell is edited
            values["quote_prefix"] = True
        formats[key] = book.add_format(values)
    return formats[key]


def _width(column: Column, index: int, first: Sequence[Sequence[Any]]) -> float:
    if column.width:
        return column.width
    longest = max((len(str(row[index])) for row in first if row[index] is not None), default=0)
    return min(_WIDEST, max(len(column.header) + 4, longest + 2, 11 if column.type == "date" else 8))
