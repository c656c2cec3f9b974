"""Printers that are set up, with their drivers and ports."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, flag, rows
from importers.discovery.collector import Content, Section, present

#: Ports of what prints into files and faxes, which are no printers.
_SOFTWARE = ("PORTPROMPT:", "SHRFAX:", "NUL:", "XPSPORT:", "FILE:")


def _parse(capture: Capture) -> Content:
    found = [_printer(one) for one in rows(capture, "printers") if text(one, "Name")]
    return {"printers": found} if found else {}


def _printer(one: Row) -> dict[str, Any]:
    port = text(one, "PortName")
    server = text(one, "ServerName").lstrip("\\")
    local = port.upper().startswith(("USB", "LPT", "COM", "DOT4", *_SOFTWARE))
    return {
        **present(
            name=text(one, "Name"),
            driver=text(one, "DriverName"),
            port=port,
            servername=server,
            sharename=text(one, "ShareName"),
            comment=text(one, "Comment"),
            printprocessor=text(one, "PrintProcessor"),
        ),
        "network": flag(one, "Network") is True or bool(server) or not local,
        "shared": flag(one, "Shared") is True,
    }


SUBJECT = Subject("printers", _parse, ("printers",), (Section("printers"),))
