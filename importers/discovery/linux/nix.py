"""Packages of Nix in the profiles of the machine and of each user. What a profile depends on is not listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cmdb.model.json_text import parsed
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import ELEVATE, homes

_SYSTEM = ("/nix/var/nix/profiles/default", "/run/current-system/sw")
_OF_A_PERSON = (".nix-profile", ".local/state/nix/profiles/profile")
_STORE = r"/nix/store/[0-9a-z]{32}-([^/\"\s]+)"


def software(store_name: str, login: str = "", uid: int = 0) -> dict[str, Any]:
    """A name of Nix's store (``hello-2.12.1``) in the form of the inventory's ``softwares``: the version begins with
    the first digit after a dash.
    """
    match = re.fullmatch(r"(.+?)-(\d[^-]*(?:-[^-]*)*)", store_name)
    name, version = (match[1], match[2]) if match else (store_name, "")
    return present(name=name, version=version, username=login, userid=str(uid) if login else None, **{"from": "nix"})


def store_names(manifest: str) -> list[str]:
    """The packages of a profile's manifest: JSON of ``nix profile``, or an expression of ``nix-env``."""
    try:
        document = parsed(manifest)
    except ValueError:
        return list(dict.fromkeys(re.findall(r"\bname = \"([^\"]+)\"", manifest)))
    elements = document.get("elements") if isinstance(document, dict) else None
    listed = list(elements.values()) if isinstance(elements, dict) else elements if isinstance(elements, list) else []
    paths = [path for one in listed if isinstance(one, dict) for path in one.get("storePaths") or () if path]
    return list(dict.fromkeys(match[1] for path in paths if (match := re.match(_STORE, str(path)))))


def _collect(probe: Probe) -> Content:
    if not probe.exists("/nix"):
        return {}
    found = [one for profile in _SYSTEM for one in _of_profile(probe, profile, "", 0)]
    for login, uid, home in homes(probe):
        profiles = [*(f"{home}/{name}" for name in _OF_A_PERSON), f"/nix/var/nix/profiles/per-user/{login}/profile"]
        listed = [one for profile in profiles for one in _of_profile(probe, profile, login, uid)]
        found.extend(one for at, one in enumerate(listed) if one not in listed[:at])
    return {"softwares": found} if found else {}


def _of_profile(probe: Probe, profile: str, login: str, uid: int) -> Iterator[dict[str, Any]]:
    words = ELEVATE if login else ""
    manifest = probe.read(f"{profile}/manifest.json", words) or probe.read(f"{profile}/manifest.nix", words)
    for name in store_names(manifest) if manifest else ():
        yield software(name, login, uid)


COLLECTOR = Collector("Nix packages", _collect, sections=(Section("softwares"), Section("user_softwares", ELEVATE)))
