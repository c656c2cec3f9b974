"""The history of the software on computers: what was installed, upgraded and removed, when, and who saw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.drift.releases import FoundRelease, catalogue_for, order_of_versions, paired, release_of
from app.drift.scan_history import ScanHistory, scan_histories
from cmdb.model.formats import day
from cmdb.model.messages import Message, tr
from cmdb.reconciliation.software import section_of_manager

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.store.reading.reader import Reader
    from cmdb.store.reading.spans import InstallationSpan

FOUND, INSTALLED, AGAIN, UPGRADED, DOWNGRADED, REPLACED, REMOVED = (
    "found", "installed", "installed_again", "upgraded", "downgraded", "replaced", "removed",
)  # fmt: skip
STEPS = {
    FOUND: Message("there when it was first seen"),
    INSTALLED: Message("installed"),
    AGAIN: Message("installed again"),
    UPGRADED: Message("upgraded"),
    DOWNGRADED: Message("downgraded"),
    REPLACED: Message("replaced"),
    REMOVED: Message("removed"),
}
"""What happened to a product, in words."""
_SECTIONS: Mapping[bool, tuple[str, ...]] = {False: ("software",), True: ("user_software",)}
"""The sections in which software is seen, by whether it is a user's."""


@dataclass(frozen=True, slots=True)
class SoftwareStep:
    """What happened to a product on a computer, in which revision and when that was seen (ISO UTC).

    ``before`` is the version that it had, where another took its place. ``first_seen`` and ``last_seen`` are of the
    version that came, or of the one that is removed. ``sources`` state it. ``seen_in_part`` is when they looked later,
    without seeing the whole list: which of it they saw is not kept, so it was seen last then, or earlier; "" otherwise.
    """

    uid: str
    number: int
    seen: str
    what: str
    product: str
    publisher: str
    version: str
    before: str
    scope: str
    first_seen: str
    last_seen: str
    sources: tuple[str, ...]
    seen_in_part: str = ""

    @property
    def called(self) -> str:
        """The product, and for whom it is installed where that is one person."""
        return FoundRelease(self.scope, self.publisher, self.product, "", self.version).called


def last_seen_text(one: SoftwareStep) -> str:
    """The day on which a version was seen last; "or later" where looks since then saw the list in part."""
    seen = day(one.last_seen)
    return tr("{day} or later", day=seen) if one.seen_in_part[:10] > one.last_seen[:10] else seen


@dataclass(slots=True)
class _Presence:
    """A release on a computer, from a revision on until another (0: still)."""

    release: FoundRelease
    began: int
    ended: int
    sources: tuple[str, ...]
    first: str = ""
    last: str = ""
    in_part: str = ""
    stated: dict[str, int] = field(default_factory=dict)
    """Source → the revision since which it states the release."""


@dataclass(frozen=True, slots=True)
class UndoneRevisions:
    """Which revisions cancel each other out for a computer, and which stand for what was undone and done again."""

    undoes: Mapping[int, int]
    taken_back: Mapping[int, Collection[int]]
    """Revision → the revisions whose scan of the computer it took back, as the undo of a part does."""

    def cancel(self, one: int, other: int) -> bool:
        """Whether one undoes the other, or took back its scan of the computer."""
        if self._root(one)[0] == self._root(other)[0]:
            return True
        return one in self.taken_back.get(other, ()) or other in self.taken_back.get(one, ())

    def first(self, number: int) -> int:
        """The revision that did what one did again, as the undo of its undo; otherwise the revision itself."""
        root, steps = self._root(number)
        return number if steps % 2 else root

    def _root(self, number: int) -> tuple[int, int]:
        steps = 0
        while number in self.undoes:
            number, steps = self.undoes[number], steps + 1
        return number, steps


