"""Jobs that run by the clock: systemd timers and cron tables. Programs only; their arguments can hold secrets."""

from __future__ import annotations

import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _units

_ELEVATE = "the cron tables of users"
_WHEN = re.compile(r"^(@\w+|\S+(?:\s+\S+){4})\s+(.*)$")
_TIMES = ("OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnUnitActiveSec", "OnUnitInactiveSec")
_FOLDERS = ("hourly", "daily", "weekly", "monthly")
_TABLES = ("/var/spool/cron/crontabs", "/var/spool/cron")


def crontab(text: str, user: str = "") -> list[dict[str, Any]]:
    """The jobs of a cron table. Without ``user``, each line names one before its command, as the system's tables do."""
    found = []
    for line in text.splitlines():
        line = line.strip()
        match = _WHEN.match(line)
        if line.startswith("#") or re.match(r"\w+\s*=", line) or not match:
            continue
        who, command = (user, match[2]) if user else match[2].partition(" ")[::2]
        if command:
            found.append(present(schedule=" ".join(match[1].split()), user=who, program=_units.job_program(command)))
    return found


def _collect(probe: Probe) -> Content:
    jobs = [*_timers(probe), *_cron(probe)]
    return {"terrier": {"scheduled_jobs": jobs}} if jobs else {}


def _timers(probe: Probe) -> list[dict[str, Any]]:
    enabled = _units.enabled(probe)
    found = []
    for name, folder in sorted(_units.names(probe, ".timer").items()):
        if "@." in name or probe.link(f"{folder}/{name}") == "/dev/null":
            continue
        settings = _units.unit(probe.read(f"{folder}/{name}"))
        when = [
            f"{key[2:]} {value}" if key != "OnCalendar" else value
            for key in _TIMES
            for value in settings.get(f"Timer.{key}", [])
        ]
        target = "".join(settings.get("Timer.Unit", [])[-1:]) or name.removesuffix(".timer") + ".service"
        found.append(
            {
                **present(
                    manager="systemd", name=name.removesuffix(".timer"), schedule="; ".join(when), program=target,
                    description=" ".join(settings.get("Unit.Description", [])[-1:]),
                ),
                "enabled": name in enabled,
            }
        )  # fmt: skip
    return found


def _cron(probe: Probe) -> list[dict[str, Any]]:
    found = crontab(probe.read("/etc/crontab"))
    for name in probe.names("/etc/cron.d"):
        if not name.startswith("."):
            found += crontab(probe.read(f"/etc/cron.d/{name}"))
    for how_often in _FOLDERS:
        for name in probe.names(f"/etc/cron.{how_often}"):
            if not name.startswith("."):
                found.append({"schedule": how_often, "user": "root", "program": f"/etc/cron.{how_often}/{name}"})
    for folder in _TABLES:
        for user in probe.names(folder, _ELEVATE):
            found += crontab(probe.read(f"{folder}/{user}", _ELEVATE), user)
    return [{"manager": "cron", **job} for job in found]


COLLECTOR = Collector("scheduled jobs", _collect, sections=(Section("terrier.scheduled_jobs", _ELEVATE),))
