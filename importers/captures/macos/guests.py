"""Virtual machines that this Mac hosts: those of Parallels Desktop and VMware Fusion that its user may see."""

from __future__ import annotations

import re
from typing import Any

from cmdb.model.json_text import parsed
from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.macos._answers import Entry, mapping
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_STATES = {"running": "running", "paused": "paused", "suspended": "paused", "stopped": "off"}


def parallels(entry: Entry) -> dict[str, Any] | None:
    """A guest of ``prlctl list -a -i -j``; of the short list of old versions, what that tells."""
    name = text(entry, "Name") or text(entry, "name")
    if not name:
        return None
    hardware = mapping(entry, "Hardware")
    memory = re.match(r"(\d{1,9})\s*Mb", text(mapping(hardware, "memory"), "size"), re.IGNORECASE)
    macs = (text(mapping(hardware, key), "mac") for key in sorted(hardware) if key.startswith("net"))
    mac = next((one for one in macs if re.fullmatch(r"[0-9A-Fa-f]{12}", one)), "")
    state = (text(entry, "State") or text(entry, "status")).lower()
    return present(
        name=name,
        uuid=(text(entry, "ID") or text(entry, "uuid")).strip("{}").upper(),
        memory=int(memory[1]) if memory else None,
        vcpu=whole(mapping(hardware, "cpu"), "cpus"),
        mac=":".join(re.findall("..", mac.lower())),
        status=_STATES.get(state),
        operatingsystem={"full_name": told} if (told := text(entry, "OS")) else None,
        vmtype="parallels",
        subsystem="Parallels",
    )


def vmware(content: str) -> list[dict[str, Any]]:
    """The guests of VMware Fusion, by the lines of their settings that the script read."""
    found = []
    for block in re.split(r"^file .*$", content, flags=re.MULTILINE)[1:]:
        fields = {key.lower(): value for key, value in re.findall(r'^([\w.:]+)\s*=\s*"(.*)"\s*$', block, re.MULTILINE)}
        name = fields.get("displayname")
        if not name:
            continue
        digits = re.sub(r"[^0-9A-Fa-f]", "", fields.get("uuid.bios", "")).upper()
        memory, cores = fields.get("memsize", ""), fields.get("numvcpus", "1")
        found.append(
            present(
                name=name,
                uuid="-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
                if len(digits) == 32
                else "",
                memory=int(memory) if re.fullmatch(r"\d{1,9}", memory) else None,
                vcpu=int(cores) if re.fullmatch(r"\d{1,4}", cores) else None,
                mac=(fields.get("ethernet0.address") or fields.get("ethernet0.generatedaddress", "")).lower(),
                operatingsystem={"full_name": fields["guestos"]} if fields.get("guestos") else None,
                vmtype="vmware",
                subsystem="VMware Fusion",
            )
        )
    return found


def _parse(capture: Capture) -> Content:
    content = capture.content("parallels").strip()
    listed = parsed(content) if content else []
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = [one for one in map(parallels, entries) if one]
    found += vmware(capture.content("vmware"))
    return {"virtualmachines": found} if found else {}


SUBJECT = Subject("guests", _parse, ("parallels", "vmware"), (Section("virtualmachines"),))
