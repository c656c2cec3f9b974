"""Python packages, by the metadata beside them; no interpreter is started.

Packages of the system's package manager are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

_SYSTEM = ("/usr/local/lib", "/usr/lib", "/usr/lib64", "/usr/local/lib64")
_FOLDERS = ("site-packages", "dist-packages")
_DISTRIBUTIONS = {"debian", "rpm", "dpkg"}
_HEADERS = frozenset({"name", "version", "author", "author-email", "summary", "home-page"})
_HEAD = 4096  # the needed fields are before the description


def metadata(text: str) -> dict[str, str]:
    """The first of each header that is used of a METADATA or PKG-INFO file (core metadata), names in lower case."""
    found: dict[str, str] = {}
    for line in text.partition("\n\n")[0].splitlines():
        name, colon, value = line.partition(": ")
        if colon and name.lower() in _HEADERS:
            found.setdefault(name.lower(), value.strip())
    return found


def software(fields: dict[str, str], login: str = "", uid: int = 0) -> dict[str, Any]:
    """A package in the form of the inventory's ``softwares``; ``username`` where a user installed it for themselves."""
    author = fields.get("author") or re.sub(r"\s*<[^>]*>", "", fields.get("author-email", "").partition(",")[0])
    return present(
        name=fields.get("name"),
        version=fields.get("version"),
        publisher="" if author == "UNKNOWN" else author.strip('" '),
        comments="" if fields.get("summary") == "UNKNOWN" else fields.get("summary"),
        url_info_about="" if fields.get("home-page") == "UNKNOWN" else fields.get("home-page"),
        username=login,
        userid=str(uid) if login else None,
        **{"from": "pip"},
    )


def _collect(probe: Probe) -> Content:
    found: list[dict[str, Any]] = []
    for base in _SYSTEM:
        for folder in _site_packages(probe, base):
            found.extend(_packages(probe, folder, "", 0))
    for login, uid, home in homes(probe):
        probe.names(home, ELEVATE)
        for folder in _site_packages(probe, home + "/.local/lib", ELEVATE):
            found.extend(_packages(probe, folder, login, uid))
        for version in probe.names(home + "/.pyenv/versions", ELEVATE):
            for folder in _site_packages(probe, f"{home}/.pyenv/versions/{version}/lib"):
                found.extend(_packages(probe, folder, login, uid))
    return {"softwares": found} if found else {}


def _site_packages(probe: Probe, base: str, elevate: str = "") -> Iterator[str]:
    for name in probe.names(base, elevate):
        if re.fullmatch(r"python3(\.\d+)?", name):
            for folder in _FOLDERS:
                yield f"{base}/{name}/{folder}"


def _packages(probe: Probe, folder: str, login: str, uid: int) -> Iterator[dict[str, Any]]:
    of_distribution = folder.startswith(("/usr/lib/", "/usr/lib64/"))
    for name in probe.names(folder):
        if name.endswith(".dist-info"):
            installer = probe.value(f"{folder}/{name}/INSTALLER")
            if installer in _DISTRIBUTIONS or (of_distribution and not installer):
                continue
            fields = metadata(probe.read(f"{folder}/{name}/METADATA", most=_HEAD))
        elif name.endswith(".egg-info") and not of_distribution:
            fields = metadata(
                probe.read(f"{folder}/{name}/PKG-INFO", most=_HEAD) or probe.read(f"{folder}/{name}", most=_HEAD)
            )
        else:
            continue
        if "name" in fields:
            yield software(fields, login, uid)


COLLECTOR = Collector("Python packages", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
