"""The software that one import's looks saw, and its rows state, beside what the register's sources saw later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cmdb.model.observation import InstalledSoftware, MachineSoftware, software_rows
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.related_rows import RelatedRows, user_named
from cmdb.reconciliation.software import (
    SOFTWARE_SECTIONS,
    ObservedSoftware,
    section_in_part,
    section_of,
    section_of_manager,
)

_SCOPE, _USER, _ORIGIN = (
    list(InstalledSoftware.__dataclass_fields__).index(name) for name in ("scope", "user", "origin")
)
_AT_ONCE = 20_000
"""Installations that are compared at once, to limit the memory of a large import."""
_LOOKS_AT_ONCE = 500
"""Records whose last looks are asked for at once."""


def software_seen(
    rows: RelatedRows, taken: list[Cluster], linking: ReferenceResolution, lookup: Lookup, existing: set[str]
) -> Iterator[tuple[dict[str, ObservedSoftware], set[str]]]:
    """The software seen on computers, some of them at a time, and those that only installation rows name."""
    stated: dict[str, list[tuple[InstalledSoftware, str]]] = {}
    others: set[str] = set()
    for row, reference_key, said in rows.installations:
        uid = linking.find(reference_key)
        if isinstance(uid, UnresolvedReference) or not linking.taken(uid):
            continue
        if linking.cluster_of(uid) is None:
            others.add(uid)
        stated.setdefault(uid, []).append((row.installed, said[0]))
    clusters = {cluster.uid: cluster for cluster in taken}
    found: dict[str, ObservedSoftware] = {}
    number = 0
    wanted = sorted(clusters.keys() | stated.keys())
    for start in range(0, len(wanted), _LOOKS_AT_ONCE):
        uids = wanted[start : start + _LOOKS_AT_ONCE]
        seen = _last_looks([uid for uid in uids if uid in clusters and uid in existing], lookup)
        for uid in uids:
            software = _only_look(clusters[uid]) if uid not in existing and uid not in stated else None
            if software is None:
                software = _software_of(uid, clusters.get(uid), stated.get(uid, ()), seen.get(uid, {}), linking)
            if software is None:
                continue
            found[uid] = software
            number += len(software) + 1
            if number >= _AT_ONCE:
                yield found, others
                found, number = {}, 0
    yield found, others


def _last_looks(uids: list[str], lookup: Lookup) -> dict[str, dict[tuple[str, str], str]]:
    """Record → when the register's sources looked last at software: by section, as ("", section), and at what a package
    manager installed or another part of a section, as (source, section of it).
    """
    in_part = {section_in_part(section) for section in SOFTWARE_SECTIONS}
    found: dict[str, dict[tuple[str, str], str]] = {}
    for (uid, source, section), one in (lookup.sightings(uids) if uids else {}).items():
        if section.startswith("software.") or section in SOFTWARE_SECTIONS or section in in_part:
            part = ("" if section in SOFTWARE_SECTIONS else source, section)
            last = found.setdefault(uid, {})
            last[part] = max(one.observed, last.get(part, ""))
    return found


def _only_look(cluster: Cluster) -> ObservedSoftware | None:
    """The software of a new computer that one source looked at: its list as it is. None where there is more to it."""
    looks = [
        one
        for one in cluster.members
        if one.obs.installed or one.obs.package_managers or SOFTWARE_SECTIONS.intersection(one.obs.sections)
    ]
    if len(looks) != 1 or looks[0].obs.package_managers:
        return None
    listed = looks[0].obs.installed
    if not isinstance(listed, MachineSoftware) or listed.users:
        return None
    whole = set(SOFTWARE_SECTIONS.intersection(looks[0].obs.sections))
    return ObservedSoftware(cluster.uid, whole=whole, listed=(listed, looks[0].source))


def _software_of(
    uid: str,
    cluster: Cluster | None,
    stated: Iterable[tuple[InstalledSoftware, str]],
    seen: Mapping[tuple[str, str], str],
    linking: ReferenceResolution,
) -> ObservedSoftware | None:
    """The software that was seen on a computer, and that rows state of it; None if nobody looked.

    ``seen``: when somebody looked last, as the register says; see ``_last_looks``.
    """
    software = ObservedSoftware(uid)
    looked_at = False
    members = cluster.members if cluster is not None else []
    latest = dict(seen)
    for one in members:
        parts = [("", section) for section in SOFTWARE_SECTIONS.intersection(one.obs.sections)]
        parts += [(one.source, section_of_manager(name)) for name in one.obs.package_managers]
        latest.update((part, max(one.observed, latest.get(part, ""))) for part in parts)
    for one in members:
        whole = SOFTWARE_SECTIONS.intersection(one.obs.sections)
        managers = one.obs.package_managers
        if not one.obs.installed and not whole and not managers:
            continue
        looked = whole | {"software"} if managers else whole
        # A look that is older than another one may list software that was removed since.
        older = {section for section in looked if one.observed < latest.get(("", section), "")}
        if looked and older == looked:
            continue
        late = _later(latest, one.observed)
        looked_at = True
        software.whole.update(whole - older)
        software.later.update(dict.fromkeys(whole - older, late))
        if "software" not in older and (one.source, section_in_part("software")) not in late:
            here = {name for name in managers if (one.source, section_of_manager(name)) not in late}
            software.package_managers.setdefault(one.source, set()).update(here)
        for row in software_rows(one.obs.installed):
            seen_later = (one.source, section_of_manager(row[_ORIGIN])) in late
            if not seen_later and (not older or section_of(row[_SCOPE]) not in older):
                software.add(row, user_named(row[_USER], linking), one.source)
    for installed, source in stated:
        looked_at = True
        for row in software_rows((installed,)):
            software.add(row, user_named(row[_USER], linking), source)
    return software if looked_at else None


def _later(latest: Mapping[tuple[str, str], str], observed: str) -> set[tuple[str, str]]:
    """The looks at parts of sections that are later than one: their source and what they saw."""
    return {(source, section) for (source, section), when in latest.items() if source and observed < when}


def software_sightings(
    looked: list[Cluster], again: Mapping[str, set[tuple[str, str]]]
) -> Iterator[tuple[str, str, str, str]]:
    """Record, source, section and time where software was inspected completely, or (``again``) all that the source had
    stated was seen again; of several looks the first one counts then, as another may have seen less. A look that saw a
    part otherwise is told, too: what it saw, an older look doesn't remove.
    """
    for cluster in looked:
        first: dict[str, str] = {}
        for one in cluster.members:
            first[one.source] = min(one.observed, first.get(one.source, one.observed))
        for one in cluster.members:
            if not one.obs.sections and not one.obs.package_managers:
                continue  # a list of software looks at nothing
            in_part = _seen_in_part(one)
            for section in sorted(SOFTWARE_SECTIONS):
                if section in one.obs.sections:
                    yield cluster.uid, one.source, section, one.observed
                elif (one.source, section) in again.get(cluster.uid, ()):
                    yield cluster.uid, one.source, section, first[one.source]
                elif section in in_part:
                    yield cluster.uid, one.source, section_in_part(section), one.observed
            for name in sorted(one.obs.package_managers):
                yield cluster.uid, one.source, section_of_manager(name), one.observed


def _seen_in_part(one: IdentifiedObservation) -> set[str]:
    """The sections of which a look saw installations without seeing all of the section or of the package manager."""
    if SOFTWARE_SECTIONS.issubset(one.obs.sections):
        return set()
    seen = {(section_of(row[_SCOPE]), row[_ORIGIN]) for row in software_rows(one.obs.installed)}
    of_managers = {("software", name) for name in one.obs.package_managers}
    return {section for section, _ in seen - of_managers}.difference(one.obs.sections)
