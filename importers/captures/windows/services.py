"""Services of Windows: how each starts, what it runs, and as whom."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, flag, rows
from importers.discovery.collector import Content, Section, present

_STARTS = {"Auto": "automatic", "Manual": "manual", "Disabled": "disabled", "Boot": "automatic", "System": "automatic"}


def program_of(command: str) -> str:
    """The program of a command, without its arguments, which can hold secrets."""
    command = command.strip()
    if command.startswith('"'):
        return command[1:].partition('"')[0]
    at = command.lower().find(".exe")
    return command[: at + 4] if at >= 0 else command.partition(" ")[0]


def _parse(capture: Capture) -> Content:
    found = [_service(one) for one in rows(capture, "services") if text(one, "Name")]
    return {"terrier": {"services": found}} if found else {}


def _service(one: Row) -> dict[str, Any]:
    start = _STARTS.get(text(one, "StartMode"), "")
    return present(
        name=text(one, "Name"),
        description=text(one, "DisplayName"),
        manager="Windows",
        start="automatic, delayed" if start == "automatic" and flag(one, "DelayedAutoStart") else start,
        program=program_of(text(one, "PathName")),
        user=text(one, "StartName"),
        state="running" if text(one, "State") == "Running" else "stopped",
        pid=whole(one, "ProcessId") or None,
    )


SUBJECT = Subject("services", _parse, ("services",), (Section("terrier.services"),))
