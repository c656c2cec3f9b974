"""Checking: a mapped sheet becomes a reading, with every problem of every row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, UserError
from cmdb.model.messages import Message, counted, tr
from cmdb.model.observation import Origin, Problem, Reading, Source
from cmdb.model.revision import now
from cmdb.model.schema import Attribute, Schema, fold
from importers.importer import ForeignFile, Options
from importers.spreadsheets.cells.cell_findings import ColumnContext
from importers.spreadsheets.cells.plain_texts import exact_texts
from importers.spreadsheets.cells.table import SheetTable, WaitingWord
from importers.spreadsheets.columns.foreign_columns import class_column_of
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.columns.mapping import Mapping, apply_mapping
from importers.spreadsheets.layout.rows import leave_taken_out, select_rows
from importers.spreadsheets.layout.sheet_tables import tables_of
from importers.spreadsheets.meaning.mapper import map_columns
from importers.spreadsheets.meaning.mapping_checks import does_not_fit, shares_columns, unknown_in
from importers.spreadsheets.records.class_rows import read_class_rows
from importers.spreadsheets.records.link_rows import read_field_rows
from importers.spreadsheets.records.row_classes import unknown_words
from importers.spreadsheets.records.section_sheets import read_section_rows
from importers.spreadsheets.sheets.opening import open_file
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.sheet_remarks import remarks_of
from importers.spreadsheets.sheets.table_area import TableArea
from importers.spreadsheets.sheets.workbook import Sheet, Workbook


@dataclass(slots=True)
class SheetReading(Reading):
    """A reading of one sheet, with what its rejects file needs besides."""

    file: str = ""
    sheet: str = ""
    headers: list[str] = field(default_factory=list)
    kind: str = "class"
    cls: str = ""
    """The class of its rows; "" if a column has it."""
    tool: str = ""
    """The table of another tool that it is, by its key."""
    header_row: int = 0
    encoding: str = ""
    """Of a text table; "" of a workbook's sheet, as the two below."""
    encoding_confidence: float = 1.0
    delimiter: str = ""
    area: TableArea | None = None
    """Where its table stands, of a sheet with several."""
    path: Path | None = None
    options: ReadOptions | None = None
    """How its file was opened."""
    mapping: Mapping | None = None
    formats: dict[int, tuple[Attribute, ColumnContext]] = field(default_factory=dict)
    """Column → what it was read as, and in which format, of dates and numbers."""
    waiting: list[WaitingWord] = field(default_factory=list)
    """Words for classes whose rows wait for a decision."""
    rows_of: dict[int, list[int]] = field(default_factory=dict)
    """First row → all rows of a record, where a sheet has several for one."""

    def holds(self, origin: Origin) -> bool:
        """Whether a row was read by it."""
        if (self.file, self.sheet) != (origin.file, origin.sheet):
            return False
        return self.area is None or self.area.holds(origin.row, origin.columns)


def check(
    sheet: Sheet,
    mapping: Mapping,
    schema: Schema,
    options: ReadOptions | None = None,
    observed_at: str = "",
    control: Control | None = None,
    *,
    asks: bool = False,
) -> SheetReading:
    """Reads every row of a sheet. Rows with an error are rejected whole and kept; warnings reject nothing.

    ``asks``: rows of which only a person can tell the class wait instead of being rejected (``waiting``). Raises
    FileProblem where the mapping cannot be used at all (``mapping.problem``), Cancelled between two columns.
    """
    if mapping.problem:
        raise FileProblem(mapping.problem)
    options = options or sheet.options
    body = select_rows(sheet, mapping)
    leave_taken_out(sheet, body, mapping)
    name = sheet.marks.file if sheet.marks is not None and sheet.marks.file else sheet.file
    source = Source("person") if mapping.exported else Source("sheet", name)
    says_class = class_column_of(mapping) >= 0
    reading = SheetReading(source, observed_at or now(), file=sheet.file, sheet=sheet.name, kind=mapping.kind)
    reading.headers, reading.cls = list(sheet.headers), "" if says_class else mapping.cls
    reading.header_row = sheet.header_row
    if sheet.text:
        reading.encoding, reading.encoding_confidence = sheet.options.encoding, sheet.encoding_confidence
        reading.delimiter = sheet.options.delimiter
    reading.unmapped, reading.area, reading.mapping = mapping.unmapped, sheet.area, mapping
    reading.tool, reading.strict = mapping.tool, options.strict
    reading.read = len(body.rows)
    table = SheetTable(
        sheet,
        mapping,
        schema,
        options,
        body.numbers,
        body.rows,
        control=control or Control(),
        asks=asks,
        beside=body.taken,
    )
    table.problems, table.groups = _of_columns(sheet, mapping) + body.problems, body.groups
    if mapping.kind == "class":
        read_class_rows(table, reading)
    elif mapping.kind == "section":
        reading.rows_of = read_section_rows(table, reading)
    else:
        read_field_rows(table, reading)
    _finish(table, reading)
    return reading


