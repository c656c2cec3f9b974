"""A capture as an inventory document: the same that a scan of the machine itself would have written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from importers.captures import macos, windows
from importers.captures.capture import MACOS, WINDOWS, Capture
from importers.discovery.collector import Content
from importers.discovery.inventory_document import completed

_PLATFORMS: Mapping[str, Callable[[Capture], Content]] = {WINDOWS: windows.content, MACOS: macos.content}


def document(capture: Capture) -> Content:
    """The inventory document of a capture."""
    content = _PLATFORMS[capture.platform](capture)
    return completed(content, capture.taken_at, _local(capture.taken_at, content))


def _local(taken_at: str, content: Content) -> str:
    """The time on the machine's own clock, as far as it told its distance from UTC ("+0200")."""
    told = str(content.get("operatingsystem", {}).get("timezone", {}).get("offset", "+0000"))
    minutes = int(told[1:3]) * 60 + int(told[3:5])
    at = datetime.fromisoformat(taken_at.replace("Z", "+00:00"))
    with suppress(OverflowError):  # on the first or last day of the calendar
        at += timedelta(minutes=-minutes if told.startswith("-") else minutes)
    return at.strftime("%Y-%m-%d %H:%M:%S")
