"""Services: launchd's, with what starts them and whether they run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import dropwhile, takewhile
from typing import Any

from importers.captures.capture import Capture
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

CLOCK = ("StartInterval", "StartCalendarInterval")


def jobs(content: str) -> list[dict[str, str]]:
    """The jobs of launchd's files: "file" and the keys that the script read; one without a label is none."""
    found: list[dict[str, str]] = []
    for line in content.splitlines():
        key, _, value = line.partition(" ")
        if key == "file":
            found.append({"file": value})
        elif found:
            found[-1].setdefault(key, value.strip())
    return [one for one in found if one.get("Label")]


def program(job: Mapping[str, str]) -> str:
    """The program of a job; its arguments were not read."""
    return job.get("Program") or job.get("ProgramArguments:0", "")


def by_the_clock(job: Mapping[str, str]) -> bool:
    """Whether launchd starts a job by the clock."""
    return any(key.startswith(CLOCK) for key in job)


def running(content: str) -> dict[str, int]:
    """The services of ``launchctl print system`` → their process, 0 for those that don't run."""
    lines = iter(map(str.strip, content.splitlines()))
    found = {}
    for line in takewhile(lambda line: line != "}", dropwhile(lambda line: line != "services = {", lines)):
        words = line.split()
        if len(words) in (3, 4) and re.fullmatch(r"\d{1,7}", words[0]):
            found[words[-1]] = int(words[0])
    return found


def disabled(content: str) -> set[str]:
    """The services that are disabled, in the words of older and newer systems."""
    return set(re.findall(r'^[ \t]*"([^"\n]+)" => (?:disabled|true)\s*$', content, re.MULTILINE))


def _parse(capture: Capture) -> Content:
    told = capture.content("launchd-running")
    pids, off = running(told), disabled(told)
    found = {}
    for job in jobs(capture.content("launchd")):
        if not by_the_clock(job):
            found[job["Label"]] = _service(job, pids.get(job["Label"]), job["Label"] in off)
    for label, pid in pids.items():
        found.setdefault(
            label,
            present(
                name=label,
                manager="launchd",
                start="disabled" if label in off else "",
                state="running" if pid else "stopped",
                pid=pid or None,
            ),
        )
    return {"terrier": {"services": [found[label] for label in sorted(found)]}} if found else {}


def _service(job: Mapping[str, str], pid: int | None, off: bool) -> dict[str, Any]:
    at_once = "true" in (job.get("RunAtLoad"), job.get("KeepAlive"))
    agent = "/LaunchAgents/" in job["file"]
    return present(
        name=job["Label"],
        manager="launchd",
        program=program(job),
        user=job.get("UserName") or ("" if agent else "root"),
        start="disabled" if off or job.get("Disabled") == "true" else "automatic" if at_once else "on demand",
        state="running" if pid else "" if pid is None else "stopped",
        pid=pid or None,
    )


SUBJECT = Subject("services", _parse, ("launchd", "launchd-running"), (Section("terrier.services"),))
