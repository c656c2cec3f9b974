"""Jobs that run by the clock: systemd timers, tables of cron and anacron, jobs of at. Programs only; their arguments
can hold secrets.
"""

from __future__ import annotations

import re
import time
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _units
from importers.discovery.linux._accounts import passwd

_ELEVATE = "the cron tables of users"
_WHEN = re.compile(r"^(@\w+|\S+(?:\s+\S+){4})\s+(.*)$")
_TIMES = ("OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnUnitActiveSec", "OnUnitInactiveSec")
_FOLDERS = ("hourly", "daily", "weekly", "monthly")
_ELEVATE_AT = "jobs of at"
_AT = ("/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs")
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


def anacrontab(text: str) -> list[dict[str, Any]]:
    """The jobs of anacron: days or a word, minutes of delay, name, command (anacrontab(5))."""
    found = []
    for line in text.splitlines():
        words = line.split(None, 3)
        if len(words) == 4 and re.fullmatch(r"\d+|@\w+", words[0]) and words[1].isdigit():
            when = f"every {words[0]} days" if words[0].isdigit() else words[0]
            program = _units.job_program(words[3])
            found.append(present(manager="anacron", name=words[2], schedule=when, user="root", program=program))
    return found


def _collect(probe: Probe) -> Content:
    jobs = [*_timers(probe), *_cron(probe), *anacrontab(probe.read("/etc/anacrontab")), *_at(probe)]
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
            if user in ("atjobs", "atspool", "crontabs", "lastrun"):
                continue
            found += crontab(probe.read(f"{folder}/{user}", _ELEVATE), user)
    return [{"manager": "cron", **job} for job in found]


def _at(probe: Probe) -> list[dict[str, Any]]:
    """Jobs that run once: the name of a file is its queue, its number and the minute, in hexadecimal."""
    users = {one.uid: one.login for one in passwd(probe.read("/etc/passwd"))}
    found = []
    for folder in _AT:
        for name in probe.names(folder, _ELEVATE_AT):
            match = re.fullmatch(r"([a-zA-Z])([0-9a-f]{5})([0-9a-f]{8})", name)
            if match:
                when = time.strftime("%Y-%m-%d %H:%M", time.localtime(int(match[3], 16) * 60))
                owner = probe.owner(f"{folder}/{name}")
                user = "" if owner is None else users.get(owner, str(owner))
                found.append(present(manager="at", name=str(int(match[2], 16)), schedule=when, user=user))
    return found


COLLECTOR = Collector(
    "scheduled jobs",
    _collect,
    sections=(Section("terrier.scheduled_jobs", _ELEVATE), Section("terrier.scheduled_jobs", _ELEVATE_AT)),
)
