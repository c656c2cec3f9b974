"""The extent of a sheet in a binary workbook (xlsb), from its records: the parser holds it as a full rectangle."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from importers.spreadsheets.archive import MAX_CELLS, unpack

_ROW = 0
_CELLS = range(2, 12)
"""Types of the records of cells with values: RK, error, boolean, real, text, shared text, and the same of formulas."""


def check_binary_sheet(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> None:
    """Refuses a sheet that is too large to be held. Raises FileProblem, also for records that are cut short."""
    rows, columns = _extent(b"".join(unpack(path, raw, info)))
    if rows * columns > MAX_CELLS:
        raise FileProblem(
            Message(
                "{file} has a sheet that spans {rows} rows and {columns} columns, too many to hold. "
                "Delete the stray cells far below or to the right.",
                file=path.name,
                rows=rows,
                columns=columns,
            )
        )


def _extent(data: bytes) -> tuple[int, int]:
    """The number of rows and columns up to the last cell with a value."""
    place, end = 0, len(data)
    row = rows = columns = 0
    while place < end:
        kind = data[place]
        place += 1
        if kind & 0x80 and place < end:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while place < end:
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        if kind == _ROW:
            row = int.from_bytes(data[place : place + 4], "little")
        elif kind in _CELLS and size >= 4:
            column = int.from_bytes(data[place : place + 4], "little")
            if column >= columns:
                columns = column + 1
            if row >= rows:
                rows = row + 1
        place += size
    return rows, columns
