"""Spreadsheets and text tables read into observations: open, map, check.

``open_file`` returns sheets of raw rows, ``map_columns`` finds the meaning of columns, ``check`` reads every row;
``read_files`` does all three. Each can be used alone, and none has state.
"""

from __future__ import annotations

from importers.spreadsheets.columns.mapping import ColumnUse, Mapping, apply_mapping, fingerprint, fits
from importers.spreadsheets.columns.transforms import TRANSFORMS
from importers.spreadsheets.meaning.mapper import map_columns
from importers.spreadsheets.rejects import write_rejects
from importers.spreadsheets.sheet_checks import SheetReading, check, read_files
from importers.spreadsheets.sheets.opening import open_file, reopen
from importers.spreadsheets.sheets.options import ReadOptions
from importers.spreadsheets.sheets.workbook import Sheet, Workbook

__all__ = [
    "TRANSFORMS",
    "ColumnUse",
    "Mapping",
    "ReadOptions",
    "Sheet",
    "SheetReading",
    "Workbook",
    "apply_mapping",
    "check",
    "fingerprint",
    "fits",
    "map_columns",
    "open_file",
    "read_files",
    "reopen",
    "write_rejects",
]
