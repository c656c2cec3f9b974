"""Processes with their arguments, which can hold secrets: only where a person asks for them."""

from __future__ import annotations

from importers.discovery.collector import Collector, Content
from importers.discovery.host import Probe
from importers.discovery.linux._processes import ELEVATE

_LONGEST = 4096
"""Bytes of a command line that are kept."""


def _collect(probe: Probe) -> Content:
    found = []
    for pid in sorted((name for name in probe.names("/proc") if name.isdigit()), key=int):
        words = probe.read(f"/proc/{pid}/cmdline", ELEVATE, _LONGEST).rstrip("\0").split("\0")
        if words[0]:
            found.append({"pid": int(pid), "command_line": " ".join(words)})
    return {"terrier": {"command_lines": found}} if found else {}


COLLECTOR = Collector("command lines", _collect, asked=True)
