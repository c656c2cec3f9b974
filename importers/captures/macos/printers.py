"""Printer queues, as macOS lists them."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, items
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_LOCAL = ("usb:", "parallel:", "serial:", "file:", "hp:/usb")


def queue(entry: Entry) -> dict[str, Any] | None:
    """A queue in the form of the inventory's ``printers``; None for a line that says that there is none.

    User names and passwords in its address are left out.
    """
    port = re.sub(r"//[^/@]*@", "//", text(entry, "uri"))
    if not port:
        return None
    driver, status = text(entry, "ppd"), text(entry, "status")
    return {
        **present(name=text(entry, "_name"), driver=driver, port=port, status=status, comment=text(entry, "location")),
        "network": not port.startswith(_LOCAL),
        "shared": text(entry, "shared") == "yes",
    }


def _parse(capture: Capture) -> Content:
    found = [one for one in map(queue, items(capture, "printers")) if one]
    return {"printers": found} if found else {}


SUBJECT = Subject("printers", _parse, ("printers",), (Section("printers"),))
