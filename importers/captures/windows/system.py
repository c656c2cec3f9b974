"""The machine itself: maker, model, serial numbers, chassis, mainboard, firmware, secure boot, TPM."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.subject import Subject
from importers.captures.windows._rows import row, text
from importers.discovery.collector import Content, Section, present


def _parse(capture: Capture) -> Content:
    hardware = present(name=text(row(capture, "computer-system"), "Name"))
    return {"hardware": hardware} if hardware else {}


SUBJECT = Subject("system", _parse, ("computer-system",), (Section("hardware"),))
