"""Features of Windows and roles of servers that are turned on."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import rows
from importers.discovery.collector import Content, Section

_ELEVATE = "features of Windows"


def _parse(capture: Capture) -> Content:
    """By the names that are the same in every language. A server tells the numbers of its roles alone."""
    found = {name: {"name": name} for one in rows(capture, "features") if (name := text(one, "Name"))}
    return {"terrier": {"features": [found[name] for name in sorted(found)]}} if found else {}


SUBJECT = Subject("features", _parse, ("features",), (Section("terrier.features", _ELEVATE),))
