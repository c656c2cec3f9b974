"""Processes with their arguments, which can hold secrets: only where a person asked for them."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import rows
from importers.discovery.collector import Content


def _parse(capture: Capture) -> Content:
    found = [
        {"pid": whole(one, "ProcessId"), "command_line": text(one, "CommandLine")}
        for one in rows(capture, "command-lines")
        if whole(one, "ProcessId") and text(one, "CommandLine")
    ]
    return {"terrier": {"command_lines": found}} if found else {}


SUBJECT = Subject("command lines", _parse, ("command-lines",), asked=True)
