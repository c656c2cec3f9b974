"""The rejected rows as a file: as they were read, with the reasons beside them, to be mended and imported again.

Dates and numbers that only the rest of their columns told how to read are written so that they can be read alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from msgspec import structs

from cmdb.model.messages import Message, tr
from cmdb.model.observation import Origin
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.cells.plain_texts import exact_texts, plain_text
from importers.spreadsheets.layout.rows import fill_merged
from importers.spreadsheets.sheet_checks import SheetReading
from importers.spreadsheets.sheets.header import REASON
from importers.spreadsheets.sheets.opening import open_file
from importers.tables.cells import read_base_header
from importers.tables.model import Column, Table
from importers.tables.table_writer import write

Reject = tuple[Origin, list[str], list[Message] | list[str]]
Rejects = Iterable[Reject]


def write_rejects(
    path: str | Path, readings: Sequence[SheetReading], schema: Schema, rejects: Rejects | None = None
) -> int:
    """Writes rejected rows with their reasons and returns how many there are; without any, no file is written.

    They are the readings' own, or those given as ``rejects`` (the result of reconciling the readings). If the sheet's
    or file's name gave the class, a column ``Class`` is added, because the new file has another name. Raises
    FileProblem.
    """
    if rejects is None:
        rejects = chain.from_iterable(reading.rejects for reading in readings)
    tables = reject_tables(readings, schema, rejects)
    return write(path, tables) if tables else 0


def reject_tables(readings: Sequence[SheetReading], schema: Schema, rejects: Rejects) -> list[Table]:
    """The rejected rows as tables, one for each table that they were read from.

    A row that comes without cells is read from its file again, and with it all rows of its record. Raises FileProblem.
    """
    by_reading: dict[int, dict[Origin, Reject]] = {}
    for origin, cells, reasons in rejects:
        place = next((i for i, reading in enumerate(readings) if reading.holds(origin)), -1)
        found = by_reading.setdefault(place, {})
        for row in [origin.row] if cells or place < 0 else readings[place].rows_of.get(origin.row, [origin.row]):
            one = structs.replace(origin, row=row)
            if one in found:
                cells, reasons = found[one][1] or cells, [*map(str, found[one][2]), *map(str, reasons)]
                reasons = list(dict.fromkeys(reasons))
            found[one] = (one, cells, reasons)
    tables = []
    for place, found in by_reading.items():
        reading = readings[place] if place >= 0 else None
        rows = sorted(found.values(), key=lambda one: one[0].row)
        if reading is not None and any(not cells for _, cells, _ in rows):
            rows = _with_cells(reading, rows)
        if reading is not None:
            rows = [(origin, _plain(reading, cells), why) for origin, cells, why in rows]
        tables.append(_table(reading, rows[0][0].sheet, rows, schema))
    return tables


def _plain(reading: SheetReading, cells: Sequence[str]) -> list[str]:
    """A row's cells, readable without the others of their columns."""
    found = list(cells)
    for index, (attribute, context) in reading.formats.items():
        if index < len(found) and found[index]:
            found[index] = plain_text(found[index], attribute, context)
    return found


def _with_cells(reading: SheetReading, rejects: list[Reject]) -> list[Reject]:
    """Rows that come without cells with those that the file has."""
    if reading.path is None:
        return rejects
    sheet = open_file(reading.path, reading.options).sheet(reading.sheet)
    sheet = sheet if reading.area is None else sheet.part(reading.area)
    sheet = replace(sheet, options=replace(sheet.options, header_row=reading.header_row))
    fill_merged(sheet)
    rows = sheet.rows
    return [
        (origin, cells or exact_texts(rows[origin.row - 1], reading.formats), reasons)
        for origin, cells, reasons in rejects
    ]


def _table(reading: SheetReading | None, sheet: str, rejects: Sequence[Reject], schema: Schema) -> Table:
    headers = reading.headers if reading else []
    rows = [[*cells, *[""] * (len(headers) - len(cells)), " ".join(map(str, why))] for _, cells, why in rejects]
    width = max(len(row) for row in rows) - 1
    columns = _columns([*headers, *[""] * (width - len(headers))])
    says_class = any(c.name == "class" or read_base_header(c.header) for c in columns)
    if reading is not None and reading.kind == "class" and reading.cls and not says_class:
        columns.insert(0, Column("class", Message("Class")))
        label = schema.classes[reading.cls].label
        rows = [[label, *row] for row in rows]
    return Table(sheet or tr("Rejected"), [*columns, Column("reasons", REASON)], rows)


def _columns(headers: Sequence[str]) -> list[Column]:
    """Columns named after their headers, so that sheets of the same columns go together in one csv."""
    columns: list[Column] = []
    used: set[str] = set()
    for number, header in enumerate(headers):
        name = fold(header) or f"column {number}"
        name = f"{name} {number}" if name in used else name
        used.add(name)
        columns.append(Column(name, header))
    return columns
