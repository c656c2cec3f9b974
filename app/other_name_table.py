"""The names in other programs, as a table of the documentation."""

from __future__ import annotations

from app.other_names import TABLE


def other_names() -> str:
    """Their words; Terrier's command, or what Terrier has instead."""
    lines = [f"| {one.names} | {one.note or f'`{one.command}`'} |" for one in TABLE if one.command]
    return "\n".join(("| their words | in Terrier |", "| --- | --- |", *lines))
