"""Scans of a made-up laptop, on the Scan page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app import scans as scanning
from cmdb.model.messages import Message
from importers.discovery import Inventory
from importers.discovery.collector import CollectorOutcome
from ui.pages.scan.page import ScanPage


def document(**changes: Any) -> dict[str, Any]:
    """The inventory of a made-up laptop."""
    content = {
        "versionclient": "Terrier",
        "hardware": {"name": "lt-9001", "chassis_type": "Laptop", "memory": 32768},
        "bios": {"ssn": "PF9001XYZ", "smanufacturer": "Lenovo", "smodel": "ThinkPad T14 G4"},
        "operatingsystem": {"name": "Debian GNU/Linux", "full_name": "Debian GNU/Linux 12 (bookworm)", "version": "12"},
        "softwares": [{"name": "vim", "version": "9", "from": "deb"}, {"name": "git", "version": "2", "from": "deb"},
                      {"name": "six", "version": "1", "from": "pip"}],
        "terrier": {
            "format": 1,
            "machine_id": "0123456789abcdef0123456789abcdef",
            "scanned_at": "2026-11-20T08:00:00Z",
            "listening_ports": [{"protocol": "tcp", "port": 22, "address": "0.0.0.0", "process": "sshd"}],
            "services": [{"name": f"s{i}", "start": "automatic", "state": "running"} for i in range(9)],
        },
    }  # fmt: skip
    content["hardware"].update(changes)  # type: ignore[attr-defined]
    return {"deviceid": "lt-9001", "action": "inventory", "itemtype": "Computer", "content": content}


def inventory(**changes: Any) -> Inventory:
    return Inventory(
        document(**changes),
        (
            CollectorOutcome("system", "collected", 0.01, elevate=("serial numbers",)),
            CollectorOutcome("storage", "timed out", 5.0, Message("stopped after {seconds} s", seconds=5)),
            CollectorOutcome("memory", "not permitted", 0.01, elevate=("memory modules",)),
            CollectorOutcome("printers", "absent", 0.0),
        ),
    )


def scanned(page: ScanPage, found: Inventory, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans a computer whose inventory is given."""
    monkeypatch.setattr(scanning, "scan", lambda control, heard, plugins=(), watch=None: found)
    monkeypatch.setattr(scanning, "names", lambda plugins=(): [o.name for o in found.outcomes])
    page.scan()
    idle()
