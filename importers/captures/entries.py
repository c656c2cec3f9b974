"""Safe access to an object that a machine answered: any value may be missing or of another type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Entry = Mapping[str, Any]


def text(entry: Entry, key: str) -> str:
    """The text under a key, numbers and bytes as text, the first of a list; "" where there is none."""
    found = entry.get(key)
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, bytes):
        found = found.decode("utf-8", "replace")
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return ""
    return str(found).replace("\0", "").strip()


def whole(entry: Entry, key: str) -> int | None:
    """The whole number under a key, numbers in a text too; None where there is none that is positive or 0."""
    found = entry.get(key)
    if isinstance(found, str) and found.strip().isdecimal() and len(found) < 20:
        found = int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 63 else None
