"""The source of an inventory: the tool and the device."""

from __future__ import annotations

import pytest

from importers.inventory import reading


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
