"""Protection against malware: programs that are installed, whether they run, and how old ClamAV's lists are."""

from __future__ import annotations

import re
import time
from typing import Any

from importers.discovery.collector import present
from importers.discovery.host import Probe

#: A file of the program, its name and maker, and the names of its processes as the kernel has them (15 characters).
_PROGRAMS = (
    ("/usr/sbin/clamd", "ClamAV", "Cisco", ("clamd",)),
    ("/usr/bin/clamscan", "ClamAV", "Cisco", ("clamd",)),
    ("/opt/microsoft/mdatp", "Microsoft Defender for Endpoint", "Microsoft", ("wdavdaemon",)),
    ("/opt/sophos-spl", "Sophos Protection for Linux", "Sophos", ("sophos_manageme",)),
    ("/opt/eset/eea", "ESET Endpoint Antivirus", "ESET", ("eea", "startd")),
    ("/opt/eset/efs", "ESET Server Security", "ESET", ("startd",)),
    ("/opt/CrowdStrike", "CrowdStrike Falcon", "CrowdStrike", ("falcon-sensor", "falcon-sensor-b")),
    ("/opt/sentinelone", "SentinelOne", "SentinelOne", ("s1-agent", "s1-orchestrator")),
    ("/opt/ds_agent", "Trend Micro Deep Security", "Trend Micro", ("ds_agent",)),
    ("/opt/bitdefender-security-tools", "Bitdefender Endpoint Security Tools", "Bitdefender", ("bdsecd",)),
    ("/opt/kaspersky/kesl", "Kaspersky Endpoint Security", "Kaspersky", ("kesl",)),
)  # fmt: skip
_LISTS = "/var/lib/clamav/"
_HEAD = r"ClamAV-VDB:(\d{1,2} \w{3} \d{4}) [\d-]+ [+-]\d{4}:(\d+):"


def list_of_signatures(head: str) -> dict[str, str]:
    """Number and day of a list of ClamAV, by the head of its file."""
    match = re.match(_HEAD, head)
    if not match:
        return {}
    try:
        day = time.strftime("%Y-%m-%d", time.strptime(match[1], "%d %b %Y"))
    except ValueError:
        day = ""
    return present(base_version=match[2], base_creation=day)


def antivirus(probe: Probe) -> list[dict[str, Any]]:
    """The programs that are installed, and whether they run, where all processes may be seen."""
    there = {name: (maker, processes) for file, name, maker, processes in reversed(_PROGRAMS) if probe.exists(file)}
    running = _running(probe) if there else None
    found: dict[str, dict[str, Any]] = {}
    for name, (maker, processes) in sorted(there.items()):
        enabled = None if running is None else any(one in running for one in processes)
        found[name] = present(name=name, company=maker, enabled=enabled)
    if "ClamAV" in found:
        found["ClamAV"].update(_newest_list(probe))
    return list(found.values())


def _running(probe: Probe) -> set[str] | None:
    """The names of all processes; None where not all may be seen."""
    pids = [name for name in probe.names("/proc") if name.isdigit()]
    return {probe.value(f"/proc/{pid}/comm") for pid in pids} if "1" in pids else None


def _newest_list(probe: Probe) -> dict[str, str]:
    names = [name for name in probe.names(_LISTS) if name.startswith("daily.")]
    heads = [list_of_signatures(probe.read(_LISTS + name, most=512)) for name in names]
    return max(heads, key=lambda one: int(one.get("base_version", 0)), default={})
