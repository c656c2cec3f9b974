"""The importer of JSON that was exported: its tables are read as sheets, with the ids and hashes of their rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from cmdb.model import regular_files
from cmdb.model.characters import one_line
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.regular_files import name_as_text
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.sheet_checks import read_workbooks
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.workbook import Sheet, Workbook
from importers.tables.cells import ID_HEADER, base_header, escape_typed
from importers.tables.example import write_example

_OPENING = b'{"tables":['
_READ = ReadOptions(decimal_comma=False, day_first=True, header_row=1)
"""JSON has one form of numbers and dates: nothing has to be found out."""


def _recognises(head: bytes) -> bool:
    start = head[:200].lstrip(b"\xef\xbb\xbf\xff\xfe").translate(None, b" \t\r\n\0")
    return start.startswith(_OPENING)


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    asked = options.reading or ReadOptions()
    options = replace(options, reading=replace(_READ, clear_blanks=asked.clear_blanks, strict=asked.strict))
    return read_workbooks([_workbook(path)], HeaderWords(schema), options, control)


def _workbook(path: Path) -> Workbook:
    """The tables of the file as sheets. Raises FileProblem."""
    try:
        document = parsed(regular_files.content(path), parse_float=Decimal)
    except JsonProblem as error:
        raise FileProblem(Message("{file} is {problem}.", file=path.name, problem=error.reason)) from error
    tables = document.get("tables") if isinstance(document, dict) else None
    if not isinstance(tables, list):
        raise FileProblem(Message("{file} has no list “{name}”.", file=path.name, name="tables"))
    workbook = Workbook(path, "json", _READ)
    for number, table in enumerate(tables, 1):
        rows = _cells(path, number, table)
        name = one_line(str(table.get("title") or "")) or str(number)
        workbook.sheets.append(Sheet(name_as_text(path), name, _READ, partial(_loaded, rows)))
    return workbook


def _loaded(rows: list[list[Any]]) -> tuple[list[list[Any]], list[Any]]:
    return rows, []


def _cells(path: Path, number: int, table: Any) -> list[list[Any]]:
    """The cells of a table, its header first. Raises FileProblem where it is no table."""
    columns = table.get("columns") if isinstance(table, dict) else None
    rows = table.get("rows") if isinstance(table, dict) else None
    if (
        not isinstance(columns, list)
        or not isinstance(rows, list)
        or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in columns)
        or not all(isinstance(one, dict) for one in rows)
    ):
        raise FileProblem(
            Message(
                "{file}: table {number} does not have its columns and rows as an export has them.",
                file=path.name,
                number=number,
            )
        )
    names = [one["name"] for one in columns]
    cells = [[_header(one) for one in columns], *([_cell(row.get(name)) for name in names] for row in rows)]
    if any("id" in row for row in rows):
        cells[0] += [ID_HEADER, base_header(str(table.get("class", "")), names)]
        for line, row in zip(cells[1:], rows, strict=True):
            line += [str(row.get("id", "")), str(row.get("base", ""))]
    return cells


def _header(column: dict[str, Any]) -> str:
    label, unit = str(column.get("label") or column["name"]), column.get("unit")
    return f"{label} ({unit})" if unit else label


def _cell(value: Any) -> Any:
    """A value as a cell: numbers as the text of their digits, which is exact."""
    if value is None:
        return ""
    if isinstance(value, str):
        return escape_typed(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return escape_typed(value["name"])
    if isinstance(value, list):
        return "; ".join(str(_cell(one)) for one in value)
    return json.dumps(value, ensure_ascii=False, default=str)


IMPORTER = Importer(
    "exported-json",
    Message("Exported JSON"),
    Message("Tables that were exported as JSON: classes, relationships, installed software, assignments, sections"),
    (".json",),
    _recognises,
    _read,
    partial(write_example, name="hardware.json"),
    rank=40,
)