@dataclass
class _Computer:
    """The software of one computer over time."""

    uid: str
    scans: ScanHistory
    recorded: Callable[[int], str]
    undone: UndoneRevisions
    catalogue: Callable[[], Catalogue]
    presences: list[_Presence] = field(default_factory=list)

    def read(self, spans: Iterable[InstallationSpan]) -> None:
        """Joins the rows of each release to the times during which it was there."""
        by_release: dict[tuple[str, ...], list[_Presence]] = defaultdict(list)
        for one in spans:
            its = by_release[one.release]
            if its and its[-1].ended and (its[-1].ended == one.began or self.undone.cancel(its[-1].ended, one.began)):
                its[-1].ended = one.ended
                its[-1].sources = one.stated_by or its[-1].sources
            else:
                its.append(_Presence(release_of(one), one.began, one.ended, one.stated_by))
            if not (one.ended and self.undone.cancel(one.began, one.ended)):
                for source in one.stated_by:
                    its[-1].stated.setdefault(source, one.began)
        found = list(_joined(one for its in by_release.values() for one in its))
        self.presences = [one for one in found if not (one.ended and self.undone.cancel(one.began, one.ended))]
        for each in self.presences:
            each.first = self.scans.seen_at(each.began, each.sources) or self.recorded(each.began)
            sections = _SECTIONS[bool(each.release.scope)]
            if each.release.origin and not each.release.scope:
                sections = (*sections, section_of_manager(each.release.origin))
            each.last = self.scans.last_look(each.sources, sections, each.began, each.ended) or each.first
            later = self.scans.last_look(each.sources, None, each.began, each.ended)
            each.in_part = later if later > each.last else ""

    def steps(self) -> list[SoftwareStep]:
        """What happened, the newest first."""
        began: dict[int, dict[FoundRelease, _Presence]] = defaultdict(dict)
        ended: dict[int, dict[FoundRelease, _Presence]] = defaultdict(dict)
        for one in self.presences:
            began[self.undone.first(one.began)][one.release] = one
            if one.ended:
                ended[self.undone.first(one.ended)][one.release] = one
        first = self._first_statements()
        known: set[tuple[str, ...]] = set()
        found: list[SoftwareStep] = []
        for number in sorted(began.keys() | ended.keys()):
            pairs = paired(ended[number], began[number], self.catalogue)
            for old, new in pairs.replaced:
                way = order_of_versions(old.version, new.version)
                what = {1: UPGRADED, -1: DOWNGRADED}.get(way, REPLACED)
                found.append(self._step(number, what, began[number][new], old.version))
            for release in pairs.came:
                one = began[number][release]
                stating = [source for source, since in one.stated.items() if self.undone.first(since) == number]
                seen_first = bool(stating) and all(first[source] == number for source in stating)
                what = FOUND if seen_first else AGAIN if release[:5] in known else INSTALLED
                found.append(self._step(number, what, one))
            found += [self._step(number, REMOVED, ended[number][release]) for release in pairs.went]
            known.update(release[:5] for release in began[number])
        return sorted(found, key=lambda one: (-one.number, one.what == FOUND, one.product.casefold(), one.version))

    def _first_statements(self) -> Mapping[str, int]:
        """Source → the first revision in which it stated software of the computer."""
        found: dict[str, int] = {}
        for one in self.presences:
            for source, number in one.stated.items():
                began = self.undone.first(number)
                found[source] = min(began, found.get(source, began))
        return found

    def _step(self, number: int, what: str, one: _Presence, before: str = "") -> SoftwareStep:
        seen = self.scans.seen_at(number, one.sources) or self.recorded(number)
        r = one.release
        return SoftwareStep(self.uid, number, seen, what, r.product, r.publisher, r.version, before, r.scope, one.first,
                            one.last, one.sources, one.in_part)  # fmt: skip


def _joined(presences: Iterable[_Presence]) -> Iterator[_Presence]:
    """Presences where what follows another at once, and is only worded otherwise, is one with it."""
    ended: dict[tuple[tuple[str, ...], int], _Presence] = {}
    for one in sorted(presences, key=lambda each: each.began):
        before = ended.pop((one.release.worded, one.began), None)
        if before is None:
            before = one
            yield one
        else:
            before.release, before.ended, before.sources = one.release, one.ended, one.sources
            before.stated = {**one.stated, **before.stated}
        if before.ended:
            ended[one.release.worded, before.ended] = before


def software_histories(reader: Reader, uids: Collection[str]) -> dict[str, list[SoftwareStep]]:
    """Computer → what happened to its software as the reader's moment knew it, the newest first, as far as it is kept.

    The number of statements doesn't grow with the software or the scans.
    """
    from cmdb.store.reading.spans import installation_spans, undoes

    by_computer: dict[str, list[InstallationSpan]] = {uid: [] for uid in uids}
    for one in installation_spans(reader, uids):
        by_computer[one.uid].append(one)
    scans, undone = scan_histories(reader, uids), undoes(reader)
    times, catalogue = _times(reader, by_computer.values()), catalogue_for(reader)
    found: dict[str, list[SoftwareStep]] = {}
    for uid, spans in by_computer.items():
        taken_back = UndoneRevisions(undone, scans[uid].taken_back)
        computer = _Computer(uid, scans[uid], lambda number: times.get(number, ""), taken_back, catalogue)
        computer.read(spans)
        found[uid] = computer.steps()
    return found


def software_history(reader: Reader, uid: str) -> list[SoftwareStep]:
    """The same of one computer."""
    return software_histories(reader, [uid])[uid]


def _times(reader: Reader, spans: Iterable[Sequence[InstallationSpan]]) -> dict[int, str]:
    """Revision → its time."""
    numbers = {number for its in spans for one in its for number in (one.began, one.ended) if number}
    return {one.number: one.time for one in reader.headers(numbers)} if numbers else {}
