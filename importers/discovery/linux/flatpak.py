"""Flatpak applications and runtimes, of the system and of each user."""

from __future__ import annotations

import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

_METAINFO = ("share/metainfo/{id}.metainfo.xml", "share/metainfo/{id}.appdata.xml", "share/appdata/{id}.appdata.xml")


def metainfo(text: str) -> dict[str, str]:
    """Title, developer and newest version of an AppStream description; the first one counts there."""
    found = {}
    for key, pattern in (
        ("title", r"<name>([^<]+)</name>"),
        ("developer", r"<developer_name>([^<]+)</developer_name>|<developer[^>]*>\s*<name>([^<]+)</name>"),
        ("version", r"<release\b[^>]*\bversion=\"([^\"]+)\""),
    ):
        match = re.search(pattern, text)
        if match:
            found[key] = next(group for group in match.groups() if group).strip()
    return found


def _collect(probe: Probe) -> Content:
    found = _installed(probe, "/var/lib/flatpak", "", 0)
    for login, uid, home in homes(probe):
        found.extend(_installed(probe, home + "/.local/share/flatpak", login, uid))
    return {"softwares": found} if found else {}


def _installed(probe: Probe, base: str, login: str, uid: int) -> list[dict[str, Any]]:
    found = []
    for kind, category in (("app", "application"), ("runtime", "runtime")):
        for name in probe.names(f"{base}/{kind}", ELEVATE):
            for arch in probe.names(f"{base}/{kind}/{name}"):
                if arch == "current":
                    continue
                for branch in probe.names(f"{base}/{kind}/{name}/{arch}"):
                    active = f"{base}/{kind}/{name}/{arch}/{branch}/active"
                    if probe.exists(active):
                        facts = _facts(probe, active, name)
                        found.append(
                            present(
                                name=name, version=facts.get("version") or (branch if kind == "runtime" else None),
                                publisher=facts.get("developer"),
                                comments=facts.get("title"), arch=arch, system_category=category, username=login,
                                userid=str(uid) if login else None, **{"from": "flatpak"},
                            )
                        )  # fmt: skip
    return found


def _facts(probe: Probe, active: str, name: str) -> dict[str, str]:
    for pattern in _METAINFO:
        text = probe.read(f"{active}/files/{pattern.format(id=name)}", most=1 << 18)
        if text:
            return metainfo(text)
    return {}


COLLECTOR = Collector("flatpaks", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
