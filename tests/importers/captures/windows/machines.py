"""Captures of Windows, as the script writes them: the files beside this one, and what tests change in them.

``laptop``: of a domain, scanned by the ordinary user who has it. ``german``: a PC that somebody built, in a workgroup,
with firmware that was never filled in. ``server``: Windows Server 2022 with Hyper-V and SQL Server, scanned by an
administrator. ``tablet``: with an ARM processor, joined to Azure AD alone. ``old``: a 32-bit Windows 10 of 2015 without
the classes that came later; nobody has said in which culture it writes dates.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from importers.captures.capture import Capture, CaptureSection, parse

MACHINES = ("laptop", "german", "server", "tablet", "old")
ANNA = "S-1-5-21-1004336348-1177238915-682003330-1105"
BEN = "S-1-5-21-1004336348-1177238915-682003330-1106"


def text(name: str) -> str:
    """The file of a machine's capture."""
    return (Path(__file__).parent / f"{name}.capture").read_text("utf-8")


def machine(name: str, **sections: Any) -> Capture:
    """A machine's capture with other rows, a section's outcome, or without it (None). "_" is "-" in names."""
    found = parse(text(name))
    changed = dict(found.sections)
    for key, rows in sections.items():
        section = key.replace("_", "-")
        if rows is None:
            del changed[section]
        elif isinstance(rows, CaptureSection):
            changed[section] = rows
        else:
            changed[section] = CaptureSection("collected", 0.1, (), json.dumps(rows))
    return found._replace(sections=changed)


def rows_of(name: str, section: str) -> list[dict[str, Any]]:
    """The rows of a section of a machine."""
    found: list[dict[str, Any]] = json.loads(parse(text(name)).content(section))
    return found


def one(name: str, section: str, **changes: Any) -> list[dict[str, Any]]:
    """The rows of a section, the first with other values."""
    first, *rest = rows_of(name, section)
    return [{**first, **changes}, *rest]
