"""The rejected rows as a file: as they were read, with the reasons beside them, to be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from cmdb.model.messages import Message, tr
from cmdb.model.observation import Origin
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.header import REASON
from importers.spreadsheets.sheet_checks import SheetReading
from importers.tables.cells import read_base_header
from importers.tables.model import Column, Table
from importers.tables.table_writer import write

Rejects = Iterable[tuple[Origin, list[str], list[Message] | list[str]]]


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
    by_sheet: dict[tuple[str, str], list[tuple[Origin, list[str], list[Message] | list[str]]]] = {}
    for one in rejects:
        by_sheet.setdefault((one[0].file, one[0].sheet), []).append(one)
    known = {(reading.file, reading.sheet): reading for reading in readings}
    tables = [_table(known.get(place), place[1], rows, schema) for place, rows in by_sheet.items()]
    return write(path, tables) if tables else 0


def _table(reading: SheetReading | None, sheet: str, rejects: Rejects, schema: Schema) -> Table:
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
