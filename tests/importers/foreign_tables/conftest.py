from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import SheetReading, read_files


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.load()


@pytest.fixture
def read(schema: Schema, tmp_path: Path) -> Callable[..., SheetReading]:
    """Reads a csv text straight through, as the command line does."""

    def run(content: str, cls: str = "", name: str = "table.csv") -> SheetReading:
        path = tmp_path / name
        path.write_text(content, "utf-8")
        [reading] = read_files([path], schema, Options(cls=cls))
        return reading

    return run
