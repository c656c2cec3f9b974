"""Rows as text for the clipboard."""

from __future__ import annotations

from typing import Any

import pytest

from app.assets.clipboard import table_text
from app.assets.columns import column_attributes
from app.item_search import Names
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.schema import Attribute
from cmdb.model.selection import Selection


def say(attribute: Attribute, value: Any, names: Names, currency: str) -> str:
    return names[value][1] if attribute.type == "reference" else f"{value}\t" if value else ""


def test_rows_are_lines_and_values_never_break_them(workspace: Workspace) -> None:
    with workspace.read() as reader:
        ids = reader.ids(Selection("laptop"))
    columns = column_attributes(workspace.schema, "laptop", ["name", "class", "assigned_to", "notes"])
    lines = table_text(Control(), workspace, ids, columns, None, say).splitlines()
    assert lines[0].split("\t") == ["Name", "Class", "Assigned to", "Notes"]
    assert lines[1].split("\t") == ["LT-2041 ", "Laptop", "Anja Vogt", ""]
    assert len(lines) == 4


def test_the_past_is_copied_as_it_was_and_copying_can_be_stopped(workspace: Workspace) -> None:
    with workspace.read() as reader:
        ids = reader.ids(Selection("laptop"))
    columns = column_attributes(workspace.schema, "laptop", ["status"])
    assert "In repair" in table_text(Control(), workspace, ids, columns, 1, say)
    assert "In repair" not in table_text(Control(), workspace, ids, columns, None, say)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        table_text(control, workspace, ids, columns, None, say)
