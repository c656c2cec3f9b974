"""``export`` of computers as inventories for GLPI and as a CycloneDX list, and the way back."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.commands.export import _INVENTORIES
from app.inventory_export import FORMATS
from importers.inventory.constraints import violations
from tests.app.cli.conftest import Done
from tests.importers.inventory.documents import laptop

Run = Callable[..., Done]


def test_computers_go_out_as_inventories_and_come_in_unchanged(
    terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    assert {one.key for one in FORMATS} == set(_INVENTORIES)  # as the help names them
    (tmp_path / "one.json").write_text(json.dumps(laptop()), "utf-8")
    (tmp_path / "more.csv").write_text(
        "Class,Name,Serial number\nServer,a/b,S1\nServer,a b,S2\nMonitor,m,S3\n", "utf-8"
    )
    terrier("import", tmp_path / "one.json", tmp_path / "more.csv")

    one, every, listed = tmp_path / "out.json", tmp_path / "out.zip", tmp_path / "out.cdx.json"
    assert terrier("export", "Laptop", "--for", "glpi-inventory", "--out", one, "--json").json["rows"] == 1
    assert violations(json.loads(one.read_text("utf-8"))) == []
    back = terrier("import", one, "--json").json
    assert (back["created"], back["updated"], back["installed"], back["sections"]) == (0, 0, 0, {})
    assert terrier("history", "--json").json["revisions"][0]["updated"] == 0, "it was seen again, and is in no number"

    assert terrier("export", "--out", every, "--json").json["rows"] == 3
    with zipfile.ZipFile(every) as archive:
        assert archive.namelist() == ["a-b.json", "a-b-2.json", "NB-017.json"]
    back = terrier("import", every, "--json").json
    assert (back["read"], back["created"], len(back["files"])) == (3, 0, 3)
    assert (back["updated"], back["sections"]) == (0, {})
    servers = terrier("list", "Server", "--json").json
    assert not any("last_seen" in one["attributes"] or "host_name" in one["attributes"] for one in servers)

    assert terrier("export", "Hardware", "--out", listed, "--json").json["rows"] == 3
    back = terrier("import", listed, "--json").json
    assert (back["read"], back["created"], back["installed"], back["rejected"]) == (3, 0, 0, 0)

    several = terrier("export", "--for", "glpi-inventory", "--out", one)
    assert (several.status, "room for one computer" in several.err) == (2, True)
    none = terrier("export", "Monitor", "--out", tmp_path / "none.zip")
    assert (none.status, "no computer to export" in none.err) == (2, True)
    unknown = terrier("export", "--for", "abacus", "--out", tmp_path / "x.json")
    assert "glpi-inventory, cyclonedx" in unknown.err
