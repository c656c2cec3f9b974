"""Turns observed software, sightings and licence assignments into edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.new_records import NewInstallations
from cmdb.model.observation import MachineSoftware, SoftwareRow
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.revision import Edit, Record
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.relations import restated

Key = tuple[str, ...]
SOFTWARE_SECTIONS = frozenset({"software", "user_software"})
"""The sections of an observation whose rows are installations."""
_SCOPE = 4
#: Installations stated by a sheet or a person stay until the same source removes them: a scan does not see all of them.
_STATED = frozenset({"", "sheet", "person"})


@dataclass(slots=True)
class ObservedSoftware:
    """The software that was seen on one computer. ``whole``: the sections that were inspected completely."""

    computer: str
    releases: dict[Key, dict[str, str]] = field(default_factory=dict)
    sources: dict[Key, list[str]] = field(default_factory=dict)
    """Installation → the sources that state it."""
    whole: set[str] = field(default_factory=set)
    package_managers: dict[str, set[str]] = field(default_factory=dict)
    """Source → the package managers of which it alone saw all software."""
    later: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Section that was inspected completely → the looks at a part of it that are later: their source and what they saw,
    as the sighting says it.
    """
    observed: str = ""
    listed: tuple[MachineSoftware, str] | None = None
    """Of a computer that is new: the list of the only source that looked, and nobody's software is in it."""
    again: set[tuple[str, str]] = field(default_factory=set)
    """Source and section where a part was inspected, and all that the source had stated there was seen."""
    changes: bool = False
    """Whether installations are added or removed."""

    def add(self, one: SoftwareRow, user: str, source: str) -> None:
        """Adds one installation that a source states. If two differ in details, the fuller and later details are used.
        ``user``: an id.
        """
        product, publisher, edition, version, scope, _, environment, installed_on, last_used, origin = one
        key = (self.computer, scope, publisher, product, edition, version)
        fields = {}
        if user:
            fields["user"] = user
        if environment:
            fields["environment"] = environment
        if installed_on:
            fields["installed_on"] = installed_on
        if last_used:
            fields["last_used"] = last_used
        if origin:
            fields["origin"] = origin
        known = self.releases.get(key)
        if known is None:
            self.releases[key] = fields
            self.sources[key] = [source]
            return
        if source not in self.sources[key]:
            self.sources[key].append(source)
        for name, value in fields.items():
            if value > known.get(name, ""):
                known[name] = value

    def __len__(self) -> int:
        return len(self.listed[0]) if self.listed is not None else len(self.releases)

    def as_new(self, keys: Iterable[Key]) -> Iterator[NewInstallations]:
        """What makes the installations with these keys, by the sources that state them."""
        if self.listed is not None:
            listed, source = self.listed
            yield NewInstallations(self.computer, (source,), *listed.columns)
            return
        found: dict[tuple[str, ...], tuple[list[tuple[str, ...]], list[str]]] = {}
        for key in keys:
            _, scope, publisher, product, edition, version = key
            said = self.releases[key].get
            software, days = found.setdefault(tuple(sorted(self.sources[key])), ([], []))
            software.append(
                (product, publisher, edition, version, scope, said("user", ""), said("environment", ""),
                 said("last_used", ""), said("origin", ""))
            )  # fmt: skip
            days.append(said("installed_on", ""))
        for stated_by, (software, days) in found.items():
            yield NewInstallations(self.computer, stated_by, software, days)

    def gone(self, key: Key, fields: Mapping[str, Any]) -> bool:
        """Whether an installation of the register was not seen, although its section was inspected completely."""
        origin = fields.get("origin") or ""
        if key in self.releases or origin in _STATED:
            return False
        sources, section = fields.get("stated_by") or (), _section(key)
        if section in self.whole:
            later, parts = self.later.get(section, ()), (section_of_manager(origin), section_in_part(section))
            return not any((source, part) in later for source in sources for part in parts)
        return section == "software" and any(origin in self.package_managers.get(source, ()) for source in sources)

    def note_seen_again(self, known: Mapping[Key, Mapping[str, Any]]) -> None:
        """Notes where a source saw all that it had stated (``known``: the installations of the register)."""
        if self.whole >= SOFTWARE_SECTIONS:
            return
        if self.listed is not None:
            software, source = self.listed
            self.again = {(source, section_of(one[_SCOPE])) for one in software.columns[0]}
            return
        self.again = {(source, _section(key)) for key, sources in self.sources.items() for source in sources}
        for key, fields in known.items():
            if self.gone(key, fields):
                continue
            seen = self.sources.get(key, ())
            self.again -= {(one, _section(key)) for one in fields.get("stated_by") or () if one not in seen}


