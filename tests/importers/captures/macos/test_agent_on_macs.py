"""The Python agent on a Mac: the same sections, by the same script, read by the same parsers."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.captures import macos
from importers.discovery import scan
from importers.discovery.registry import collectors
from tests.importers.captures.macos.answers import capture
from tests.importers.captures.macos.macs import APPLE_SILICON


def test_a_collector_for_each_subject() -> None:
    names = [one.name for one in collectors("darwin")]
    assert len(names) == len(set(names)) >= 20
    assert "applications" in names


def test_it_reads_what_the_script_reads(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{machine / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(machine))
    some = [
        one for one in collectors("darwin") if one.name in ("applications", "memory", "operating system", "security")
    ]
    found = scan(collectors=some)
    content, told = found.document["content"], macos.content(capture(APPLE_SILICON))
    assert content["memories"] == told["memories"]
    assert content["operatingsystem"]["full_name"] == told["operatingsystem"]["full_name"]
    assert content["terrier"]["machine_id"] == told["terrier"]["machine_id"]
    assert content["softwares"] == [one for one in told["softwares"] if one["from"] == "macos"]
    outcomes = {one.name: one for one in found.outcomes}
    assert outcomes["applications"].complete == ("softwares", "user_softwares")
    # The firewall's tool failed: what the collector lists is not seen whole.
    assert outcomes["security"].incomplete == ("firewalls", "terrier.security", "antivirus")
    assert str(outcomes["security"].note) == "firewall: failed"


def test_another_computers_file_tree_has_no_tools(tmp_path: Path) -> None:
    found = scan(root=tmp_path, collectors=collectors("darwin"))
    assert {one.state for one in found.outcomes} == {"absent"}
