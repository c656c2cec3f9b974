"""A person's own workbook, marked: what was rejected or is in doubt in colour, with notes and choices.

The copy is mended in any spreadsheet program and imported again: it remembers which rows were taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import structs

from app.decision_kinds import CLASS
from app.imports.draft import FileDraft
from cmdb.model.errors import FileProblem, NotFound, UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message
from cmdb.model.observation import Origin, Problem
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.columns.problem_columns import column_of
from importers.spreadsheets.layout.rows import fill_merged
from importers.spreadsheets.marking import CellMark, WrittenCell, check_markable, write_marked
from importers.spreadsheets.rejects import Reject, write_rejects
from importers.spreadsheets.sheet_checks import SheetReading
from importers.spreadsheets.sheets.marks import Marks, row_key
from importers.spreadsheets.sheets.opening import open_file
from importers.spreadsheets.sheets.workbook import Sheet, cell_text
from importers.tables.cells import RECORD_HEADER

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation import Proposal
    from cmdb.store.reading.reader import Reader

Severity = Literal["error", "warning"]
#: Cells beyond this number are not marked one by one.
MOST_MARKS = 20_000
_FEW = 8
#: Warnings of rows that are read as they should be: their cells are not marked.
_SETTLED = frozenset(
    (
        "row",
        "totals",
        "merged",
        "blanks",
        "unseen",
        "date-number",
        "rounded",
        "header",
        "sheet",
        "encoding",
        "unit",
        "hidden",
        "duration",
    )
)


@dataclass(frozen=True, slots=True)
class MarkedCopy:
    """What was written."""

    path: Path
    rows: int
    """Rows with marks, or of those that were rejected or went in without a cell."""
    cells: int = 0
    instead: Message | None = None
    """Why it is a file of rejected rows."""


@dataclass(frozen=True, slots=True)
class RecordTag:
    """The record that a row became: its id and asset tag."""

    uid: str
    tag: str = ""


def is_applied(reader: Reader, marks: Marks) -> bool:
    """Whether the rows that a marked copy remembers went into this register, and were not undone since."""
    for uid, number in marks.revisions:
        try:
            header = reader.revision(number)
        except NotFound:
            return False
        if header.id != uid or header.undone_by:
            return False
    return bool(marks.revisions)


def record_tags(reader: Reader, proposal: Proposal) -> dict[Origin, RecordTag]:
    """Row → the record that it became or is."""
    found = {origin: change.uid for change in proposal.changes for origin in change.origins}
    known = reader.by_uid(set(found.values()))
    return {
        origin: RecordTag(uid, str(known[uid].values.get("asset_tag", "")))
        for origin, uid in found.items()
        if uid in known
    }


def write_marked_copy(
    source: Path,
    target: Path,
    proposal: Proposal,
    readings: Iterable[object],
    schema: Schema,
    applied: AppliedRevision | None = None,
    tags: Mapping[Origin, RecordTag] | None = None,
    corrected: Iterable[WrittenCell] = (),
) -> MarkedCopy:
    """Writes a marked copy of a workbook that was read, or a file of its rejected rows where that can't be done.

    ``applied``: the revision that took the other rows in; without it the copy remembers none. With ``tags`` each row's
    asset tag and id are written into it; ``corrected`` cells were corrected since the file was read. Raises
    FileProblem, UserError.
    """
    its = [one for one in readings if isinstance(one, SheetReading) and one.path == source]
    if not its:
        raise UserError(Message("{file} was not read as a spreadsheet, so there is nothing to mark.", file=source.name))
    if target.exists() and target.samefile(source):
        raise UserError(Message("{file} is the workbook itself. Name another file.", file=target.name))
    rejects: list[Reject] = [(o, cells, why) for o, cells, why in proposal.rejects if any(one.holds(o) for one in its)]
    try:
        check_markable(source, target)
        marks = _marks(proposal, its, schema, rejects)
        opened = _tables(source, its, schema)
        written = list(corrected)
        _put(opened, written)
        written += _written(opened, tags or {})
        _put(opened, written)
        again = [*(origin for origin, _, _ in rejects), *_incomplete(proposal), *_waiting(proposal)]
        state = _state(opened, _all_rows(again, its), applied, written)
        write_marked(source, target, marks, state, written)
    except FileProblem as error:
        if target.suffix.casefold() == ".xlsm":
            target = target.with_suffix(".xlsx")
        known = {origin for origin, _, _ in rejects}
        for origin, why in _incomplete(proposal).items():
            if origin not in known and any(one.holds(origin) for one in its):
                rejects.append((origin, [], why))
        return MarkedCopy(target, write_rejects(target, its, schema, rejects), instead=error.message)
    return MarkedCopy(target, len({(mark.sheet, mark.row) for mark in marks}), len(marks))


def write_marked_draft(
    file: FileDraft,
    target: Path,
    proposal: Proposal,
    schema: Schema,
    applied: AppliedRevision | None = None,
    tags: Mapping[Origin, RecordTag] | None = None,
) -> MarkedCopy:
    """As ``write_marked_copy``, for a file that is being imported in the window, with the cells corrected there."""
    readings = [one.reading for one in file.sheets if one.taken and one.reading is not None]
    corrected = [
        WrittenCell(one.sheet.name, row, (one.sheet.area.first_column if one.sheet.area else 0) + index, text)
        for one in file.sheets
        for (row, index), (_, text) in one.mends.items()
    ]
    return write_marked_copy(file.path, target, proposal, readings, schema, applied, tags, corrected)


def _marks(
    proposal: Proposal, readings: Sequence[SheetReading], schema: Schema, rejects: Iterable[Reject]
) -> list[CellMark]:
    """The marks of a workbook: a cell has one for each of its problems."""
    found: list[CellMark] = []
    marked: set[Origin] = set()
    for one in proposal.problems:
        origin = Origin(one.file, one.sheet, one.row, columns=one.columns)
        reading = next((reading for reading in readings if reading.holds(origin)), None)
        if reading is None or one.row <= reading.header_row or (one.severity == "warning" and one.kind in _SETTLED):
            continue
        marked.add(origin)
        colour: Severity = "error" if one.severity == "error" else "warning"
        found.append(_mark(reading, origin, one.column, _text(one), schema, colour, one.suggested))
    for review in proposal.review:
        options = listing([str(option.text) for option in review.options], "unit")
        question = str(Message("{question} Choices: {options}.", question=review.question, options=options))
        for origin in review.origins:
            reading = next((reading for reading in readings if reading.holds(origin)), None)
            if reading is not None:
                column = _class_header(reading) if review.kind == CLASS else ""
                choices = tuple(str(option.text) for option in review.options if option.cls) if column else ()
                found.append(_mark(reading, origin, column, question, schema, "warning", choices))
    for origin, _, reasons in rejects:
        reading = next((reading for reading in readings if reading.holds(origin)), None)
        for row in reading.rows_of.get(origin.row, [origin.row]) if reading is not None else []:
            if reading is not None and structs.replace(origin, row=row) not in marked:
                text = " ".join(map(str, reasons))
                found.append(_mark(reading, structs.replace(origin, row=row), "", text, schema, "error"))
    return found[:MOST_MARKS]


def _class_header(reading: SheetReading) -> str:
    """The column of its rows' classes."""
    uses = reading.mapping.columns if reading.mapping is not None else ()
    return next((use.header for use in uses if use.role == "class"), "")


