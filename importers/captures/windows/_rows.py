"""Safe access to what Windows answered as JSON: any value may be missing or of another type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmdb.model.json_text import parsed
from importers.captures.capture import Capture
from importers.captures.entries import whole

Row = Mapping[str, Any]


def rows(capture: Capture, name: str) -> list[Row]:
    """The objects of a section. PowerShell writes some lists of one as an object, and some lists as an object
    with their ``value`` and ``Count``.

    Raises JsonProblem.
    """
    found = _value(capture, name)
    if isinstance(found, dict):
        found = [found]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def row(capture: Capture, name: str) -> Row:
    """The only object of a section; empty where there is none. Raises JsonProblem."""
    return next(iter(rows(capture, name)), {})


def _value(capture: Capture, name: str) -> object:
    content = capture.content(name).strip()
    found = parsed(content) if content else None
    return _unwrapped(found) if '"Count":' in content else found


def _unwrapped(found: Any) -> Any:
    if isinstance(found, dict):
        if isinstance(found.get("value"), list) and found.keys() == {"value", "Count"}:
            return _unwrapped(found["value"])
        return {key: _unwrapped(one) for key, one in found.items()}
    return [_unwrapped(one) for one in found] if isinstance(found, list) else found


def flag(entry: Row, key: str) -> bool | None:
    """The truth under a key, or None."""
    found = entry.get(key)
    if isinstance(found, bool):
        return found
    return {0: False, 1: True}.get(found) if isinstance(found, int) else None


def named(names: Mapping[int, str], entry: Row, key: str) -> str:
    """The name of the number under a key; "" where there is none."""
    number = whole(entry, key)
    return "" if number is None else names.get(number, "")
