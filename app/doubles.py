"""Doubles: pairs of records that look like one thing, with their evidence; what a person says of them is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.item_search import Names
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.revision import Record, Revision
from cmdb.reconciliation.match_verdicts import MatchEvidence

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.reconciliation.keys import Identity, Keys
    from cmdb.store.reading.reader import Reader

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class DoublePair:
    """Two records that look like one, the older one first. ``score`` is in points of evidence."""

    first: CI
    second: CI
    score: int
    lines: tuple[MatchEvidence, ...]

    @property
    def evidence(self) -> tuple[Message, ...]:
        """What speaks for it and against it, in words."""
        return tuple(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class FoundDoubles:
    """The pairs with most evidence, how many there are in all, and the class and name of what they refer to, by id."""

    pairs: tuple[DoublePair, ...]
    number: int
    names: Names


def doubles(reader: Reader, most: int | None = None, control: Control | None = None) -> FoundDoubles:
    """The pairs of records that look like one and of which nobody has said that they are different; the most evident
    first. Raises Cancelled.
    """
    from cmdb.reconciliation.doubles import decision_id, weigh
    from cmdb.reconciliation.identifiers import shipped
    from cmdb.reconciliation.keys import Keys
    from cmdb.store.reading.double_candidates import candidates

    control = control or Control()
    keys = Keys(reader.schema, shipped())
    pairs = candidates(reader, control)
    found: list[DoublePair] = []
    for start in range(0, len(pairs), _AT_ONCE):
        control.check()
        control.progress(start, len(pairs), Message("Weighing doubles"))
        batch = pairs[start : start + _AT_ONCE]
        known = {one.id: one for one in reader.many(sorted({number for pair in batch for number in pair}))}
        identities = _identities(reader, keys, known)
        for one, other in batch:
            if one in known and other in known:
                verdict = weigh(keys, identities[one], identities[other])
                if verdict is not None:
                    found.append(DoublePair(known[one], known[other], verdict.score, verdict.lines))
    records = {Record("decision", (decision_id(p.first.uid, p.second.uid),)): p for p in found}
    decided = reader.records_of("decision", records) if records else {}
    left = [pair for record, pair in records.items() if record.key not in decided]
    left.sort(key=lambda pair: (-pair.score, pair.first.name.casefold(), pair.first.id, pair.second.id))
    shown = tuple(left if most is None else left[:most])
    references = reader.schema.reference_names
    named = {str(v) for p in shown for c in (p.first, p.second) for n, v in c.values.items() if n in references}
    return FoundDoubles(shown, len(left), reader.names(named) if named else {})


def _identities(reader: Reader, keys: Keys, known: Mapping[int, CI]) -> dict[int, Identity]:
    from cmdb.reconciliation.lookup import KnownRecord

    compared = {"manufacturer", "legal_owner", "location", "company", "agreement", "device", "cloud_account"}
    named = {str(one.values[name]) for one in known.values() for name in compared & one.values.keys()}
    names = {uid: name for uid, (_, name) in reader.names(named).items()}
    said = reader.said([one.uid for one in known.values()])
    return {
        number: keys.record(KnownRecord(one.cls, one.values), said.get(one.uid, {}), names)
        for number, one in known.items()
    }


def are_different(reader: Reader, one: str, other: str, author: str) -> Revision:
    """Remembers that two records are different things, so that nobody is asked again. Raises NotFound."""
    from cmdb.reconciliation.doubles import different

    first, second = reader.get(one), reader.get(other)
    edit = different(one, other, first.name, first.cls)
    edits = [] if reader.records_of("decision", [edit.record]) else [edit]
    return Revision(
        edits, author, reason=Message("{name} and {other} are different", name=first.name, other=second.name)
    )
