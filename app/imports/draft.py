"""An import before it is applied: the opened files, the meaning of their sheets, and the corrected cells.

It uses neither Qt nor the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.imports.packed_folders import PackedFolder, unpacked
from app.signatures import signed_files
from app.signatures.signed_files import TrustedKeys
from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Problem, Reading
from cmdb.model.regular_files import unchanged
from cmdb.model.revision import now
from cmdb.model.schema import Schema
from cmdb.model.shared_values import SharedValues
from importers.importer import Importer, Options
from importers.registry import all_importers
from importers.spreadsheets.cells.plain_texts import exact_texts
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.columns.mapping import Mapping
from importers.spreadsheets.columns.problem_columns import column_of
from importers.spreadsheets.layout.sheet_tables import tables_of
from importers.spreadsheets.meaning.mapper import map_columns
from importers.spreadsheets.meaning.saved_mappings import latest_for
from importers.spreadsheets.sheet_checks import SheetReading, check
from importers.spreadsheets.sheets.marks import Marks
from importers.spreadsheets.sheets.opening import open_file
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.workbook import Sheet, Workbook, cell_text
from importers.spreadsheets.sheets.workbook_process import FirstRows

if TYPE_CHECKING:
    from cmdb.model.observation import Origin


@dataclass(frozen=True, slots=True)
class DetectedFormats:
    """The formats of a sheet's dates and numbers, found from its cells; ``None`` where the cells don't show it."""

    day_first: bool | None = None
    decimal_comma: bool | None = None


@dataclass(eq=False)
class SheetDraft:
    """A sheet of an opened file, or one of its tables. ``reading`` is None while it has to be checked (again)."""

    file: FileDraft
    sheet: Sheet
    mapping: Mapping
    detected: DetectedFormats = DetectedFormats()
    taken: bool = True
    clear_blanks: bool = False
    strict: bool = False
    """Whether a cell that can't be read rejects its row also where the row could do without it."""
    mends: dict[tuple[int, int], tuple[Any, str]] = field(default_factory=dict)
    """(Row as shown, column index) → the cell in the file, and the text that the person replaced it with."""
    reading: SheetReading | None = None
    version: int = 0
    """Grows with every change that makes the reading another one."""

    @property
    def name(self) -> str:
        """The sheet's name, of one of its tables with where it stands; the file's name if it has only one sheet."""
        return self.sheet.label if len(self.file.sheets) > 1 else self.file.path.name

    @property
    def rows(self) -> int:
        """Rows below the header."""
        return max(len(self.sheet.rows) - self.sheet.header_row, 0) if self.sheet.header_row else 0

    @property
    def options(self) -> ReadOptions:
        """The options for reading the sheet."""
        return replace(self.sheet.options, clear_blanks=self.clear_blanks, strict=self.strict)

    def samples(self, index: int, most: int = 3) -> list[str]:
        """Some different values of a column."""
        found: dict[str, None] = {}
        first = self.sheet.header_row
        for row in self.sheet.rows[first : first + 200]:
            text = " ".join(cell_text(row[index]).split())
            if text:
                found[text] = None
            if len(found) >= most:
                break
        return list(found)

    def use(self, mapping: Mapping) -> None:
        """Another mapping; the sheet has to be checked again."""
        self.mapping = mapping
        self.changed()

    def changed(self) -> None:
        """The sheet has to be checked again; a check that is under way is of no use any more."""
        self.version += 1
        self.reading = None

    def cell(self, row: int, index: int) -> str:
        """A cell as text; ``row`` as shown."""
        return cell_text(self.sheet.rows[row - 1][index])

    def mend(self, row: int, index: int, text: str) -> None:
        """Replaces a cell by another text."""
        as_read = self.mends[(row, index)][0] if (row, index) in self.mends else self.sheet.rows[row - 1][index]
        self.mends[(row, index)] = (as_read, text)
        self.sheet.rows[row - 1][index] = text
        self.changed()

    def restore(self, row: int, index: int, cell: Any, mend: tuple[Any, str] | None) -> None:
        """Puts a cell and its entry in ``mends`` back as they were before a correction."""
        self.sheet.rows[row - 1][index] = cell
        if mend is None:
            self.mends.pop((row, index), None)
        else:
            self.mends[(row, index)] = mend
        self.changed()

    def alike(self, index: int, text: str) -> list[int]:
        """The rows (as shown) with the same text in a column."""
        first = self.sheet.header_row + 1
        return [first + i for i, row in enumerate(self.sheet.body) if cell_text(row[index]) == text]

    def forget_mends(self) -> None:
        """Takes all corrections back: every cell is as the file holds it."""
        for (row, index), (as_read, _) in self.mends.items():
            self.sheet.rows[row - 1][index] = as_read
        self.mends.clear()
        self.changed()

    def column_of(self, problem: Problem, schema: Schema) -> int:
        """The column of a problem, found by its header or by the attribute it is mapped to; -1 for none."""
        return column_of(self.mapping, problem.column, schema)


