"""The present moment, for everything that the register says or judges by: one clock, which TERRIER_NOW sets.

Upkeep of files (backups, traces, what was left unfinished) goes by the real time, as it is about real files.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timezone

from cmdb.model.errors import UserError
from cmdb.model.messages import Message

VARIABLE = "TERRIER_NOW"
"""The environment variable with an ISO time, at which the clock then stands. Without an offset it is local time."""


def moment() -> datetime:
    """The present moment, in local time with its offset. Raises UserError where TERRIER_NOW is no time."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return datetime.now(timezone.utc).astimezone()
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        raise UserError(
            Message(
                "{variable} is “{text}”, which is not a time such as {example}.",
                variable=VARIABLE,
                text=text,
                example="2026-03-31T09:00:00Z",
            )
        ) from None


def now() -> str:
    """The present moment as ISO 8601 in UTC with milliseconds: ``2026-11-22T10:15:30.123Z``."""
    return moment().astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today() -> date:
    """The present day, in local time."""
    return moment().date()
