"""Snaps, by the descriptions inside their mounted images."""

from __future__ import annotations

import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe


def snap(description: str) -> dict[str, Any]:
    """A snap's snap.yaml in the form of the inventory's ``softwares``; only its simple top-level lines are read."""
    fields = dict(re.findall(r"^(name|version|title|summary|type):[ \t]*(.+?)[ \t]*$", description, re.MULTILINE))
    fields = {key: value.strip("'\"") for key, value in fields.items()}
    return present(
        name=fields.get("name"),
        version=fields.get("version"),
        comments=fields.get("summary"),
        system_category=fields.get("type"),
        **{"from": "snap"},
    )


def _collect(probe: Probe) -> Content:
    found = []
    for base in ("/snap/", "/var/lib/snapd/snap/"):
        for name in probe.names(base):
            one = snap(probe.read(f"{base}{name}/current/meta/snap.yaml"))
            if "name" in one:
                found.append(one)
        if found:
            break
    return {"softwares": found} if found else {}


COLLECTOR = Collector("snaps", _collect, sections=(Section("softwares"),))