@dataclass(eq=False)
class FileDraft:
    """One opened file: a workbook with its sheets, or another format's readings."""

    path: Path
    label: str
    workbook: Workbook | None = None
    sheets: list[SheetDraft] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)
    """Encoding and delimiter, if the person chose them."""
    folder: PackedFolder | None = None
    """The packed folder that it is of: it stays unpacked as long as the file may be read again."""

    @property
    def place(self) -> Path:
        """The file that a person named or a folder holds: of a packed folder, that one."""
        return self.path if self.folder is None else self.folder.path

    @property
    def text(self) -> bool:
        """Whether it is a table in a text file, with an encoding and a delimiter."""
        return self.workbook is not None and self.workbook.kind == "text"


Failure = tuple[Path, Exception]


def open_files(
    control: Control,
    paths: Sequence[Path],
    schema: Schema,
    saved: Sequence[Mapping],
    plugins: Iterable[Importer] = (),
    applied: Callable[[Marks], bool] | None = None,
    first: FirstRows | None = None,
    trusted: TrustedKeys | None = None,
) -> tuple[list[FileDraft], list[Failure]]:
    """Opens files, each recognised by its content; returns them, and those that failed with the reason. A job.

    ``applied`` says whether the rows that a marked copy remembers are in the register; otherwise all are read.
    ``first`` gets the first rows of large sheets while they are read. ``trusted`` are the estate's keys for scans.
    """
    opened = unpacked(paths, control)
    paths = signed_files.without_signatures(opened.files)
    known = all_importers(plugins)
    found: list[FileDraft] = []
    failed: list[Failure] = [*opened.refused]
    values = SharedValues()
    for number, path in enumerate(paths):
        control.progress(number, len(paths), Message("Opening {file}", file=path.name))
        try:
            with unchanged(path):
                one = _open(path, schema, saved, known, control, applied, first)
                signed_files.check(path, one.readings, trusted or TrustedKeys(), opened.signature_of(path))
            one.folder = opened.folders.get(path)
            for reading in one.readings:
                reading.pack(values)
            found.append(one)
        except UserError as error:
            control.check()
            failed.append((path, error.with_traceback(None)))  # its frames would keep what was opened
    return found, failed


def _open(
    path: Path,
    schema: Schema,
    saved: Sequence[Mapping],
    known: Sequence[Importer],
    control: Control,
    applied: Callable[[Marks], bool] | None,
    first: FirstRows | None,
) -> FileDraft:
    from app import import_proposal

    importer = import_proposal.recognise(path, known)
    if importer.name == "spreadsheet":
        return open_workbook(path, ReadOptions(), schema, saved, applied, control, first)
    readings = importer.read(path, schema, Options(), control)
    return FileDraft(path, str(importer.label), readings=list(readings))


def open_workbook(
    path: Path,
    options: ReadOptions,
    schema: Schema,
    saved: Sequence[Mapping],
    applied: Callable[[Marks], bool] | None = None,
    control: Control | None = None,
    first: FirstRows | None = None,
) -> FileDraft:
    """Opens a spreadsheet and maps its sheets; ``first`` gets the first rows of large ones. Raises FileProblem,
    Cancelled.
    """
    words = HeaderWords(schema)
    workbook = open_file(path, options, words.knows, control.check if control is not None else None, first)
    if workbook.marks is not None and not (applied is not None and applied(workbook.marks)):
        workbook.keep_marks(workbook.marks.none_taken())
    draft = FileDraft(path, tr("Spreadsheet"), workbook)
    for sheet in workbook.sheets:
        if not sheet.empty:
            draft.sheets += [_sheet(draft, one, schema, saved) for one in tables_of(sheet, words)]
    if not draft.sheets:
        draft.sheets = [SheetDraft(draft, one, Mapping(""), taken=False) for one in workbook.sheets[:1]]
    return draft


def _sheet(file: FileDraft, sheet: Sheet, schema: Schema, saved: Iterable[Mapping]) -> SheetDraft:
    mapping = map_columns(sheet, schema, None, latest_for(sheet, schema, saved))
    draft = SheetDraft(file, sheet, mapping, taken=not sheet.hidden and _promising(file, sheet, mapping))
    draft.detected = detect(draft, schema)
    return draft


