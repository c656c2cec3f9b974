"""Processes: program, user, since when, memory, as ps lists them; no arguments."""

from __future__ import annotations

import re
from typing import NamedTuple

from importers.captures.capture import Capture
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LINE = re.compile(
    r"\s*(\d{1,7})\s+(\S+)\s+(\d{1,15})\s+([\d.,]{1,9})\s+"
    r"(?:\S+\s+)(?:(\d{1,2})\s+(\w{3})|(\w{3})\s+(\d{1,2}))\s+(\d\d:\d\d:\d\d)\s+(\d{4})\s+(\S.*)"
)


class MacProcess(NamedTuple):
    """A line of ps: ``memory`` is a share in percent, ``virtual`` in KiB, ``started`` on the Mac's own clock."""

    pid: int
    user: str
    virtual: int
    memory: str
    started: str
    program: str


def processes(content: str) -> list[MacProcess]:
    """The processes of ``ps -axo pid=,user=,vsz=,%mem=,lstart=,comm=``."""
    found = []
    for line in content.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match:
            day, month = match[5] or match[8], match[6] or match[7]
            when = f"{match[10]}-{MONTHS.index(month) + 1:02}-{int(day):02} {match[9]}" if month in MONTHS else ""
            found.append(
                MacProcess(int(match[1]), match[2], int(match[3]), match[4].replace(",", "."), when, match[11])
            )
    return found


def _parse(capture: Capture) -> Content:
    found = [
        {
            "pid": one.pid,
            "cmd": one.program,
            "user": one.user,
            **present(started=one.started, mem=one.memory, virtualmemory=one.virtual),
        }
        for one in processes(capture.content("processes"))
    ]
    return {"processes": found} if found else {}


SUBJECT = Subject("processes", _parse, ("processes",), (Section("processes"),))
