"""Packages of apk (Alpine Linux), from its database of installed packages, which does not say when."""

from __future__ import annotations

from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_DATABASES = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")


def software(block: str) -> dict[str, Any] | None:
    """A block of the database in the form of the inventory's ``softwares``; None if it names no package."""
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        if line[1:2] == ":":
            fields.setdefault(line[0], line[2:].strip())
    if not fields.get("P"):
        return None
    size = fields.get("I", "")
    return present(
        name=fields["P"],
        version=fields.get("V"),
        arch=fields.get("A"),
        publisher=fields.get("m", "").partition("<")[0].strip(),
        comments=fields.get("T"),
        url_info_about=fields.get("U"),
        filesize=int(size) if size.isdigit() else None,
        **{"from": "apk"},
    )


def _collect(probe: Probe) -> Content:
    text = next((found for path in _DATABASES if (found := probe.read(path))), "")
    packages = [one for block in text.split("\n\n") if (one := software(block))]
    return {"softwares": packages} if packages else {}


COLLECTOR = Collector("apk packages", _collect, sections=(Section("softwares"),))
