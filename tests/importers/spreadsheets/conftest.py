from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import ReadOptions, SheetReading, read_files

Rows = Sequence[Sequence[Any]]


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.load()


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook as a person's would be: numbers are numbers, dates dates."""

    def write(sheets: dict[str, Rows] | Rows, name: str = "book.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for title, rows in (sheets if isinstance(sheets, dict) else {"Sheet1": sheets}).items():
                sheet = book.add_worksheet(title)
                for r, row in enumerate(rows):
                    for c, cell in enumerate(row):
                        if isinstance(cell, date | datetime):
                            sheet.write_datetime(r, c, cell, day)
                        elif cell != "":
                            sheet.write(r, c, cell)
        return path

    return write


@pytest.fixture
def text(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def read(schema: Schema, text: Callable[..., Path]) -> Callable[..., SheetReading]:
    """Reads a csv text straight through, as the command line does."""

    def run(content: str, cls: str = "", options: ReadOptions | None = None, name: str = "table.csv") -> SheetReading:
        [reading] = read_files([text(content, name)], schema, Options(cls=cls, reading=options))
        return reading

    return run


@pytest.fixture
def read_book(schema: Schema) -> Callable[[Path], SheetReading]:
    """Reads the one sheet of a workbook straight through."""

    def run(path: Path) -> SheetReading:
        [reading] = read_files([path], schema)
        return reading

    return run
