"""Updates of Windows that are installed. They are no products: the inventory lists them as updates."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._dates import month_first
from importers.captures.windows._rows import Row, rows
from importers.captures.windows.databases import MICROSOFT
from importers.discovery.collector import Content, Section, present


def _parse(capture: Capture) -> Content:
    found = [_update(one) for one in rows(capture, "updates") if text(one, "HotFixID").upper().startswith("KB")]
    return {"softwares": found} if found else {}


def _update(one: Row) -> dict[str, Any]:
    return present(
        name=text(one, "HotFixID").upper(),
        publisher=MICROSOFT,
        comments=text(one, "Description"),
        install_date=month_first(text(one, "InstalledOn")),
        release_type="Update",
        **{"from": "registry"},
    )


SUBJECT = Subject("updates", _parse, ("updates",), (Section("softwares"),))
