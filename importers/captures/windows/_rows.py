"""Safe access to what Windows answered as JSON: any value may be missing or of another type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmdb.model.json_text import parsed
from importers.captures.capture import Capture

Row = Mapping[str, Any]


def rows(capture: Capture, name: str) -> list[Row]:
    """The objects of a section. PowerShell writes a list of one as an object, or as an object with its ``value``.

    Raises JsonProblem.
    """
    found = _value(capture, name)
    if isinstance(found, dict) and isinstance(found.get("value"), list) and found.keys() <= {"value", "Count"}:
        found = found["value"]
    if isinstance(found, dict):
        found = [found]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def row(capture: Capture, name: str) -> Row:
    """The only object of a section; empty where there is none. Raises JsonProblem."""
    return next(iter(rows(capture, name)), {})


def _value(capture: Capture, name: str) -> object:
    content = capture.content(name).strip()
    return parsed(content) if content else None


def text(entry: Row, key: str) -> str:
    """The text under a key without blanks at its ends; a number as text; "" where there is none."""
    found = entry.get(key)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return ""
    return str(found).replace("\0", "").strip()


def whole(entry: Row, key: str) -> int | None:
    """The whole number under a key, numbers in a text too; None where there is none that is positive or 0."""
    found = entry.get(key)
    if isinstance(found, str) and found.strip().isdecimal() and len(found) < 20:
        found = int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 63 else None


def flag(entry: Row, key: str) -> bool | None:
    """The truth under a key, or None."""
    found = entry.get(key)
    if isinstance(found, bool):
        return found
    return {0: False, 1: True}.get(found) if isinstance(found, int) else None