def _promising(file: FileDraft, sheet: Sheet, mapping: Mapping) -> bool:
    """Whether a sheet can be imported, possibly after the person has chosen what its rows are."""
    known = sum(1 for column in mapping.columns if column.role not in ("unmapped", "ignored"))
    lone = file.workbook is not None and len(file.workbook.sheets) == 1 and sheet.area is None
    return not mapping.problem or known > 1 or lone


def detect(draft: SheetDraft, schema: Schema) -> DetectedFormats:
    """Finds the order of dates and the decimal mark from a sheet's cells."""
    sheet = draft.sheet
    first = sheet.header_row + 1
    body = sheet.body[:5_000]
    plain = replace(sheet.options, day_first=None, decimal_comma=None)
    table = SheetTable(sheet, draft.mapping, schema, plain, list(range(first, first + len(body))), body)
    context = table.settled
    return DetectedFormats(context.day_first if context.sure else None, context.decimal_comma)


def change_options(
    draft: SheetDraft, schema: Schema, saved: Sequence[Mapping], control: Control | None = None, **changes: Any
) -> SheetDraft:
    """Reads a sheet with other options: encoding and delimiter apply to its whole file, the others only to the sheet.

    Corrected cells are kept if the rows are the same. If it raises FileProblem or Cancelled, nothing is changed.
    """
    if "encoding" in changes or "delimiter" in changes:
        return _reopened(draft, schema, saved, changes, control)
    sheet = replace(draft.sheet, options=replace(draft.sheet.options, **changes))
    for (row, index), (_, text) in draft.mends.items():
        sheet.rows[row - 1][index] = text
    headers = sheet.headers  # raises FileProblem for a row that does not exist
    if headers != draft.sheet.headers:
        draft.mapping = map_columns(sheet, schema, None, latest_for(sheet, schema, saved))
    draft.sheet = sheet
    draft.detected = detect(draft, schema)
    draft.changed()
    return draft


def _reopened(
    draft: SheetDraft, schema: Schema, saved: Sequence[Mapping], changes: dict[str, Any], control: Control | None
) -> SheetDraft:
    file = draft.file
    assert file.workbook is not None
    asked = {**file.asked, **changes}
    opened = open_workbook(file.path, replace(ReadOptions(), **asked), schema, saved, control=control)
    file.asked = asked
    file.workbook, file.sheets = opened.workbook, opened.sheets
    for one in file.sheets:
        one.file = file
        one.clear_blanks = draft.clear_blanks
        one.strict = draft.strict
    return file.sheets[0]


def change_class(draft: SheetDraft, schema: Schema, cls: str) -> None:
    """Sets what a sheet's rows are: a class, or "relationship", "installation", "assignment". Raises UserError."""
    draft.use(map_columns(draft.sheet, schema, cls))
    draft.detected = detect(draft, schema)


def check_sheets(control: Control, sheets: Sequence[SheetDraft], schema: Schema) -> None:
    """Reads every row of the sheets that were not checked yet, or were changed since. A job."""
    moment = now()
    waiting = [one for one in sheets if one.reading is None]
    for number, one in enumerate(waiting):
        control.progress(number, len(waiting), Message("Checking {sheet}", sheet=one.name))
        version = one.version
        reading = check(one.sheet, one.mapping, schema, one.options, moment, control)
        if one.file.workbook is not None:
            reading.path, reading.options = one.file.path, one.file.workbook.options
        if one.version == version:
            one.reading = reading
    control.check()


def row_cells(sheets: Iterable[SheetDraft], origin: Origin) -> list[tuple[str, str]]:
    """The present cells of a row as (header, text); empty where the row is of none of the sheets."""
    for one in sheets:
        if one.sheet.holds(origin.file, origin.sheet, origin.row, origin.columns):
            row = one.sheet.rows[origin.row - 1]
            return [(one.sheet.column(i), cell_text(cell)) for i, cell in enumerate(row)]
    return []


def reject_cells(sheets: Iterable[SheetDraft], origin: Origin) -> list[str]:
    """The present cells of a row as texts for a file of rejected rows; empty where the row is of none of the sheets."""
    for one in sheets:
        if one.sheet.holds(origin.file, origin.sheet, origin.row, origin.columns):
            return exact_texts(one.sheet.rows[origin.row - 1], one.reading.formats if one.reading is not None else ())
    return []
