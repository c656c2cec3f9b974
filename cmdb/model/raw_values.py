"""Values as they come in, before they are read: how a sentence quotes one."""

from __future__ import annotations

from datetime import date, datetime, time


def quoted(raw: object) -> str:
    """What was typed, or what a cell shows: 1 for the number 1.0, 2024-05-06 for a date, never Python's own writing."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime):
        if raw.time() == time():
            return raw.date().isoformat()
        return raw.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)
