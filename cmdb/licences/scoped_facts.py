"""The facts of a huge register: computers and installations that bear on a position, and all others counted.

Most of what is installed needs no licence: no catalogue entry fits and nobody bought it, or it is free on its terms.
Of that only counts are shown, so it is counted where it stands. See ``register_facts.gather`` for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cmdb.licences.engine.catalogue import Catalogue
from cmdb.licences.engine.facts import CountedInstallations, Facts, InstallationFact, Person
from cmdb.licences.engine.recognition import Recognition
from cmdb.licences.record_facts import RecordFacts, day
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.records import CI
from cmdb.model.selection import Selection
from cmdb.store.reading.software import Found, SoftwareInventory

Ids = NDArray[np.int64]
#: What an installation is counted under.
Line = tuple[str, ...]

COMPUTER, PERSON, CLUSTER = "computer", "person", "cluster"
#: CIs that are read at once.
BATCH = 2_000


class ScopedFacts:
    """Finds what bears on the position. ``base`` has the purchases, assignments, suites and answers."""

    def __init__(
        self, records: RecordFacts, software: SoftwareInventory, base: Facts, catalogue: Catalogue, control: Control
    ) -> None:
        self.records, self.software, self.base = records, software, base
        self.catalogue, self.control = catalogue.with_overrides(base.overrides), control
        self.reader = records.reader
        self.names = Recognition(base, self.catalogue)
        self.counted: list[CountedInstallations] = []

    def facts(self) -> Facts:
        """The facts. Raises Cancelled."""
        computers = self.software.computers(COMPUTER)
        left, again = self._retired()
        alone, lines = self._lines()
        inventoried = self._count(np.setdiff1d(computers, np.setdiff1d(left, again)), lines)
        returned = np.intersect1d(again, inventoried)
        looked = np.union1d(inventoried, self.software.looked_at("software"))
        installations = tuple(self._installations(alone))
        wanted = np.union1d(self._inner({one.device for one in installations}), returned)
        wanted = np.union1d(wanted, self.software.running(COMPUTER, self._systems()))
        wanted = np.union1d(wanted, np.setdiff1d(np.setdiff1d(computers, looked), left))
        wanted = np.union1d(wanted, self._inner({a.holder for a in self.base.assignments}))
        wanted = np.union1d(wanted, self._inner({e.device for e in self.base.entitlements if e.device}))
        wanted = np.intersect1d(self._together(np.intersect1d(wanted, computers)), computers)
        seen = set(wanted[np.isin(wanted, looked)].tolist())
        devices = tuple(
            self.records.device(one, one.id in seen) for one in self._read(wanted, Message("Reading the computers"))
        )
        named = {a.holder for a in self.base.assignments} | {i.user for i in installations}
        named |= {p for d in devices for p in (d.main_user, d.assigned_to)}
        people = self._people(named)
        everybody = self.software.headcount(PERSON, self.records.at) if PERSON in self.reader.schema.classes else 0
        others = everybody - sum(1 for one in people if one.active(self.records.at))
        return replace(
            self.base,
            devices=devices,
            installations=installations,
            people=people,
            others=others,
            counted=tuple(self.counted),
            returned=frozenset(uid for uid, _, _ in self.reader.outer(returned.tolist()).values()),
        )

    # -- what is only counted ---------------------------------------------------------------------------------------

    def _retired(self) -> tuple[Ids, Ids]:
        """Computers that had left the estate on the day, and those among them that were seen again since."""
        left: list[int] = []
        again: list[int] = []
        for batch in self._batches(self.software.left(COMPUTER)):
            records = self.reader.many(batch)
            self.records.remember_retirements(records)
            for one in records:
                retired, on = self.records.retired(one)
                if retired:
                    left.append(one.id)
                    if on is not None and (seen := self.records.last_seen(one)) is not None and seen > on:
                        again.append(one.id)
            self.control.progress(len(left), 0, Message("Reading who has left the estate"))
        return np.array(left, dtype=np.int64), np.array(again, dtype=np.int64)

    def _installations(self, releases: Mapping[int, Found]) -> Iterator[InstallationFact]:
        """The installations of some releases, which are given with their names."""
        for one in self.software.of_releases(releases):
            publisher, product, edition, version, _ = releases[one.release]
            yield InstallationFact(
                one.computer,
                product,
                publisher or "",
                edition or "",
                version or "",
                one.scope or "",
                one.user,
                one.environment or "",
                day(one.installed_on),
                day(one.last_used),
                one.origin or "",
            )

    def _lines(self) -> tuple[dict[int, Found], dict[int, Line]]:
        """Releases that are looked at one by one, with their names, and of the others what they are counted as."""
        alone: dict[int, Found] = {}
        lines: dict[int, Line] = {}
        self.called: dict[Line, tuple[str, ...]] = {}
        for release, names in self.software.found().items():
            found = {self.names.line(product, publisher, edition, version, origin)
                     for publisher, product, edition, version, origin in names}  # fmt: skip
            line = found.pop()
            if line is None or found:
                alone[release] = names[0]
            else:
                lines[release] = line
                self.called.setdefault(line, names[0])
        return alone, lines

    def _count(self, here: Ids, lines: dict[int, Line]) -> Ids:
        """Counts installations by line, on computers that count; says which computers have any at all."""
        number = {line: at for at, line in enumerate(dict.fromkeys(lines.values()))}
        table = np.full(max(lines, default=0) + 1, -1, dtype=np.int64)
        for release, line in lines.items():
            table[release] = number[line]
        copies = np.zeros(len(number), dtype=np.int64)
        devices = np.zeros(len(number), dtype=np.int64)
        counting = np.zeros(int(here.max(initial=-1)) + 2, dtype=bool)
        counting[here] = True
        inventoried: list[Ids] = [np.empty(0, dtype=np.int64)]
        for machines, releases in self.software.pairs():
            inventoried.append(np.unique(machines))
            known = releases < len(table)
            line_of = np.where(known, table[np.where(known, releases, 0)], -1) if len(table) else releases * 0 - 1
            counts = (line_of >= 0) & counting[np.minimum(machines, len(counting) - 1)]
            copies += np.bincount(line_of[counts], minlength=len(number))
            each = np.unique(machines[counts] * max(1, len(number)) + line_of[counts])
            devices += np.bincount(each % max(1, len(number)), minlength=len(number))
        for line, at in number.items():
            if copies[at]:
                publisher, product, edition, version, origin = self.called[line]
                self.counted.append(
                    CountedInstallations(
                        product, publisher, edition, version, origin, int(copies[at]), int(devices[at])
                    )
                )
        return np.unique(np.concatenate(inventoried))

    # -- who bears on it --------------------------------------------------------------------------------------------

    def _systems(self) -> list[str]:
        """Operating systems that may count as copies of a product."""
        editions = ["", *map(str, self._editions())]
        return [
            name
            for name in self.software.systems(COMPUTER)
            if any(self.names.system(f"{name} {edition}".strip()) is not None for edition in editions)
        ]

    def _editions(self) -> Iterable[object]:
        if "os_edition" not in self.reader.schema.cls(COMPUTER).attributes:
            return ()
        return self.reader.facet(Selection(cls=COMPUTER, where="not os_edition is empty"), "os_edition")

    def _together(self, wanted: Ids) -> Ids:
        """With the machines that others share hardware with: hosts, guests, and the members of clusters."""
        clusters = self.reader.inner(self.records.clusters)
        members = self.reader.inner(self.records.member)
        within = {members[uid]: clusters[cluster] for uid, cluster in self.records.member.items() if uid in members}
        within.update((ci, at) for ci, at in self.software.referring("cluster").items() if at in clusters.values())
        clustered = np.array(sorted(within), dtype=np.int64)
        cluster_of = np.array([within[ci] for ci in clustered.tolist()], dtype=np.int64)
        found = fresh = wanted
        while len(fresh):
            self.control.check()
            reached = np.union1d(self.software.hosts(fresh.tolist()), cluster_of[np.isin(clustered, fresh)])
            beside = clustered[np.isin(cluster_of, reached)]
            every = np.union1d(np.union1d(reached, beside), self.software.guests(fresh.tolist()))
            fresh = np.setdiff1d(every, found)
            found = np.union1d(found, fresh)
        return found

    def _people(self, named: set[str]) -> tuple[Person, ...]:
        family = self.reader.schema.family(PERSON) if PERSON in self.reader.schema.classes else ()
        ids = self._inner(named - {""})
        return tuple(
            self.records.person(one) for one in self._read(ids, Message("Reading the people")) if one.cls in family
        )

    # -- reading ----------------------------------------------------------------------------------------------------

    def _inner(self, uids: Iterable[str]) -> Ids:
        found = self.reader.inner(uid for uid in uids if uid)
        return np.unique(np.fromiter(found.values(), dtype=np.int64, count=len(found)))

    def _read(self, ids: Ids, text: Message) -> Iterator[CI]:
        done = 0
        for batch in self._batches(ids):
            records = self.reader.many(batch)
            self.records.remember_retirements(records)
            yield from records
            done += len(batch)
            self.control.progress(done, len(ids), text)

    def _batches(self, ids: Ids) -> Iterator[list[int]]:
        for low in range(0, len(ids), BATCH):
            self.control.check()
            self.reader.forget()
            yield ids[low : low + BATCH].tolist()
