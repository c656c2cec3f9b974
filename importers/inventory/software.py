"""The list of software of an inventory, and how completely it was inspected.

Machines have most of their software in common. So what an entry says is found out once, but for the day of its
installation, which differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from cmdb.model.observation import InstalledSoftware, MachineSoftware
from importers.inventory.fields import Entry, day_of, mapping, objects, text, texts
from importers.inventory.package_urls import package_url
from importers.inventory.section_values import EntryRow, row_of

#: What GLPI's list calls a section → what an observation calls it. An ordinary user may not see the software of other
#: users, so it is a section of its own: its absence then means nothing.
SECTIONS = {"softwares": "software", "user_softwares": "user_software"}
DETAILS = "software_details"
"""The section of what is said of software beyond what an installation is."""
_DAY = "install_date"
_LENGTH = len("2026-01-31")
#: What an installation keeps of an entry.
_INSTALLED = frozenset({"name", "version", "publisher", "username", "from", _DAY})
_FEW = 50
"""Installations up to which it does not pay to hold them as a ``MachineSoftware``."""
_UPDATES = ("update", "hotfix", "service pack")
_encode, _decode = msgspec.json.encode, msgspec.json.decode
_Key = tuple[str, str, str, str]


class ListedSoftware(NamedTuple):
    """What the list of an inventory says."""

    installed: Sequence[InstalledSoftware]
    """Every product once per version and scope. Windows updates are no products and are left out."""
    rows: Sequence[EntryRow]
    """What is said beyond what an installation keeps, and all of what is none."""


class _Machine(NamedTuple):
    """What the rows of a machine's software depend on."""

    distribution: str
    release: str
    offset: str


class _Said(NamedTuple):
    """What an entry says, but for the day of the installation. ``key``: user, publisher, name, version."""

    key: _Key
    software: tuple[str, ...]
    """The fields of the installation, without its day."""
    product: bool
    """Whether it is installed as a product: it has a name, and is no update."""
    row: EntryRow | None
    """Its row, where it says more than an installation keeps; not to be changed: others have it, too."""


def software_list(content: Entry, *, products: bool = True) -> ListedSoftware:
    """Reads the list. ``products``: whether what is listed is installed software, and not the rows of a phone.

    The day of an installation is the installation's alone: with it, hardly two machines would have a row in common. A
    row keeps a time of day, and a day that differs from that of the installation.
    """
    terrier = mapping(content, "terrier")
    system = mapping(terrier, "operating_system")
    offset = text(mapping(mapping(content, "operatingsystem"), "timezone"), "offset")
    machine = _Machine(text(system, "id"), text(system, "version_id"), offset)
    days: dict[_Key, str] = {}
    software: list[tuple[str, ...]] = []
    rows: list[EntryRow] = []
    for one in objects(content, "softwares"):
        rest = dict(one)
        stated = rest.pop(_DAY, "")
        day = stated if type(stated) is str and len(stated) == _LENGTH else text(one, _DAY)
        encoded = _encoded(rest)
        key, fields, product, row = _said(rest, machine) if encoded is None else _said_often(encoded, machine)
        own = not products or not product
        if not own:
            number = len(days)
            first = days.setdefault(key, day)
            if len(days) > number:
                software.append(fields)
            own = day != first or len(day) > _LENGTH
        if own and (day or row is None):
            row = _row({**rest, _DAY: day} if day else rest, machine)
        if row is not None:
            rows.append(row)
    installed = _listed(software, list(map(day_of, days.values())), _editions(terrier))
    return ListedSoftware(installed, rows)


def _listed(
    software: list[tuple[str, ...]], days: list[str], editions: Mapping[tuple[str, ...], tuple[str, str]]
) -> Sequence[InstalledSoftware]:
    """Products in a version and scope, each once; with their editions, where these are told."""
    if editions:
        its: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {}
        for one, day in zip(software, days, strict=True):
            name, publisher, _, version, scope, *_ = one
            product, edition = editions.get((publisher, name, version), ("", ""))
            told = (product, publisher, edition, *one[3:]) if product else one
            its.setdefault((*told[:4], scope), (told, day))
        software, days = [one for one, _ in its.values()], [day for _, day in its.values()]
    found = MachineSoftware(software, days)
    return found if len(found) > _FEW else [*found]


def _editions(own: Entry) -> dict[tuple[str, ...], tuple[str, str]]:
    """Publisher, name and version → product and edition, which the format has in one."""
    return {
        tuple(text(one, key) for key in ("publisher", "name", "version")): (text(one, "product"), text(one, "edition"))
        for one in objects(own, "editions")
    }


def _encoded(one: Entry) -> bytes | None:
    """An entry as JSON; None where it can't be."""
    try:
        return _encode(one)
    except (TypeError, ValueError, OverflowError, RecursionError):  # half a character, for example
        return None


@lru_cache(1 << 14)
def _said_often(encoded: bytes, machine: _Machine) -> _Said:
    """What an entry says that many machines have, by its JSON."""
    return _said(_decode(encoded), machine)


def _said(one: Entry, machine: _Machine) -> _Said:
    name, publisher, version, user, origin = texts(one, ("name", "publisher", "version", "username", "from"))
    kind = text(one, "release_type").lower()
    product = bool(name) and not any(word in kind for word in _UPDATES)
    more = any(key not in _INSTALLED and value not in (None, "") for key, value in one.items())
    software = (name, publisher, "", version, user, user, "", "", origin)
    return _Said((user, publisher, name, version), software, product, _row(one, machine) if more else None)


def _row(one: Entry, machine: _Machine) -> EntryRow:
    origin, name, version, arch = texts(one, ("from", "name", "version", "arch"))
    url = package_url(origin, name, version, arch, machine.distribution, machine.release)
    return row_of(DETAILS, {**one, "+package_url": url}, machine.offset)


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