def section_of(scope: str) -> str:
    """The section that an installation is in: what a user installed for themselves is one of its own."""
    return "user_software" if scope else "software"


def section_of_manager(package_manager: str) -> str:
    """The section of what was seen whole of one package manager: sightings of it, and no rows."""
    return f"software.{package_manager}"


def section_in_part(section: str) -> str:
    """The section of what was seen otherwise of the section of installations: sightings of it, and no rows."""
    return f"{section}:part"


def _section(key: Key) -> str:
    return section_of(key[1])


def installation_edits(
    found: Mapping[str, ObservedSoftware], lookup: Lookup, existing: set[str], edits: PackedEdits
) -> tuple[int, int]:
    """Adds the edits that update the register to the observations. The numbers of new and of removed installations."""
    added = removed = 0
    computers = sorted(found.keys() & existing)
    present: dict[str, dict[Key, Mapping[str, Any]]] = {}
    for key, fields in (lookup.installations(computers) if computers else {}).items():
        present.setdefault(key[0], {})[tuple(key)] = fields
    for computer in found:
        software = found[computer]
        known = present.get(computer, {})
        software.note_seen_again(known)
        keys = sorted(software.releases)
        new = [key for key in keys if key not in known] if known else keys
        for its in software.as_new(new):
            edits.add_new(its)
            added += len(its)
        for key in keys if known else ():
            if key not in known:
                continue
            fields, record = software.releases[key], Record("installation", key)
            edits += restated(record, known[key], software.sources[key])
            edits += [
                Edit(record, name, known[key].get(name), value)
                for name, value in fields.items()
                if known[key].get(name) != value and not _less(name, value, known[key])
            ]
        gone = sorted(k for k, fields in known.items() if software.gone(k, fields))
        edits += [Edit(Record("installation", key), "", dict(known[key]), None) for key in gone]
        removed += len(gone)
        software.changes = bool(new or gone)
    return added, removed


def _less(name: str, value: str, known: Mapping[str, Any]) -> bool:
    """A sheet that lists an installation does not remove its package manager."""
    return name == "origin" and value in _STATED and bool(known.get("origin"))


def sighting_edits(seen: Iterable[tuple[str, str, str, str]], lookup: Lookup, existing: set[str]) -> list[Edit]:
    """Edits for (CI, source, section, observed) that are newer than in the register."""
    latest: dict[tuple[str, str, str], str] = {}
    for uid, source, section, observed in seen:
        key = (uid, source, section)
        latest[key] = max(observed, latest.get(key, ""))
    known_uids = sorted({k[0] for k in latest} & existing)
    present = lookup.sightings(known_uids) if known_uids else {}
    edits = []
    for key, observed in latest.items():
        known = present.get(key)
        record = Record("sighting", key)
        if known is None:
            edits.append(Edit(record, "", None, {"observed": observed}))
        elif known.observed < observed:
            edits.append(Edit(record, "observed", known.observed, observed))
    return edits


def assignment_edits(wanted: Iterable[tuple[str, str, str, str]], lookup: Lookup, existing: set[str]) -> list[Edit]:
    """Edits for (licence, holder, observed, source) that the register does not have."""
    first: dict[tuple[str, str], str] = {}
    sources: dict[tuple[str, str], dict[str, None]] = {}
    for licence, holder, observed, source in wanted:
        first[licence, holder] = min(observed, first.get((licence, holder), observed))
        sources.setdefault((licence, holder), {})[source] = None
    licences = sorted({k[0] for k in first} & existing)
    present = lookup.assignments(licences) if licences else {}
    edits: list[Edit] = []
    for key, observed in first.items():
        record = Record("assignment", key)
        if key in present:
            edits += restated(record, present[key], sources[key])
        else:
            edits.append(Edit(record, "", None, {"since": observed[:10], "stated_by": sorted(sources[key])}))
    return edits
