"""Installed software of an inventory, and how completely it was inspected."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cmdb.model.observation import InstalledSoftware
from importers.inventory.fields import Entry, day, mapping, objects, text

#: What GLPI's list calls a section → what an observation calls it. An ordinary user may not see the software of other
#: users, so it is a section of its own: its absence then means nothing.
SECTIONS = {"softwares": "software", "user_softwares": "user_software"}
_UPDATES = ("update", "hotfix", "service pack")


def installed(content: Entry) -> list[InstalledSoftware]:
    """Every product once per version and scope. Windows updates are no products and are left out."""
    found: dict[tuple[str, ...], InstalledSoftware] = {}
    editions = {
        tuple(text(one, key) for key in ("publisher", "name", "version")): one
        for one in objects(mapping(content, "terrier"), "editions")
    }
    for one in objects(content, "softwares"):
        if not is_product(one):
            continue
        name, user, publisher = text(one, "name"), text(one, "username"), text(one, "publisher")
        version = text(one, "version")
        key = (user, publisher, name, version)
        if key not in found:
            release = _release(name, publisher, version, user, day(one, "install_date"), text(one, "from"))
            if editions and (told := editions.get(key[1:])) and text(told, "product"):
                release = replace(release, product=text(told, "product"), edition=text(told, "edition"))
            found[key] = release
    return list(found.values())


@lru_cache(1 << 16)
def _release(name: str, publisher: str, version: str, user: str, day_: str, origin: str) -> InstalledSoftware:
    """One object for what many computers have."""
    return InstalledSoftware(name, publisher, "", version, user, user, "", day_, "", origin)


def is_product(one: Entry) -> bool:
    """Whether an entry of the list is installed as a product: it has a name, and is no update."""
    if not text(one, "name"):
        return False
    kind = text(one, "release_type").lower() if "release_type" in one else ""
    return not kind or not any(word in kind for word in _UPDATES)


def sections(content: Entry) -> tuple[str, ...]:
    """The sections that were inspected completely: only there does absence mean removal.

    In Terrier's scans the collectors' outcomes decide: a collector that timed out, failed or was refused leaves its
    section incomplete. A list of another agent counts as complete.
    """
    outcomes = objects(mapping(content, "terrier"), "collectors")
    if not outcomes:
        return tuple(SECTIONS.values()) if isinstance(content.get("softwares"), list) else ()
    if not any(text(o, "state") == "collected" and "softwares" in _names(o, "complete") for o in outcomes):
        return ()  # no package manager was found: this does not mean that everything was removed
    seen = {name for o in outcomes for name in _names(o, "complete")}
    missed = {name for o in outcomes for name in _names(o, "incomplete")}
    return tuple(ours for theirs, ours in SECTIONS.items() if theirs in seen - missed)


def _names(outcome: Entry, key: str) -> list[str]:
    found = outcome.get(key)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
