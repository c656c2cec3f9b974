"""Packages of pacman (Arch Linux), from the description of each in its local database."""

from __future__ import annotations

import time
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_DATABASE = "/var/lib/pacman/local"


def description(text: str) -> dict[str, str]:
    """The fields of a ``desc`` file: ``%NAME%``, then its values up to an empty line; the first value counts."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        name, _, values = block.strip().partition("\n")
        if name.startswith("%") and name.endswith("%") and values:
            found[name.strip("%")] = values.partition("\n")[0].strip()
    return found


def software(fields: dict[str, str]) -> dict[str, Any]:
    """A package in the form of the inventory's ``softwares``."""
    seconds, size = fields.get("INSTALLDATE", ""), fields.get("SIZE", "")
    return present(
        name=fields.get("NAME"),
        version=fields.get("VERSION"),
        arch=fields.get("ARCH"),
        publisher=fields.get("PACKAGER", "").partition("<")[0].strip().replace("Unknown Packager", ""),
        comments=fields.get("DESC"),
        url_info_about=fields.get("URL"),
        system_category=fields.get("GROUPS"),
        install_date=time.strftime("%Y-%m-%d", time.localtime(int(seconds))) if seconds.isdigit() else None,
        filesize=int(size) if size.isdigit() else None,
        **{"from": "pacman"},
    )


def _collect(probe: Probe) -> Content:
    found = []
    for name in probe.names(_DATABASE):
        one = software(description(probe.read(f"{_DATABASE}/{name}/desc")))
        if "name" in one:
            found.append(one)
    return {"softwares": found} if found else {}


COLLECTOR = Collector("pacman packages", _collect, sections=(Section("softwares"),))
