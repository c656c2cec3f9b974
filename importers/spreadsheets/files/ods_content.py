"""The content of an OpenDocument spreadsheet, looked at before it is parsed: how many cells its repeats stand for."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED, unpack

_REPEATED_ROW = re.compile(rb"<table:table-row\b[^>]*number-rows-repeated\s*=\s*[\"'](\d+)[\"'][^>]*?(?:/>|>)")
_REPEATED_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b[^>]*number-columns-repeated\s*=\s*[\"'](\d+)[\"'][^>]*>"
)
_CONTENT = re.compile(rb"<text:p|office:value")
_MODEST = 1000


def read_content(path: Path, raw: BinaryIO, parts: Mapping[str, zipfile.ZipInfo]) -> bytes:
    """The part with all cells. Raises FileProblem where it is too large, or its repeats would unfold to too much.

    Empty repeats at the end of a sheet are usual.
    """
    if parts["content.xml"].file_size > MAX_UNPACKED // 3:
        raise FileProblem(
            Message("{file} is too large for an ods file to be read. Save it as xlsx or csv.", file=name_as_text(path))
        )
    data = b"".join(unpack(path, raw, parts["content.xml"]))
    _refuse_broken(path, data)
    width = rows = 0
    for table in data.split(b"<table:table ")[1:]:
        ends = [m.start() for m in _CONTENT.finditer(table)][-1:]
        end = ends[0] if ends else 0
        rows = table.count(b"<table:table-row")
        for match in _REPEATED_ROW.finditer(table):
            if int(match[1]) > 1 and match.start() < end:
                rows += int(match[1])
        width = _ods_width(table, end)
        if width > MAX_COLUMNS or (rows - 1) * width > MAX_CELLS:
            raise FileProblem(
                Message(
                    "{file} has a sheet that spans {rows} rows and {columns} columns, too many to hold.",
                    file=name_as_text(path),
                    rows=rows,
                    columns=width,
                )
            )
    return data


def _refuse_broken(path: Path, data: bytes) -> None:
    """Refuses what is no well-formed XML: the parser of cells never ends where a table does not."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise FileProblem(
            Message("{file} is damaged: {part} is no XML.", file=name_as_text(path), part="content.xml")
        ) from error


def _ods_width(table: bytes, end: int) -> int:
    """Columns of the widest row, counted with repeated cells; 0 if no cell is repeated often."""
    widest = 0
    for match in _REPEATED_CELL.finditer(table):
        if int(match[1]) <= _MODEST:
            continue
        stop = table.find(b"</table:table-row>", match.start())
        filled = not match[0].endswith(b"/>") or b"office:value" in match[0]
        if match.start() < end and (filled or _CONTENT.search(table, match.end(), stop)):
            start = table.rfind(b"<table:table-row", 0, match.start())
            repeats = (int(m[1]) for m in _REPEATED_CELL.finditer(table, start, stop))
            widest = max(widest, sum(repeats) + table.count(b"<table:table-cell", start, stop))
    if not widest:
        first = table.find(b"</table:table-row>")
        widest = table.count(b"<table:table-cell", 0, first) if first > 0 else 0
    return widest
