"""Installed software of an inventory, and how completely it was looked at."""

from __future__ import annotations

from cmdb.observation import Installed
from importers.inventory.fields import Entry, day, mapping, objects, text

#: What GLPI's list calls a section → what an observation calls it. Users' own software may be out of an ordinary
#: user's sight, so it is a section of its own: not seeing it then means nothing.
SECTIONS = {"softwares": "software", "user_softwares": "user_software"}
_LOOKED = ("collected", "absent")
_UPDATES = ("update", "hotfix", "service pack")


def installed(content: Entry) -> list[Installed]:
    """Every product once per version and scope. Windows updates are no products and are left out."""
    found: dict[tuple[str, ...], Installed] = {}
    for one in objects(content, "softwares"):
        name = text(one, "name")
        if not name or any(word in text(one, "release_type").lower() for word in _UPDATES):
            continue
        user = text(one, "username")
        release = Installed(
            product=name,
            publisher=text(one, "publisher"),
            version=text(one, "version"),
            scope=user,
            user=user,
            installed_on=day(one, "install_date"),
            origin=text(one, "from"),
        )
        found.setdefault((user, release.publisher, name, release.version), release)
    return list(found.values())


def sections(content: Entry) -> tuple[str, ...]:
    """The sections that were looked at completely: only there does absence mean gone.

    Of our own scans the collectors' outcomes decide: one that timed out, failed or was refused leaves its section
    incomplete. Of other agents' a list counts as complete.
    """
    outcomes = objects(mapping(content, "terrier"), "collectors")
    if not outcomes:
        return tuple(SECTIONS.values()) if isinstance(content.get("softwares"), list) else ()
    found = []
    for theirs, ours in SECTIONS.items():
        concerned = [o for o in outcomes if theirs in (o.get("sections") or ())]
        complete = all(text(o, "state") in _LOOKED for o in concerned)
        if theirs == "user_softwares":
            complete = complete and not any(o.get("elevate") for o in concerned)
        if complete and any(text(o, "state") == "collected" for o in concerned):
            found.append(ours)
    return tuple(found)