def _mark(
    reading: SheetReading, origin: Origin, column: str, text: str, schema: Schema, severity: Severity,
    choices: tuple[str, ...] = (),
) -> CellMark:  # fmt: skip
    index = column_of(reading.mapping, column, schema) if reading.mapping is not None else -1
    if index < 0:
        index = next((i for i, header in enumerate(reading.headers) if header), 0)
        choices = ()
    left = reading.area.first_column if reading.area is not None else 0
    return CellMark(reading.sheet, origin.row, left + index, text, severity, choices)


def _text(problem: Problem) -> str:
    """What is wrong, and what would do."""
    accepted = str(problem.accepted) or listing(problem.suggested[:_FEW], "unit")
    if accepted and accepted not in str(problem.message):
        return str(Message("{problem} Accepted: {values}.", problem=problem.message, values=accepted))
    return str(problem.message)


def _tables(source: Path, readings: Sequence[SheetReading], schema: Schema) -> list[tuple[SheetReading, Sheet]]:
    """The tables that were read, opened again."""
    workbook = open_file(source, readings[0].options, HeaderWords(schema).knows)
    found = []
    for reading in readings:
        whole = workbook.sheet(reading.sheet)
        sheet = whole if reading.area is None else whole.part(reading.area)
        sheet = replace(sheet, options=replace(sheet.options, header_row=reading.header_row))
        fill_merged(sheet)
        found.append((reading, sheet))
    return found


def _incomplete(proposal: Proposal) -> dict[Origin, list[str]]:
    """The rows that went in without a cell, and why."""
    found: dict[Origin, list[str]] = {}
    for one in proposal.problems:
        if one.severity == "left-out":
            found.setdefault(Origin(one.file, one.sheet, one.row, columns=one.columns), []).append(_text(one))
    return found


def _waiting(proposal: Proposal) -> Iterator[Origin]:
    """The rows that a question is about, or that went in without a name that waits for an answer."""
    for review in proposal.review:
        yield from review.origins
    for one in proposal.problems:
        if one.kind == "review":
            yield Origin(one.file, one.sheet, one.row, columns=one.columns)


def _all_rows(origins: Iterable[Origin], readings: Sequence[SheetReading]) -> set[Origin]:
    """The rows, and the others of their records."""
    return {
        structs.replace(origin, row=row)
        for origin in origins
        for reading in readings
        if reading.holds(origin)
        for row in reading.rows_of.get(origin.row, [origin.row])
    }


