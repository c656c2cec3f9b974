"""Lists as files: as shown, in groups, in every format."""

from __future__ import annotations

import csv
from pathlib import Path

from python_calamine import CalamineWorkbook

from app.assets.columns import column_attributes
from app.assets.list_export import LIST_FORMATS, write_list, write_rows
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.selection import Selection
from importers.tables import Column

NOW = (None, None)
LAPTOPS = Selection("laptop", sort="-name")


def test_every_format_has_the_rows_as_they_are_shown(workspace: Workspace, tmp_path: Path) -> None:
    columns = column_attributes(workspace.schema, "laptop", ["name", "status", "assigned_to"])
    for ending in LIST_FORMATS:
        path = tmp_path / f"laptops{ending}"
        assert write_list(Control(), workspace, LAPTOPS, columns, NOW, path) == 3
        assert path.stat().st_size > 100
    page = (tmp_path / "laptops.html").read_text("utf-8")
    assert page.index("LT-2055") < page.index("LT-2041"), "in the order of the list"
    assert "<th>Assigned to</th>" in page
    assert "<td>Anja Vogt</td>" in page
    assert "3 rows" in page


def test_groups_are_exported_with_their_counts(workspace: Workspace, tmp_path: Path) -> None:
    columns = column_attributes(workspace.schema, "laptop", ["name", "serial_number"])
    for ending in (".xlsx", ".ods"):
        path = tmp_path / f"grouped{ending}"
        assert write_list(Control(), workspace, LAPTOPS, columns, NOW, path, "status") == 3
        book = CalamineWorkbook.from_path(str(path))
        rows, groups = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names[:2])
        assert [row[:2] for row in rows] == [
            ["Status", "Name"], ["In stock", "LT-2055"], ["Deployed", "LT-2048"], ["Deployed", "LT-2041"],
        ]  # fmt: skip
        assert groups == [["Status", "Number"], ["In stock", 1.0], ["Deployed", 2.0]]
    plain = tmp_path / "grouped.csv"
    write_list(Control(), workspace, LAPTOPS, columns, NOW, plain, "status")
    assert next(csv.reader(plain.read_text("utf-8-sig").splitlines()))[0] == "Status"


def test_rows_in_memory_are_written_as_they_stand(workspace: Workspace, tmp_path: Path) -> None:
    columns = [Column("a", "Who"), Column("b", "What")]
    for ending in (".csv", ".html"):
        path = tmp_path / f"history{ending}"
        assert write_rows(Control(), "History", columns, [["Anja", "<b>"]], path, workspace) == 1
    assert "<td>&lt;b&gt;</td>" in (tmp_path / "history.html").read_text("utf-8")
