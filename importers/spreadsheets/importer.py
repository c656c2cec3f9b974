"""The importer of spreadsheets and text tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.spreadsheets.files.file_type import kind_of
from importers.spreadsheets.sheet_checks import read_files
from importers.tables.example import write_example


def _recognises(head: bytes) -> bool:
    return kind_of(head) in ("zip", "ole", "text")


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return read_files([path], schema, options, control)


IMPORTER = Importer(
    "spreadsheet",
    Message("Spreadsheet"),
    Message("Tables of classes, relationships, installed software or licence assignments"),
    (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt"),
    _recognises,
    _read,
    partial(write_example, name="hardware.xlsx"),
    rank=90,
)
