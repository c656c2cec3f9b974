"""Printer queues of CUPS. Its configuration is for root; the list that it keeps for old programs is for everyone."""

from __future__ import annotations

import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_ELEVATE = "printer queues (drivers, addresses)"
_QUEUE = re.compile(r"^<(?:Default)?Printer (\S+)>\n(.*?)^</(?:Default)?Printer>", re.MULTILINE | re.DOTALL)
_LOCAL = ("usb:", "parallel:", "serial:", "hp:/usb", "file:")


def printers_conf(text: str) -> list[dict[str, Any]]:
    """The queues of CUPS's printers.conf. User names and passwords in a device's address are left out."""
    found = []
    for match in _QUEUE.finditer(text):
        fields = dict(line.partition(" ")[::2] for line in match[2].splitlines())
        port = re.sub(r"//[^/@]*@", "//", fields.get("DeviceURI", ""))
        found.append(
            {
                **present(
                    name=match[1],
                    description=fields.get("Info"),
                    comment=fields.get("Location"),
                    driver=fields.get("MakeModel"),
                    port=port,
                    status=fields.get("State"),
                ),
                **({"network": not port.startswith(_LOCAL)} if port else {}),
                **({"shared": fields["Shared"] == "Yes"} if "Shared" in fields else {}),
            }
        )
    return found


def printcap(text: str) -> list[dict[str, Any]]:
    """The queues of a printcap as CUPS writes it: ``name|description:…``."""
    found = []
    for line in text.splitlines():
        if line and not line.startswith(("#", " ", "\t", ":")):
            name, _, description = line.partition(":")[0].partition("|")
            found.append(present(name=name.strip(), description=description.strip()))
    return [queue for queue in found if "name" in queue]


def _collect(probe: Probe) -> Content:
    queues = printers_conf(probe.read("/etc/cups/printers.conf", _ELEVATE))
    queues = queues or printcap(probe.read("/run/cups/printcap") or probe.read("/etc/printcap"))
    return {"printers": queues} if queues else {}


COLLECTOR = Collector("printers", _collect, sections=(Section("printers", _ELEVATE),))
