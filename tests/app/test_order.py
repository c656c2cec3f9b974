"""What is written to files is in the same order whatever database the estate is in, and however its rows lie there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.record_tables import estate_tables
from app.reports import reports
from app.reports.model import ReportContext
from cmdb.model.control import Control
from cmdb.store.connection import engine as engines
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.startup import open_estate


def stir(engine: Engine) -> None:
    """Rewrites rows, so that a server finds them in another order."""
    with engines.writing(engine) as connection:
        for table, key in (("installation", "computer"), ("release", "id"), ("ci", "id"), ("ci_version", "id")):
            connection.exec_driver_sql(f"UPDATE {table} SET {key} = {key} WHERE {key} BETWEEN 5 AND 60")


@pytest.fixture
def stores(sample_copy: Path, postgres: Callable[[], str]) -> Iterator[list[Store]]:
    """The sample in a file and on a server."""
    store = open_estate(sample_copy)
    url = postgres()
    move(store, url, Control())
    there = open_estate(url)
    stir(there._engine)
    yield [store, there]
    store.close()
    there.close()


def written(reader: Reader) -> dict[str, list[object]]:
    """The rows of an export and of reports that have no order of their own."""
    found: dict[str, list[object]] = {table.title: list(table.lines()) for table in estate_tables(reader)}
    for name in ("software_installed", "difference", "warranty_ending"):
        report = reports()[name]
        question = ReportContext(reader, reader.day_at(str(reader.number)), Control(), 100 if report.between else None)
        found[name] = [row.cells for row in report.rows(question)]
    return found


def test_exports_and_reports_are_in_the_same_order(stores: list[Store]) -> None:
    with stores[0].read() as file, stores[1].read() as server:
        first, second = written(file), written(server)
    assert list(first) == list(second)
    for name, rows in first.items():
        assert rows == second[name], name
    assert first["Installation"]
    assert first["software_installed"]
    assert first["difference"]
