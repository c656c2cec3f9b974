"""The virtual machines that Hyper-V runs on this computer."""

from __future__ import annotations

import re
from typing import Any

from cmdb.model.mac_addresses import adapter_mac
from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, rows
from importers.discovery.collector import Content, Section, present

_ELEVATE = "virtual machines of Hyper-V"
#: Msvm_ComputerSystem.EnabledState.
_STATES = {2: "running", 3: "off", 6: "shutdown", 9: "paused", 32768: "paused", 32769: "off", 32770: "running"}
_GUID = re.compile(r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}", re.IGNORECASE)
_REALISED = "Microsoft:Hyper-V:System:Realized"


def _parse(capture: Capture) -> Content:
    settings = {
        text(one, "VirtualSystemIdentifier").upper(): one
        for one in rows(capture, "virtual-machine-settings")
        if text(one, "VirtualSystemType") in ("", _REALISED)  # the others are checkpoints
    }
    memory = _by_machine(rows(capture, "virtual-machine-memory"))
    processors = _by_machine(rows(capture, "virtual-machine-processors"))
    adapters = _by_machine(rows(capture, "virtual-machine-adapters"))
    found = []
    for one in rows(capture, "virtual-machines"):
        number = text(one, "Name").upper()
        if _GUID.fullmatch(number):  # the host is among them, by its own name
            found.append(_guest(one, settings.get(number, {}), memory, processors, adapters, number))
    return {"virtualmachines": found} if found else {}


def _by_machine(listed: list[Row]) -> dict[str, list[Row]]:
    """Settings by the id of the machine, which is the first id in their own."""
    found: dict[str, list[Row]] = {}
    for one in listed:
        match = _GUID.search(text(one, "InstanceID"))
        if match:
            found.setdefault(match[0].upper(), []).append(one)
    return found


def _guest(
    one: Row,
    settings: Row,
    memory: dict[str, list[Row]],
    processors: dict[str, list[Row]],
    adapters: dict[str, list[Row]],
    number: str,
) -> dict[str, Any]:
    macs = [mac for adapter in adapters.get(number, []) if (mac := adapter_mac(text(adapter, "Address")))]
    return present(
        name=text(one, "ElementName"),
        uuid=text(settings, "BIOSGUID").strip("{}").upper(),
        serial=text(settings, "BIOSSerialNumber"),
        subsystem="Hyper-V",
        vmtype="Hyper-V",
        status=named(_STATES, one, "EnabledState"),
        memory=sum(whole(part, "VirtualQuantity") or 0 for part in memory.get(number, [])) or None,
        vcpu=sum(whole(part, "VirtualQuantity") or 0 for part in processors.get(number, [])) or None,
        mac="/".join(macs),
    )


SUBJECT = Subject(
    "guests",
    _parse,
    (
        "virtual-machines",
        "virtual-machine-settings",
        "virtual-machine-memory",
        "virtual-machine-processors",
        "virtual-machine-adapters",
    ),
    (Section("virtualmachines", _ELEVATE),),
)
