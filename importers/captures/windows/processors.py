"""Processors: one entry for each socket that has one, which licences are counted by."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, rows
from importers.discovery.collector import Content, Section, present

_ARCHITECTURES = {0: "i686", 9: "x86_64", 12: "aarch64"}
_MAKERS = {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}


def _parse(capture: Capture) -> Content:
    found = [_processor(one) for one in rows(capture, "processors") if text(one, "Name")]
    return {"cpus": found} if found else {}


def _processor(one: Row) -> dict[str, Any]:
    maker = text(one, "Manufacturer")
    stepping = text(one, "Stepping")
    return present(
        name=" ".join(text(one, "Name").split()),
        manufacturer=_MAKERS.get(maker, maker),
        description=text(one, "Description"),
        core=whole(one, "NumberOfCores") or None,
        corecount=whole(one, "NumberOfEnabledCore") or None,
        thread=whole(one, "NumberOfLogicalProcessors") or None,
        speed=whole(one, "MaxClockSpeed") or None,
        external_clock=whole(one, "ExtClock") or None,
        arch=named(_ARCHITECTURES, one, "Architecture"),
        stepping=int(stepping) if stepping.isdecimal() and len(stepping) < 6 else None,
        id=text(one, "ProcessorId"),
    )


SUBJECT = Subject("processors", _parse, ("processors",), (Section("cpus"),))
