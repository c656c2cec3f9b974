"""What disks say of their health: SMART by smartctl where it is installed and root asks, temperature by the kernel.

A disk that sleeps is not woken.
"""

from __future__ import annotations

import re
from typing import Any

from cmdb.model.json_text import parsed
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_ELEVATE = "health of disks (SMART)"
_PROGRAMS = ("/usr/sbin/smartctl", "/sbin/smartctl", "/usr/local/sbin/smartctl", "/usr/bin/smartctl")
#: Disks that can have a health: neither virtual ones nor parts of others.
_DISK = r"(sd[a-z]+|nvme\d+n\d+)"


def smart(answer: str) -> dict[str, Any]:
    """The health in smartctl's JSON: whether it passed, hours, degrees, and percent of its life that are used."""
    try:
        told = parsed(answer)
    except ValueError:
        return {}
    passed = _of(told, "smart_status", "passed")
    wear = _of(told, "nvme_smart_health_information_log", "percentage_used")
    if not _whole(wear):
        wear = _of(told, "endurance_used", "current_percent")
    hours, degrees = _of(told, "power_on_time", "hours"), _of(told, "temperature", "current")
    return present(
        health={True: "passed", False: "failed"}.get(passed) if isinstance(passed, bool) else None,
        hours=hours if _whole(hours) else None,
        temperature=degrees if _whole(degrees) else None,
        wear=wear if _whole(wear) else None,
    )


def _of(told: Any, *keys: str) -> Any:
    for key in keys:
        told = told.get(key) if isinstance(told, dict) else None
    return told


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32


def _collect(probe: Probe) -> Content:
    disks = [name for name in probe.names("/sys/block") if re.fullmatch(_DISK, name)]
    program = next((path for path in _PROGRAMS if probe.exists(path)), "") if disks else ""
    if program and not probe.host.elevated:
        probe.hidden(_ELEVATE)
        program = ""
    found = []
    for name in disks:
        told = smart(probe.run(program, "-j", "-i", "-H", "-A", "-n", "standby", f"/dev/{name}")) if program else {}
        degrees = _degrees(probe, name)
        if degrees is not None:
            told.setdefault("temperature", degrees)
        if told:
            found.append({"name": name, **told})
    return {"terrier": {"disk_health": found}} if found else {}


def _degrees(probe: Probe, name: str) -> int | None:
    """The temperature as the kernel knows it: it needs no rights, but the driver's help."""
    base = f"/sys/block/{name}/device/"
    for folder in (base, base + "hwmon/"):
        for one in probe.names(folder):
            if re.fullmatch(r"hwmon\d+", one):
                value = probe.number(f"{folder}{one}/temp1_input")
                return round(value / 1000) if value is not None else None
    return None


COLLECTOR = Collector("disk health", _collect, limit=15.0, sections=(Section("terrier.disk_health", _ELEVATE),))
