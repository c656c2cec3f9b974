"""The rejected rows as a file: as they were read, with the reasons beside them, to be mended and imported again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cmdb.schema import Schema, fold
from importers.spreadsheets.check import SheetReading
from importers.spreadsheets.mapper import REASON_HEADER
from importers.tables.cells import read_base_header
from importers.tables.model import Column, Table
from importers.tables.write import write


def write_rejects(path: str | Path, readings: Sequence[SheetReading], schema: Schema) -> int:
    """Writes every rejected row of the readings and returns how many there are; without any, no file is written.

    A class that the sheet's or file's name told gets a column ``Class``, since the name is another now.
    Raises FileProblem.
    """
    tables = [_table(reading, schema) for reading in readings if reading.rejects]
    return write(path, tables) if tables else 0


def _table(reading: SheetReading, schema: Schema) -> Table:
    count = len(reading.headers)
    columns = [Column(f"{i} {fold(h)}" if not h else fold(h), h) for i, h in enumerate(reading.headers)]
    columns = [
        Column(f"{c.name} {i}", c.label) if any(c.name == o.name for o in columns[:i]) else c
        for i, c in enumerate(columns)
    ]
    rows = [[*cells[:count], *[""] * (count - len(cells)), " ".join(why)] for _, cells, why in reading.rejects]
    says_class = any(c.name == "class" or read_base_header(c.label) for c in columns)
    if reading.kind == "class" and reading.cls and not says_class:
        columns.insert(0, Column("class", "Class"))
        label = schema.classes[reading.cls].label
        rows = [[label, *row] for row in rows]
    title = next(origin.sheet for origin, _, _ in reading.rejects) or "Rejected"
    return Table(title, [*columns, Column("rejected because", REASON_HEADER)], rows)
