"""Running a report for a reader, and writing it in several formats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from app.reports import find
from app.reports.report_run import ReportOrigin, ReportResult, run, save
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem
from cmdb.store.upkeep.startup import create_estate
from importers.tables import Column
from tests.app.small_estate import fill_small

DAY = date(2026, 12, 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    store = create_estate(tmp_path / "estate.terrier")
    fill_small(store)
    found = Workspace(store, Settings())
    yield found
    found.close()


def written(column: Column, value: object) -> str:
    return f"{column.name}={value}"


def test_the_first_rows_are_found_by_what_is_written_in_them(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found = run(reader, find("asset_register"), Control(), DAY, written)
        first = run(reader, find("asset_register"), Control(), DAY, written, most=2)
    assert (len(found.rows), found.more) == (4, False)
    assert (len(first.rows), first.more) == (2, True)
    assert first.rows == found.rows[:2]
    assert [("=lt-2041" in text) for text in found.texts].count(True) == 1
    assert found.described == find("asset_register").description


def test_a_report_about_two_moments_compares_with_the_one_asked_for(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found = run(reader, find("difference"), Control(), DAY, written, since=1)
    assert [row.cells[3:] for row in found.rows] == [("LT-2041", "Status", "In repair", "Deployed")]
    assert "From revision 1" in str(found.described)


def test_running_can_be_stopped(workspace: Workspace) -> None:
    control = Control()
    control.cancel()
    with workspace.read() as reader, pytest.raises(Cancelled):
        run(reader, find("asset_register"), control, DAY, written)


def test_a_file_is_written_over_what_was_known_then(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    assert save(Control(), workspace, find("asset_register"), path, 1, DAY, {}) == 4
    assert "In repair" in path.read_text("utf-8-sig")
    assert save(Control(), workspace, find("asset_register"), path, None, DAY, {}) == 4
    assert "In repair" not in path.read_text("utf-8-sig")


def test_formats_that_are_brought_along_are_written_whole_or_not_at_all(workspace: Workspace, tmp_path: Path) -> None:
    seen: list[ReportOrigin] = []

    def draw(result: ReportResult, file: BinaryIO, origin: ReportOrigin) -> None:
        seen.append(origin)
        file.write(str(len(result.rows)).encode())

    def fail(result: ReportResult, file: BinaryIO, origin: ReportOrigin) -> None:
        raise OSError("no room")

    path = tmp_path / "register.PDF"
    assert save(Control(), workspace, find("asset_register"), path, 1, DAY, {".pdf": draw}) == 4
    assert path.read_text() == "4"
    with workspace.read(1) as reader:
        assert seen == [ReportOrigin(workspace.name, DAY, reader.head())]
    with pytest.raises(FileProblem):
        save(Control(), workspace, find("asset_register"), path, 1, DAY, {".pdf": fail})
    assert path.read_text() == "4"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
