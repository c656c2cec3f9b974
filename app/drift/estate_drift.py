"""The drift of all machines between two moments: how many rows came, went and changed, by machine and section.

Only rows that differ are read. What a source saw for the first time is no drift.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from app.drift.differences import ADDED, CHANGED, DETAILS, REMOVED, SOFTWARE
from app.drift.releases import FoundRelease, catalogue_for, paired
from cmdb.model.claims import STATED_BY, kind_of
from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.store.reading.difference import RecordDifference
    from cmdb.store.reading.reader import Reader

_CHANGES = {"created": ADDED, "changed": CHANGED, "deleted": REMOVED}
_NO_DRIFT = frozenset({"last_seen"})
_AT_ONCE = 2_000
"""Machines whose earlier sightings are looked up at once."""


class MachineDrift(NamedTuple):
    """What scans saw change in one section of a machine: how many rows were added, changed and removed."""

    uid: str
    section: str
    added: int
    changed: int
    removed: int


@dataclass
class _Counted:
    """Numbers by machine and section; what was added is counted by its sources until their earlier looks are known."""

    numbers: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    added: dict[tuple[str, str], Counter[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(Counter))
    came: dict[str, dict[FoundRelease, tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))
    went: dict[str, list[FoundRelease]] = field(default_factory=lambda: defaultdict(list))

    def section(self, one: RecordDifference) -> None:
        uid, name, source, _ = one.record.key
        if one.change == "created":
            self.added[uid, name][(source,)] += 1
        else:
            self.numbers[uid, name][_CHANGES[one.change]] += 1

    def installation(self, one: RecordDifference) -> None:
        uid, *parts = one.record.key
        fields: Mapping[str, Any] = one.after or one.before or {}
        scope, publisher, product, edition, version = parts
        release = FoundRelease(scope, publisher, product, edition, version, str(fields.get("origin") or ""))
        if one.change == "created":
            self.came[uid][release] = tuple(fields.get(STATED_BY) or ())
        elif one.change == "deleted":
            self.went[uid].append(release)

    def claim(self, one: RecordDifference) -> None:
        """What a scan says of a record otherwise than before."""
        uid, source = one.record.key
        if kind_of(source) != "scan" or one.before is None or one.after is None:
            return
        for name in {*one.before, *one.after}:
            then, now = (_value(said, name) for said in (one.before, one.after))
            if then != now and name not in _NO_DRIFT and "." not in name:
                change = ADDED if then is None else REMOVED if now is None else CHANGED
                self.numbers[uid, DETAILS][change] += 1


def estate_drift(reader: Reader, then: int, control: Control) -> Iterator[MachineDrift]:
    """The drift of all machines from a revision to the reader's moment, by name. Raises Cancelled, UserError."""
    from cmdb.model.name_keys import name_key

    found = _counted(reader, then, control)
    seen = _seen_then(reader, {uid for uid, _ in found.added} | found.came.keys(), then)
    for (uid, name), by_source in found.added.items():
        known = seen.get(uid, set())
        found.numbers[uid, name][ADDED] += sum(
            number for sources, number in by_source.items() if any((source, name) in known for source in sources)
        )
    catalogue = catalogue_for(reader)
    for uid in found.came.keys() | found.went.keys():
        control.check()
        _add_software(found, uid, catalogue, frozenset(source for source, _ in seen.get(uid, ())))
    names = reader.names({uid for uid, _ in found.numbers})
    places = {name: place for place, name in enumerate((DETAILS, *reader.schema.sections, SOFTWARE))}
    order = sorted(
        (key for key, counts in found.numbers.items() if key[0] in names and counts.total()),
        key=lambda key: (name_key(names[key[0]][1]), key[0], places.get(key[1], len(places))),
    )
    for key in order:
        counts = found.numbers[key]
        yield MachineDrift(*key, counts[ADDED], counts[CHANGED], counts[REMOVED])


def _counted(reader: Reader, then: int, control: Control) -> _Counted:
    found = _Counted()
    take = {"section": found.section, "installation": found.installation, "claim": found.claim}
    schema = reader.schema
    volatile = {name for name, one in schema.sections.items() if one.volatile}
    between = reader.between(then, stated=True)
    total, done = between.rows(take), 0
    for kind, counts in take.items():
        for batch in between.of(kind):
            done += len(batch)
            control.progress(min(done, total), total, Message("Comparing"))
            for one in batch:
                if kind != "section" or one.record.key[1] not in volatile:
                    counts(one)
    return found


def _seen_then(reader: Reader, uids: set[str], then: int) -> dict[str, set[tuple[str, str]]]:
    """Record → (source, section) of what had been looked at then."""
    from cmdb.store.reading.spans import sighting_spans
    from cmdb.store.rows.codec import chunks

    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for batch in chunks(sorted(uids), _AT_ONCE):
        for one in sighting_spans(reader, batch):
            if one.began <= then and (not one.ended or one.ended > then):
                found[one.uid].add((one.source, one.section))
    return found


def _add_software(found: _Counted, uid: str, catalogue: Callable[[], Catalogue], known: frozenset[str]) -> None:
    came = [one for one, sources in found.came[uid].items() if not sources or not known.isdisjoint(sources)]
    pairs = paired(found.went[uid], came, catalogue)
    counts = found.numbers[uid, SOFTWARE]
    counts[ADDED] += len(pairs.came)
    counts[CHANGED] += len(pairs.replaced)
    counts[REMOVED] += len(pairs.went)


def _value(said: Mapping[str, Any], name: str) -> Any:
    """The value that a source states, without when it said so."""
    stated = said.get(name)
    return stated[0] if isinstance(stated, list) else stated
