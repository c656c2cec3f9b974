"""Processes, without their arguments, which can hold secrets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates
from importers.captures.windows._rows import Row, row, rows
from importers.discovery.collector import NOT_PERMITTED, Content, Section, present


def _parse(capture: Capture) -> Content:
    dates = MachineDates.of(capture)
    total = whole(row(capture, "computer-system"), "TotalPhysicalMemory") or 0
    found = [
        _process(one, dates, total)
        for one in rows(capture, "processes")
        if whole(one, "ProcessId") and text(one, "Name")
    ]
    return {"processes": found} if found else {}


def _process(one: Row, dates: MachineDates, total: int) -> dict[str, Any]:
    resident = whole(one, "WorkingSetSize") or 0
    return {
        "pid": whole(one, "ProcessId"),
        "cmd": text(one, "ExecutablePath") or text(one, "Name"),
        "user": text(one, "User").rpartition("\\")[2],  # the format wants one; that of others is told to administrators
        **present(
            started=dates.local(one, "CreationDate"),
            mem=f"{resident / total * 100:.1f}" if total and resident else None,
            virtualmemory=(whole(one, "VirtualSize") or 0) // 1024 or None,
        ),
    }


def unseen(capture: Capture) -> Collection[str]:
    """An ordinary user is told all processes, without the users of others, or, where that is forbidden, none."""
    found = capture.sections.get("processes")
    return ("processes",) if found is not None and found.outcome == NOT_PERMITTED else ()


SUBJECT = Subject("processes", _parse, ("computer-system", "processes"), (Section("processes"),), unseen)
