"""The scans of a record, as its sightings tell them: a scan that was taken back never happened."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cmdb.model.claims import kind_of

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader
    from cmdb.store.reading.spans import SightingSpan


class RecordScan(NamedTuple):
    """A revision that brought scans of a record: when they looked (ISO UTC, the latest), and their sources."""

    number: int
    observed: str
    sources: tuple[str, ...]


class _Look(NamedTuple):
    observed: str
    number: int


@dataclass
class ScanHistory:
    """What scans saw of a record and when, without what was taken back since."""

    looks: dict[tuple[str, str], list[_Look]] = field(default_factory=dict)
    """(Source, section) → its looks, in their order."""
    taken_back: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Revision → the revisions whose scans of the record it took back."""

    _of: dict[tuple[tuple[str, ...], tuple[str, ...] | None], list[tuple[int, str]]] = field(default_factory=dict)

    def scans(self) -> list[RecordScan]:
        """The scans, the newest first."""
        found = sorted(self._by_revision.items(), reverse=True)
        return [RecordScan(number, max(its.values()), tuple(sorted(its))) for number, its in found]

    def seen_at(self, number: int, sources: Collection[str] = ()) -> str:
        """When the scans of a revision looked, those of some ``sources`` if they were among them; "" if it has none."""
        found = self._by_revision.get(number, {})
        return max((found[one] for one in sources if one in found), default=max(found.values(), default=""))

    def last_look(self, sources: tuple[str, ...], sections: tuple[str, ...] | None, since: int, until: int) -> str:
        """When some sources last looked at one of the sections (None: at anything), from a revision on and before
        another (0: now).
        """
        looks = self._of.get((sources, sections))
        if looks is None:
            parts = (
                its
                for (source, section), its in self.looks.items()
                if source in sources and (sections is None or section in sections)
            )
            looks = self._of[sources, sections] = sorted((one.number, one.observed) for its in parts for one in its)
        last = bisect_left(looks, (until, "")) if until else len(looks)
        return max((observed for _, observed in looks[bisect_left(looks, (since, "")) : last]), default="")

    @cached_property
    def _by_revision(self) -> dict[int, dict[str, str]]:
        """Revision → source → when it looked, the latest of its sections."""
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for (source, _), looks in self.looks.items():
            for one in looks:
                found[one.number][source] = max(one.observed, found[one.number].get(source, ""))
        return dict(found)


def scan_histories(reader: Reader, uids: Collection[str]) -> dict[str, ScanHistory]:
    """Record → the history of its scans as the reader's moment knew it, as far as it is kept."""
    from cmdb.store.reading.spans import sighting_spans

    found = {uid: ScanHistory() for uid in uids}
    spans = [one for one in sighting_spans(reader, uids) if kind_of(one.source) == "scan"]
    spans.sort(key=_part)
    for (uid, source, section), its in groupby(spans, key=_part):
        found[uid].looks[source, section] = _looks(its, found[uid].taken_back)
    return found


def scans_of(reader: Reader, uid: str) -> list[RecordScan]:
    """The scans of a record with which it can be compared, the newest first.

    Of those before the history that is kept the last one stands, as of where that begins.
    """
    point = reader.checkpoint()
    first = point.number if point is not None else 0
    scans = scan_histories(reader, [uid])[uid].scans()
    before = [one._replace(number=first) for one in scans if one.number < first][:1]
    return [*(one for one in scans if one.number >= first), *before]


def _part(one: SightingSpan) -> tuple[str, str, str]:
    return one.uid, one.source, one.section


def _looks(spans: Iterable[SightingSpan], taken_back: dict[int, set[int]]) -> list[_Look]:
    """The looks of a source at a section that hold: a sighting that is followed by an older one, or by none, was taken
    back.
    """
    found: list[_Look] = []

    def take_back(number: int, after: str) -> None:
        while found and found[-1].observed > after:
            taken_back[number].add(found.pop().number)

    ended = 0
    for one in spans:
        if ended and ended != one.began:
            take_back(ended, "")
        take_back(one.began, one.observed)
        if not found or found[-1].observed < one.observed:
            found.append(_Look(one.observed, one.began))
        ended = one.ended
    if ended:
        take_back(ended, "")
    return found
