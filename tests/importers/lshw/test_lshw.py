"""The tree of lshw, read as it stands there: as one object, as a list, and a part that was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.observation import Observation
from importers.lshw.importer import IMPORTER, reading_of
from importers.source_documents import SourceDocument


def node(id_: str, cls: str, *children: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "class": cls,
        "claimed": True,
        "handle": "",
        **said,
        **({"children": [*children]} if children else {}),
    }


NETWORK = node(
    "network", "network", description="Ethernet interface", product="Ethernet Connection I218-V", vendor="Intel",
    businfo="pci@0000:00:19.0", logicalname="eno1", serial="8c:16:45:01:02:03", version="04",
    configuration={"driver": "e1000e", "ip": "10.1.2.3", "link": "yes", "speed": "1Gbit/s"},
)  # fmt: skip
BRIDGE = node("network:1", "network", logicalname="docker0", serial="02:42:ac:00:00:01", configuration={"link": "no"})
NVME = node(
    "nvme", "storage", node("namespace:0", "disk", description="NVMe disk", logicalname="hwmon1"),
    node("namespace:1", "disk", node("volume", "volume", logicalname=["/dev/nvme0n1p2", "/"], size=10 << 30,
         serial="5b9b976f", configuration={"filesystem": "ext4", "state": "mounted"}),
         description="NVMe disk", logicalname="/dev/nvme0n1", size=512110190592),
    product="SAMSUNG MZVL2512", vendor="Samsung", serial="S4GENX0N1", version="GXA7", businfo="pci@0000:01:00.0",
)  # fmt: skip
STICK = node(
    "disk", "disk", description="SCSI Disk", product="Cruzer", vendor="SanDisk", serial="4C53", size=32 << 30,
    logicalname=["/dev/sdb"], capabilities={"removable": "support is removable"},
)  # fmt: skip
LAPTOP = node(
    "lf014", "system",
    node(
        "core", "bus",
        node("firmware", "memory", description="BIOS", vendor="TOSHIBA", version="3.70", date="07/05/2014"),
        node("cpu", "processor", product="Core i5-4210U", vendor="Intel", slot="U3E1", size=1700000000,
             configuration={"cores": "2", "enabledcores": "2", "threads": "4"}),
        node("cpu:1", "processor", product="Other", disabled=True),
        node("memory", "memory", node("bank:0", "memory", description="SODIMM DDR3 1600 MHz", slot="ChannelA",
             vendor="Micron", product="8KTF", serial="18ABE4AE", size=8 << 30, clock=1600000000),
             node("bank:1", "memory", description="[empty]", slot="ChannelB"),
             description="System Memory", size=8 << 30),
        node("pci", "bridge", NETWORK, NVME, node("display", "display", product="HD Graphics", vendor="Intel",
             businfo="pci@0000:00:02.0"), product="Host bridge", vendor="Intel", businfo="pci@0000:00:00.0"),
        node("usb:0", "bus", node("usb:1", "communication", product="Bluetooth", businfo="usb@1:7"), STICK),
        node("battery", "power", product="G71C", vendor="Panasonic", serial="B-1", capacity=52000,
             configuration={"voltage": "14.8V"}),
        product="PORTEGE Z30-A", vendor="TOSHIBA", serial="C0366791B0",
    ),
    BRIDGE, description="Notebook", product="PORTEGE Z30-A (PT243E)", vendor="TOSHIBA", serial="9E113232H",
    configuration={"uuid": "0055adc9-1d3a-e411-8043-b05d95113232", "sku": "PT243E"},
)  # fmt: skip


def read(tree: Any, name: str = "tree.json") -> Observation:
    found = reading_of(SourceDocument(json.dumps(tree).encode(), name, "2026-04-01T00:00:00Z"))
    assert found.problems == []
    return found.observations[0]


@pytest.mark.parametrize("tree", [LAPTOP, [LAPTOP]], ids=["object", "list"])
def test_a_laptop(tree: Any) -> None:
    one = read(tree)
    names = ("name", "serial_number", "uuid", "memory", "disk_size", "bios_version", "processor_sockets")
    assert (one.cls, *(one.values.get(name) for name in names)) == (
        "laptop", "lf014", "9E113232H", "0055adc9-1d3a-e411-8043-b05d95113232", 8192, 477, "3.70", 1,
    )  # fmt: skip
    assert (one.values["model"].name, one.values["ip_address"]) == ("PORTEGE Z30-A", "10.1.2.3")
    assert one.evidence == {"mac": ["8c:16:45:01:02:03"], "board_serial": ["C0366791B0"], "disk_serial": ["S4GENX0N1"]}
    assert one.details["memory_modules"] == [
        {"slot": 1, "slot_name": "ChannelA", "size": 8192, "description": "SODIMM DDR3 1600 MHz", "speed": "1600 MT/s",
         "manufacturer": "Micron", "model": "8KTF", "serial_number": "18ABE4AE"},
        {"slot": 2, "slot_name": "ChannelB", "type": "Empty slot"},
    ]  # fmt: skip
    assert [(row["name"], row["model"], row.get("removable")) for row in one.details["disks"]] == [
        ("nvme0n1", "SAMSUNG MZVL2512", None), ("sdb", "Cruzer", True),
    ]  # fmt: skip
    assert one.details["volumes"] == [
        {"mount": "/", "device": "/dev/nvme0n1p2", "filesystem": "ext4", "size": 10 << 30, "serial_number": "5b9b976f"}
    ]
    assert [(row["name"], row["virtual"], row["status"]) for row in one.details["interfaces"]] == [
        ("eno1", False, "up"), ("docker0", True, "down"),
    ]  # fmt: skip
    assert [row["pci_slot"] for row in one.details["controllers"]] == ["00:00.0", "00:19.0", "01:00.0", "00:02.0"]
    assert [row["name"] for row in one.details["usb_devices"]] == ["Bluetooth"]
    assert one.details["batteries"][0]["voltage"] == 14800
    assert one.details["bios"][0]["date"] == "2014-07-05"


def test_a_part_that_was_asked_for_needs_the_name_of_its_machine() -> None:
    one = read([NETWORK, BRIDGE], "lshw-lf014.json")
    assert (one.values["name"], one.partial, len(one.details["interfaces"])) == ("lf014", True, 2)
    with pytest.raises(FileProblem) as caught:
        read([NETWORK], "network.json")
    assert "network.json does not say of which machine it is" in str(caught.value)


def test_a_name_that_is_none_is_not_taken() -> None:
    assert read({**LAPTOP, "id": "computer"}).values["name"] == "9E113232H"


def test_deep_trees_and_other_shapes_do_no_harm() -> None:
    tree: dict[str, Any] = node("x", "generic", size="9" * 3_000)
    for _ in range(200):
        tree = node("x", "generic", tree, configuration="none", logicalname=[{}])
    assert read({**LAPTOP, "children": [tree, 1, "x"]}).values["name"] == "lf014"


def test_it_is_recognised_by_its_content() -> None:
    for indent in (None, 2):
        assert IMPORTER.recognises(json.dumps(LAPTOP, indent=indent).encode())
        assert IMPORTER.recognises(json.dumps([LAPTOP], indent=indent).encode("utf-16"))
    for other in ('{"id": "x", "class": "y"}', '[{"name": "x"}]', "id,class,claimed"):
        assert not IMPORTER.recognises(other.encode())
