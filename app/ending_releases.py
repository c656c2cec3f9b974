"""The releases of products and operating systems in use, with the ends of their lives and their computers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.end_of_life import END, PRODUCT, SUPPORT
from app.fact_rules import ends_life
from cmdb.licences.engine.catalogue import CatalogueMatch
from cmdb.licences.engine.life_cycles import FoundCycle, release_title
from cmdb.licences.kept_life_cycles import life_cycles_of
from cmdb.licences.said_names import catalogue_of
from cmdb.model import life_cycle
from cmdb.model.selection import Selection
from cmdb.store.reading.reported_names import carriers, reported_names, reported_releases

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.model.messages import Message
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader


@dataclass(slots=True)
class EndingRelease:
    """A release in use. ``end`` and ``support`` are days ("": not known); ``over``: it ended on a day not known.

    ``uid`` is the software product of the register that says so, or "".
    """

    title: str
    release: str
    system: bool = False
    end: str = ""
    support: str = ""
    over: bool = False
    uid: str = ""
    numbers: set[int] = field(default_factory=set)
    """The inner numbers of the installed releases that are this one."""
    computers: set[str] = field(default_factory=set)
    """The ids of the computers that it is on."""


@dataclass(frozen=True, slots=True)
class UnknownRelease:
    """What is in use and has no end of life, and why."""

    name: str
    version: str
    system: bool
    computers: int
    why: Message


@dataclass(slots=True)
class ReleasesInUse:
    """Those whose ends are known, and those of which none is."""

    known: list[EndingRelease]
    unknown: list[UnknownRelease]


def releases_in_use(reader: Reader, control: Control) -> ReleasesInUse:
    """All releases in use. What the register says of a product comes before the end-of-life data. Raises Cancelled."""
    found = _Found(reader, control)
    if found.knows_nothing:
        return ReleasesInUse([], [])
    found.software()
    found.systems()
    return ReleasesInUse(list(found.known.values()), sorted(found.unknown, key=lambda one: (-one.computers, one.name)))


def ending(reader: Reader, today: date, control: Control) -> Iterator[tuple[EndingRelease, list[CI]]]:
    """What reaches its end of life within a year or has ended, the earliest first, with the computers that it is on.

    Of computers and products that have left by their status none counts; of products on no computer, records do.
    Raises Cancelled.
    """
    schema = reader.schema

    def stays(one: CI) -> bool:
        return not life_cycle.has_left(schema, one.cls, one.values.get(life_cycle.STATUS))

    due = [one for one in releases_in_use(reader, control).known if ends_life(one.end, today, over=one.over)]
    wanted = {one.uid for one in due if one.uid}.union(*(one.computers for one in due))
    records = {uid: record for uid, record in reader.by_uid(wanted).items() if stays(record)}
    for one in sorted(due, key=lambda one: (one.end or "", one.title.casefold(), one.release)):
        control.check()
        computers = [records[uid] for uid in one.computers if uid in records]
        if computers or one.uid in records:
            yield one, computers


class _Found:
    def __init__(self, reader: Reader, control: Control) -> None:
        self._reader, self._control = reader, control
        self._catalogue = catalogue_of(reader)
        self._cycles = life_cycles_of(reader, self._catalogue)
        self.known: dict[tuple[str, ...], EndingRelease] = {}
        self.unknown: list[UnknownRelease] = []
        self._products: dict[str, list[tuple[CI, CatalogueMatch]]] = defaultdict(list)
        if PRODUCT in reader.schema.classes:
            for one in reader.all(Selection(PRODUCT)):
                v = one.values
                publisher, edition, version = (str(v.get(part) or "") for part in ("publisher", "edition", "version"))
                what = self._catalogue.recognise(one.name, publisher, edition, version)
                self._products[what.product.key].append((one, what))
                if v.get(END):
                    is_system = v.get("kind") == "operating system"
                    days = str(v[END]), str(v.get(SUPPORT) or "")
                    self.known["record", one.uid] = EndingRelease(
                        one.name, what.version or version, is_system, *days, uid=one.uid
                    )

    @property
    def knows_nothing(self) -> bool:
        """Whether no end of life is known of anything."""
        return self._cycles is None and not self.known

    def software(self) -> None:
        """What is installed."""
        origins = {(one.product, one.publisher): one for one in reported_names(self._reader)}
        for one in reported_releases(self._reader):
            self._control.check()
            named = origins.get((one.product, one.publisher))
            if named is None:
                continue  # it is installed no longer
            what = self._catalogue.recognise(one.product, one.publisher, one.edition, one.version, named.origin)
            if what.kind != "product":
                continue
            release = self._of_record(what, one.version)
            if release is None and self._cycles is not None:
                found = self._cycles.of_software(what, one.product, one.version, named.origin)
                release = self._of_cycle(found, False)
                if release is None and found.why is not None and what.product.listed:
                    self.unknown.append(UnknownRelease(one.product, one.version, False, named.computers, found.why))
            if release is not None:
                release.numbers.add(one.number)
        for release in self.known.values():
            if release.numbers:
                release.computers.update(carriers(self._reader, release.numbers))

    def systems(self) -> None:
        """The operating systems of computers."""
        if self._cycles is None or "computer" not in self._reader.schema.classes:
            return
        asked: dict[tuple[str, str, str], EndingRelease | None] = {}
        missing: dict[tuple[str, str, str], int] = defaultdict(int)
        for one in self._reader.all(Selection("computer", "operating_system is not empty")):
            self._control.check()
            named = (one.text("operating_system"), one.text("os_version"), one.text("os_edition"))
            if named not in asked:
                asked[named] = self._of_cycle(self._cycles.of_system(*named), True)
            release = asked[named]
            if release is None:
                missing[named] += 1
            else:
                release.computers.add(one.uid)
        for (name, version, edition), number in missing.items():
            why = self._cycles.of_system(name, version, edition).why
            if why is not None:
                self.unknown.append(UnknownRelease(name, version, True, number, why))

    def _of_record(self, what: CatalogueMatch, version: str) -> EndingRelease | None:
        """The product of the register that an installation is of, if its end is known: that of the version."""
        best: tuple[int, CI] | None = None
        for one, own in self._products.get(what.product.key, ()):
            if own.edition and what.edition and own.edition != what.edition:
                continue
            named = own.version or one.text("version")
            fits = not named or named == what.version or f"{version}.".startswith(f"{named}.")
            if fits and one.values.get(END) and (best is None or len(named) > best[0]):
                best = (len(named), one)
        return self.known["record", best[1].uid] if best is not None else None

    def _of_cycle(self, found: FoundCycle, system: bool) -> EndingRelease | None:
        if found.product is None or found.cycle is None:
            return None
        key = ("system" if system else "software", found.product.name, found.cycle.name)
        if key not in self.known:
            cycle = found.cycle
            self.known[key] = EndingRelease(
                found.product.title, release_title(cycle), system, cycle.end, cycle.support, cycle.over
            )
        return self.known[key]
