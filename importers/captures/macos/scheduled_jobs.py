"""Jobs that run by the clock: launchd's and cron's. Programs only; their arguments can hold secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from importers.captures.capture import Capture
from importers.captures.macos.services import by_the_clock, disabled, jobs, program
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_CRON = "the cron tables of users"
_FIELDS = ("Month", "Day", "Weekday", "Hour", "Minute")


def schedule(job: Mapping[str, str]) -> str:
    """When launchd starts a job: "every 3600 s", or the fields of its calendar: "Hour 3, Minute 15"."""
    if seconds := job.get("StartInterval"):
        return f"every {seconds} s"
    told = ((field, job.get(f"StartCalendarInterval:{field}")) for field in _FIELDS)
    return ", ".join(f"{field} {value}" for field, value in told if value)


def cron(content: str) -> list[dict[str, Any]]:
    """The jobs of cron, as the script wrote them: user, times and program, with tabs between."""
    found = []
    for line in content.splitlines():
        user, tab, rest = line.partition("\t")
        times, other, command = rest.partition("\t")
        if tab and other and re.fullmatch(r"@\w+|\S+(?: \S+){4}", times):
            found.append(present(manager="cron", schedule=times, user=user, program=command.strip()))
    return found


def _parse(capture: Capture) -> Content:
    off = disabled(capture.content("launchd-running"))
    found = [
        {
            **present(manager="launchd", name=job["Label"], schedule=schedule(job), program=program(job)),
            **present(user=job.get("UserName")),
            "enabled": job["Label"] not in off and job.get("Disabled") != "true",
        }
        for job in jobs(capture.content("launchd"))
        if by_the_clock(job)
    ]
    found += cron(capture.content("cron"))
    return {"terrier": {"scheduled_jobs": found}} if found else {}


SUBJECT = Subject(
    "scheduled jobs", _parse, ("launchd", "launchd-running", "cron"), (Section("terrier.scheduled_jobs", _CRON),)
)
