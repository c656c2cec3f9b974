"""The source of an inventory: the tool and the device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importers.inventory import read, reading


@pytest.mark.parametrize(
    ("client", "key"),
    [
        ("GLPI-Agent_v1.7", "scan:GLPI-Agent pc-1"),
        ("FusionInventory-Agent_v2.5.2-1.fc31", "scan:FusionInventory-Agent pc-1"),
        ("OCS-NG_unified_unix_agent_v2.10.0", "scan:OCS-NG_unified_unix_agent pc-1"),
        ("facter 5.1.0", "scan:facter pc-1"), ("Terrier", "scan:pc-1"), ("missing", "scan:pc-1"),
        ("4.1", "scan:pc-1"), ("-" * 200_000, f"scan:{'-' * 100} pc-1"),
    ],
)  # fmt: skip
def test_a_source_is_the_tool_without_its_version_and_the_device(client: str, key: str) -> None:
    content = {"hardware": {"name": "pc-1"}, "versionclient": client}
    assert reading({"deviceid": "pc-1", "content": content}).source.key == key


def test_a_file_says_what_earlier_versions_called_its_source(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    for client, former in (("GLPI-Agent_v1.7", "scan:pc-1"), ("Terrier", "")):
        content = {"hardware": {"name": "pc-1"}, "versionclient": client}
        path.write_text(json.dumps({"deviceid": "pc-1", "content": content}), "utf-8")
        assert read(path).former_source == former