def _of_columns(sheet: Sheet, mapping: Mapping) -> list[Problem]:
    """Problems of the columns themselves."""
    found: list[Problem] = []

    def warn(column: str, message: Message, kind: str, code: str = "", row: int = sheet.header_row) -> None:
        found.append(
            Problem(
                sheet.file, sheet.name, row, column, "", message, "warning", kind, code=code, columns=sheet.columns
            )
        )  # fmt: skip

    if mapping.remark:
        warn("", mapping.remark, "header", "mapping.unknown")
    first: dict[str, str] = {}
    for one in mapping.columns:
        word = fold(one.header)
        if one.role == "unmapped" and one.note:
            message = Message("{problem} This one was not used.", problem=one.note)
            warn(one.header, message, "header", "header.unused")
        elif word and word in first and sheet.headers[one.index]:
            message = Message("Two columns are called {column}.", column=one.header)
            warn(one.header, message, "header", "header.twice")
        first.setdefault(word, one.header)
    return [*found, *remarks_of(sheet)]


def _finish(table: SheetTable, reading: SheetReading) -> None:
    """Separates the rejected rows and sorts the problems."""
    headers = table.sheet.headers
    for index in sorted(table.rejected):
        cells = exact_texts(table.rows[index], table.formats)
        reading.rejects.append((table.origin(index), cells, table.rejected[index]))
    order = {header: index for index, header in enumerate(headers)}
    reading.problems = sorted(table.problems, key=lambda p: (p.row, order.get(p.column, len(order))))
    reading.rejected = len(reading.rejects)
    reading.waiting, reading.formats = table.waiting, table.formats


def read_files(
    paths: Sequence[str | Path], schema: Schema, options: Options | None = None, control: Control | None = None
) -> list[SheetReading]:
    """Every sheet of every file straight through: opened, mapped, checked.

    Without ``options.sheet`` hidden and empty sheets are skipped. A sheet without recognised columns gives a warning if
    another sheet has some. Of a marked copy only the rows are read that were not taken in, or were changed since, if
    ``options.applied`` says that the others are in the register. Raises FileProblem for a file that cannot be read or
    has nothing to import, UserError where none fits the stated mapping, Cancelled.
    """
    options = options or Options()
    words = HeaderWords(schema)
    check_on = control.check if control is not None else None
    workbooks = (open_file(path, options.reading, words.knows, check_on) for path in paths)
    return read_workbooks(workbooks, words, options, control)


