"""Installed software of an inventory, and how completely it was inspected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap

from cmdb.model.observation import InstalledSoftware, PackedSoftware, SoftwareRow
from importers.inventory.fields import Entry, day_of, mapping, objects, text, texts

#: What GLPI's list calls a section → what an observation calls it. An ordinary user may not see the software of other
#: users, so it is a section of its own: its absence then means nothing.
SECTIONS = {"softwares": "software", "user_softwares": "user_software"}
_FIELDS = ("name", "publisher", "version", "username", "install_date", "from")
_FEW = 50
"""Installations up to which it does not pay to pack them."""
_UPDATES = ("update", "hotfix", "service pack")


def installed(content: Entry) -> Sequence[InstalledSoftware]:
    """Every product once per version and scope. Windows updates are no products and are left out."""
    found: dict[tuple[str, ...], SoftwareRow] = {}
    editions = {
        tuple(text(one, key) for key in ("publisher", "name", "version")): (text(one, "product"), text(one, "edition"))
        for one in objects(mapping(content, "terrier"), "editions")
    }
    for one in objects(content, "softwares"):
        if "release_type" in one and not is_product(one):
            continue
        name, publisher, version, user, stated, origin = texts(one, _FIELDS)
        key = (user, publisher, name, version)
        if not name or key in found:
            continue
        edition = ""
        if editions and (told := editions.get(key[1:])) and told[0]:
            name, edition = told
        found[key] = (name, publisher, edition, version, user, user, "", day_of(stated), "", origin)
    rows = list(found.values())
    return PackedSoftware(rows) if len(rows) > _FEW else list(starmap(InstalledSoftware, rows))


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


def package_managers(content: Entry) -> frozenset[str]:
    """The package managers whose software was seen whole, where not all software was."""
    outcomes = objects(mapping(content, "terrier"), "collectors")
    return frozenset(name for o in outcomes for name in _names(o, "package_managers"))


def _names(outcome: Entry, key: str) -> list[str]:
    found = outcome.get(key)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
