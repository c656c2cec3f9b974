"""Whole scans: of a simulated machine and of the one that runs the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from importers.discovery import scan
from importers.discovery.collector import Collector, merge
from importers.discovery.registry import collectors
from importers.inventory.constraints import unknown, violations
from tests.importers.discovery.linux.test_network import MACHINE as NETWORK
from tests.importers.discovery.linux.test_software import STATUS
from tests.importers.discovery.linux.test_system import LAPTOP
from tests.importers.discovery.machines import PASSWD, build

ROOT = Path(__file__).resolve().parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the made-up machine is one of Linux")


def test_pieces_are_laid_over_each_other() -> None:
    into = {"hardware": {"name": "a"}, "softwares": [1], "terrier": {"x": {"y": 1}}}
    merge(into, {"hardware": {"memory": 2}, "softwares": [3], "terrier": {"x": {"z": 2}}, "bios": {}})
    assert into == {
        "hardware": {"name": "a", "memory": 2},
        "softwares": [1, 3],
        "terrier": {"x": {"y": 1, "z": 2}},
        "bios": {},
    }


@LINUX
def test_a_made_up_machine_keeps_to_the_format(tmp_path: Path) -> None:
    build(tmp_path, {**LAPTOP, **NETWORK, "var/lib/dpkg/status": STATUS, "etc/passwd": PASSWD})
    build(tmp_path, {"proc/sys/kernel/hostname": "nb-17\n", "etc/machine-id": "0123456789abcdef0123456789abcdef\n"})
    inventory = scan(root=tmp_path)
    assert violations(inventory.document) == []
    assert unknown(inventory.document) == []
    assert inventory.document["deviceid"] == "nb-17-0123456789ab"
    content = inventory.document["content"]
    assert content["hardware"]["name"] == "nb-17"
    assert content["bios"]["ssn"] == "PF2ABC12"
    assert {one["name"] for one in content["softwares"]} == {"vim", "browser-stable"}
    assert {o.name: o.state for o in inventory.outcomes if o.state == "failed"} == {}
    assert content["terrier"]["collectors"][0]["state"] in ("collected", "absent")


@LINUX
def test_this_very_machine_keeps_to_the_format() -> None:
    inventory = scan()
    assert [o for o in inventory.outcomes if o.state == "failed"] == []
    assert violations(inventory.document) == []
    assert unknown(inventory.document) == []
    content = inventory.document["content"]
    assert content["hardware"]["name"]
    assert content["hardware"]["memory"] > 0
    assert content["cpus"][0]["core"] >= 1
    if Path("/sys/class/net").exists():  # not every container has it
        assert any(network["description"] == "lo" for network in content["networks"])
    assert json.loads(json.dumps(inventory.document)) == inventory.document


def test_two_scans_of_a_machine_have_one_id(tmp_path: Path) -> None:
    build(tmp_path, {"etc/hostname": "web-01\n", "etc/machine-id": "ab" * 16})
    assert scan(root=tmp_path).document["deviceid"] == scan(root=tmp_path).document["deviceid"]


def test_a_machine_that_tells_nothing_still_has_an_id(tmp_path: Path) -> None:
    document = scan(root=tmp_path, collectors=[]).document
    assert document["deviceid"] == "computer"
    assert violations(document) == []


def test_only_the_collectors_asked_for_run(tmp_path: Path) -> None:
    inventory = scan(root=tmp_path, collectors=[Collector("one", lambda _: {"bios": {"ssn": "1"}})])
    assert [o.name for o in inventory.outcomes] == ["one"]
    assert inventory.document["content"]["bios"] == {"ssn": "1"}


def test_a_scan_can_be_cancelled(tmp_path: Path) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        scan(control, root=tmp_path, collectors=[Collector("one", lambda _: {})])


def test_every_linux_collector_is_registered_once_with_a_limit_of_its_own() -> None:
    found = collectors("linux", asked=True)
    files = {p.stem for p in (ROOT / "importers/discovery/linux").glob("*.py") if not p.stem.startswith("_")}
    assert len(found) == len(files)
    assert len({c.name for c in found}) == len(found)
    assert all(0 < c.limit <= 60 for c in found)
    assert [c.name for c in found if c.asked] == ["command lines"]
    assert [c.name for c in collectors("linux")] == [c.name for c in found if not c.asked]


def test_a_platform_without_collectors_has_those_of_plug_ins() -> None:
    assert collectors("plan9") == []
    told, asked = Collector("one", lambda _: {}), Collector("two", lambda _: {}, asked=True)
    assert collectors("plan9", [asked, told]) == [told], "what can hold secrets is not among them unasked"
    assert collectors("plan9", [asked, told], asked=True) == [asked, told]


@pytest.mark.parametrize("collector", collectors("linux"), ids=lambda c: c.name)
def test_an_empty_machine_makes_no_collector_fail(collector: Collector, tmp_path: Path) -> None:
    inventory = scan(root=tmp_path, collectors=[collector])
    assert inventory.outcomes[0].state in ("absent", "collected")
    assert violations(inventory.document) == []


def test_the_agent_needs_nothing_but_python_and_loads_little() -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); from importers.discovery import scan; import importers.inventory;"
        "scan(); heavy = {'PySide6', 'sqlalchemy', 'numpy', 'dataclasses', 'concurrent.futures', 'psutil'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    without_packages = [sys.executable, "-S", "-E", "-c", code]
    done = subprocess.run(without_packages, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