def read_workbooks(
    workbooks: Iterable[Workbook], words: HeaderWords, options: Options, control: Control | None = None
) -> list[SheetReading]:
    """As ``read_files``, for files that are open."""
    schema = words.schema
    if options.mapping is not None and (problem := unknown_in(options.mapping, schema)):
        raise UserError(problem)
    readings: list[SheetReading] = []
    skipped: list[tuple[Sheet, Message]] = []
    hidden: list[Sheet] = []
    moment = now()
    for workbook in workbooks:
        if workbook.marks is not None and not (options.applied is not None and options.applied(workbook.marks)):
            workbook.keep_marks(workbook.marks.none_taken())
        wanted = [workbook.sheet(options.sheet)] if options.sheet else [s for s in workbook.sheets if not s.hidden]
        if not options.sheet and workbook.marks is None:
            hidden += [one for one in workbook.sheets if one.hidden and not _is_ours(one.name)]
        for whole in wanted:
            if control is not None:
                control.progress(len(readings), 0, Message("{file}, {sheet}", file=whole.file, sheet=whole.name))
            if whole.empty:
                skipped.append((whole, Message("{file}, {sheet} is empty.", file=whole.file, sheet=whole.name)))
                continue
            for one in [whole] if workbook.kind == "json" else tables_of(whole, words):
                use, asks = _mapped(one, options, words)
                if use.problem:
                    skipped.append((one, use.problem))
                else:
                    readings.append(check(one, use, schema, options.reading, moment, control, asks=asks))
                    if workbook.kind != "json":
                        readings[-1].path, readings[-1].options = workbook.path, options.reading
                    one.forget()
            if readings:
                whole.forget()
    if not readings and options.mapping is not None:
        told = _nothing(skipped)
        changed = any(shares_columns(options.mapping, one) for one, _ in skipped)  # it concerns all files of the import
        raise UserError(*told) if changed else ForeignFile(*told)
    if not readings and hidden and not skipped:
        raise FileProblem(Message("All sheets of {file} are hidden. Name one (--sheet).", file=hidden[0].file))
    if not readings:
        raise FileProblem(*_nothing(skipped))
    for one, why in skipped:
        if not one.empty:
            readings[0].problems.append(_not_read(one, why))
    readings[0].problems.extend(map(_hidden, hidden))
    return readings


def _is_ours(name: str) -> bool:
    """Whether a hidden sheet is the one in which exports and templates keep the choices of their drop-downs."""
    return name.startswith(("Choices", tr("Choices")))


def _hidden(sheet: Sheet) -> Problem:
    message = Message("The sheet is hidden and was not read. Name it to read it (--sheet).")
    return Problem(sheet.file, sheet.name, 0, "", "", message, "warning", "hidden", code="hidden.sheet")


def _mapped(one: Sheet, options: Options, words: HeaderWords) -> tuple[Mapping, bool]:
    """The meaning of a table's columns, and whether rows whose class only a person can tell wait.

    What is stated for a sheet is not for a table of something else in it.
    """
    schema, cls, mapping, saved = words.schema, options.cls, options.mapping, options.saved
    if mapping is not None and (one.area is None or _fits_mostly(mapping, one)):
        if problem := does_not_fit(mapping, one):
            if _fits_mostly(mapping, one):
                raise UserError(problem)
            return Mapping("", problem=problem), False
        use = apply_mapping(mapping, one)
        if options.answers is None:
            return use, False
        asked = [word.word for word in unknown_words(one, use, schema)]
        for word, answer in options.answers(use, asked).items() if asked else ():
            use = use.settle(word, answer)
        return use, True
    if one.area is not None and cls and cls in schema.classes:
        use = map_columns(one, schema, None, saved)
        if not use.problem and (use.kind != "class" or not words.related(use.cls, cls)):
            return use, False
        if words.fits(cls, one.headers) < min(2, len([h for h in one.headers if h])):
            return use, False
    return map_columns(one, schema, cls or None, saved), False


def _fits_mostly(mapping: Mapping, sheet: Sheet) -> bool:
    """Whether most columns of a table are those of a mapping."""
    known, headers = {fold(c.header) for c in mapping.columns}, [fold(h) for h in sheet.headers if h]
    return sum(header in known for header in headers) * 2 > len(headers)


def _not_read(one: Sheet, why: Message) -> Problem:
    """What is said of a sheet, or of one of its tables, that is left out; of a table it is an error."""
    if one.area is None:
        message = Message("{problem} The sheet was not read.", problem=why)
        return Problem(one.file, one.name, 0, "", "", message, "warning", "sheet")
    message = Message("{problem} The table was not read.", problem=why)
    return Problem(one.file, one.name, one.header_row, "", "", message, "error", "sheet", columns=one.columns)


def _nothing(skipped: list[tuple[Sheet, Message]]) -> tuple[Message, tuple[Message, ...]]:
    if not skipped:
        return Message("There is no sheet to import."), ()
    told = [why for one, why in skipped if not one.empty]
    if not told and len(skipped) > 1:
        return Message("All sheets of {file} are empty.", file=skipped[0][0].file), ()
    told = told or [why for _, why in skipped]
    more = len(told) - _TOLD
    rest = [counted("{count} more sheet.", "{count} more sheets.", more)] if more > 0 else []
    return told[0], (*told[1:_TOLD], *rest)


#: The most sheets whose reasons are told where none can be read.
_TOLD = 3