def _put(tables: Sequence[tuple[SheetReading, Sheet]], written: Iterable[WrittenCell]) -> None:
    """Writes cells into the rows as they were read, so that the copy remembers the rows with them."""
    by_sheet: dict[str, list[WrittenCell]] = {}
    for one in written:
        by_sheet.setdefault(one.sheet, []).append(one)
    for _, sheet in tables:
        left = sheet.area.first_column if sheet.area is not None else 0
        for one in by_sheet.get(sheet.name, ()):
            if sheet.first_row <= one.row <= len(sheet.rows) and 0 <= one.column - left < len(sheet.headers):
                sheet.rows[one.row - 1][one.column - left] = one.value


def _state(
    tables: Sequence[tuple[SheetReading, Sheet]],
    rejected: set[Origin],
    applied: AppliedRevision | None,
    written: Iterable[WrittenCell],
) -> Marks:
    """What the copy remembers: the rows that went in, those of earlier imports of it too."""
    first, opened = tables[0]
    before = opened.marks or Marks()
    file = before.file or (first.source.name if first.source.kind == "sheet" else first.file)
    if applied is None or applied.draft or not (applied.number or before.revisions):
        return Marks(before.revisions, file, before.headers, before.taken)
    headers: dict[str, set[str]] = {}
    for reading, sheet in tables:  # columns that are not used may change, as formulas do
        uses = reading.mapping.columns if reading.mapping is not None else ()
        used = (use.index for use in uses if use.role not in ("unmapped", "ignored"))
        headers.setdefault(sheet.name, set()).update(filter(None, (fold(sheet.headers[i]) for i in used)))
    beside = _written_beside(tables, written)
    for place, more in beside.items():
        headers.setdefault(place[0], set()).update(map(fold, more))
    known = {name: frozenset(its) for name, its in headers.items()}
    taken: dict[str, set[str]] = {}
    for _, sheet in tables:
        for row, cells in enumerate(sheet.body, sheet.header_row + 1):
            if any(cells) and Origin(sheet.file, sheet.name, row, columns=sheet.columns) not in rejected:
                more = beside.get((sheet.name, row), {})
                said = (*map(cell_text, cells), *more.values())
                key = row_key([*sheet.headers, *more], said, known[sheet.name])
                taken.setdefault(sheet.name, set()).add(key)
    revisions = before.revisions
    if applied.number:
        revisions = (*revisions, (applied.revision, applied.number))
    return Marks(revisions, file, known, {name: frozenset(its) for name, its in taken.items()})


def _written_beside(
    tables: Sequence[tuple[SheetReading, Sheet]], written: Iterable[WrittenCell]
) -> dict[tuple[str, int], dict[str, str]]:
    """(Sheet, row) → what is written into columns that the sheet did not have, by their headers."""
    cells = {(one.sheet, one.row, one.column): one.value for one in written}
    found: dict[tuple[str, int], dict[str, str]] = {}
    for _, sheet in tables:
        for (name, row, column), header in cells.items():
            if (name, row) != (sheet.name, sheet.header_row) or header == RECORD_HEADER:
                continue
            if column < len(sheet.headers) and sheet.headers[column]:
                continue
            for (other, line, index), value in cells.items():
                if (other, index) == (name, column) and line != row:
                    found.setdefault((name, line), {})[header] = value
    return found


def _written(tables: Sequence[tuple[SheetReading, Sheet]], tags: Mapping[Origin, RecordTag]) -> Iterable[WrittenCell]:
    """The cells for asset tags and ids. A tag goes into the column that has them, where that is blank."""
    for reading, sheet in tables:
        rows = [
            (row, cells, tag)
            for row, cells in enumerate(sheet.body, sheet.header_row + 1)
            if (tag := tags.get(Origin(sheet.file, sheet.name, row, columns=sheet.columns))) is not None
        ]
        if not rows or sheet.columns or reading.mapping is None:
            continue  # another table stands beside it
        free = max((i + 1 for i, header in enumerate(sheet.headers) if header), default=0)
        uses = {use.name: use.index for use in reading.mapping.columns if use.role == "attribute"}
        tagged = uses.get("asset_tag", -1)
        if tagged < 0 and any(tag.tag for _, _, tag in rows):
            tagged, free = free, free + 1
            yield WrittenCell(sheet.name, sheet.header_row, tagged, str(Message("Asset tag")))
        ids = sheet.headers.index(RECORD_HEADER) if RECORD_HEADER in sheet.headers else free
        yield WrittenCell(sheet.name, sheet.header_row, ids, RECORD_HEADER)
        for row, cells, tag in rows:
            yield WrittenCell(sheet.name, row, ids, tag.uid)
            if tag.tag and (tagged >= len(cells) or not cell_text(cells[tagged]).strip()):
                yield WrittenCell(sheet.name, row, tagged, tag.tag)
