"""Several records side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.assets.comparison import comparison, write_comparison
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue


def uid_of(workspace: Workspace, name: str) -> str:
    return workspace.question(lambda reader: reader.find(name).uid).answer()


def test_attributes_stand_in_rows_and_say_whether_they_differ(workspace: Workspace, tmp_path: Path) -> None:
    uids = [uid_of(workspace, name) for name in ("LT-2048", "LT-2041", "host-a")]
    found = workspace.question(lambda reader: comparison(reader, uids)).answer()
    assert [one.name for one in found.records] == ["LT-2048", "LT-2041", "host-a"]
    rows = {row.attribute.name: row for row in found.rows}
    assert rows["class"].values == ("Laptop", "Laptop", "Server")
    assert rows["serial_number"].values == (None, None, "SRV1")
    assert rows["asset_tag"].differs
    two = workspace.question(lambda reader: comparison(reader, uids[:2])).answer()
    same = {row.attribute.name for row in two.rows if not row.differs}
    assert same == {"class", "location", "status"}
    assert two.differing == len(two.rows) - 3
    assert two.names[two.records[0].text("assigned_to")][1] == "Tom Okafor"
    written = tmp_path / "compared.csv"
    assert write_comparison(Control(), ["Attribute", "LT-2048"], [["Name", "=1"]], written) == 1
    assert written.read_text("utf-8-sig").splitlines()[0] == "Attribute,LT-2048"
    for wrong in (uids[:1], uids[:1] * 3):
        with pytest.raises(InvalidValue, match="2 to 6"):
            workspace.question(lambda reader, wrong=wrong: comparison(reader, wrong)).answer()
