"""Inventory documents as several agents would write them."""

from __future__ import annotations

from binascii import b2a_base64
from typing import Any

from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Schema
from cmdb.model.values import check
from importers.inventory import reading
from tests.importers.discovery.machines import edid

SCHEMA = Schema.load()


def laptop(**changes: Any) -> dict[str, Any]:
    """An inventory of a Windows laptop by a GLPI agent; ``changes`` replace sections (None takes one away)."""
    content: dict[str, Any] = {
        "accesslog": {"logdate": "2026-03-31 10:15:00"},
        "bios": {
            "smanufacturer": "LENOVO",
            "smodel": "20XW0055GE",
            "ssn": "PF2ABC12",
            "msn": "L1HF14500AB",
            "assettag": "No Asset Information",
            "bversion": "N32ET91W",
        },
        "hardware": {
            "name": "NB-017",
            "chassis_type": "Notebook",
            "memory": 16384,
            "uuid": "4C4C4544-0034-3010-8048-B6C04F503732",
            "vmsystem": "Physical",
            "workgroup": "ad.example.org",
            "lastloggeduser": "AD\\nora",
        },
        "operatingsystem": {
            "name": "Windows",
            "full_name": "Microsoft Windows 11 Pro",
            "version": "23H2",
            "arch": "x86_64",
            "install_date": "2024-01-15 09:00:00",
            "timezone": {"name": "Europe/Berlin", "offset": "+0200"},
        },
        "cpus": [{"name": "Core i7-1165G7", "core": 4, "thread": 8}],
        "storages": [
            {"name": "PHYSICALDRIVE0", "serial": "S4GENX0N1", "disksize": 512110, "type": "disk", "interface": "NVMe"},
            {"name": "PHYSICALDRIVE1", "serial": "4C53", "disksize": 30752, "interface": "USB"},
        ],
        "drives": [{"letter": "C:", "systemdrive": True, "encrypt_status": "Yes", "filesystem": "NTFS"}],
        "networks": [
            network("Intel(R) Ethernet Connection", "8c:16:45:01:02:03", ipaddress="10.1.2.3", ipgateway="10.1.0.1"),
            network("Intel(R) Ethernet Connection", "8c:16:45:01:02:03", ipaddress6="fe80::1"),
            network("Intel(R) Wi-Fi 6 AX201", "8C-16-45-AA-BB-CC", type="wifi", status="down"),
            network("Realtek USB GbE Family Controller", "00:e0:4c:68:01:db"),
            network("Lenovo dock adapter", "64:4b:f0:00:00:01"),
            network("Some adapter", "48:2a:e3:11:22:33"),
            network("VirtualBox Host-Only", "0a:00:27:00:00:10", virtualdev=True),
            network("Randomised", "9a:11:22:33:44:55", type="wifi"),
        ],
        "usbdevices": [{"name": "LAN", "serial": "482AE3112233"}],
        "softwares": [
            {"name": "7-Zip 23.01 (x64)", "publisher": "Igor Pavlov", "version": "23.01", "from": "registry"},
            {"name": "7-Zip 23.01 (x64)", "publisher": "Igor Pavlov", "version": "23.01", "from": "registry"},
            {"name": "Editor", "version": "1", "username": "nora", "install_date": "2024-05-06 07:08:09"},
            {"name": "KB5034441", "release_type": "Security Update"},
            {"name": "", "version": "2"},
        ],
        "versionclient": "GLPI-Agent_v1.7",
    }
    content.update(changes)
    return {
        "deviceid": "NB-017-2024-01-15-09-30-00",
        "action": "inventory",
        "itemtype": "Computer",
        "content": {key: value for key, value in content.items() if value is not None},
    }


def network(description: str, mac: str, **more: Any) -> dict[str, Any]:
    """One entry of ``networks``."""
    return {"description": description, "mac": mac, "status": "up", "type": "ethernet", "virtualdev": False, **more}


def monitor(serial: str, *, port: str = "", size: tuple[int, int] = (60, 34)) -> dict[str, str]:
    """One entry of ``monitors``."""
    data = edid(size=size, texts={0xFC: "DELL U2720Q"})
    found = {"caption": "DELL U2720Q", "name": "DELL U2720Q", "manufacturer": "Dell", "description": "11/2021"}
    found.update(serial=serial, base64=b2a_base64(data, newline=False).decode())
    return {**found, "port": port} if port else found


def first(document: dict[str, Any]) -> Observation:
    """What the inventory is of."""
    return reading(document).observations[0]


def fits(observation: Observation) -> None:
    """Every value is one that the schema takes."""
    for name, value in observation.values.items():
        attribute = SCHEMA.attribute(observation.cls, name)
        if attribute.type == "reference":
            assert isinstance(value, NamedReference), name
            assert value.cls in SCHEMA.classes, name
        else:
            check(attribute, value)
    for link in observation.links:
        assert link.type in SCHEMA.relationships
