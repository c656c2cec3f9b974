"""What sources say otherwise than what stands, as a list, and the revision that takes it over. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.errors import NotFound
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Revision
from cmdb.model.source_keys import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmdb.model.records import StoredDeviation
    from cmdb.store.reading.reader import Reader

MOST = 2_000
"""The most deviations that the window lists; more are told by their number."""


@dataclass(frozen=True)
class DeviationFilter:
    """Which deviations are listed. ``source`` is a kind ("scan") or a source's key; "" is all."""

    cls: str = "ci"
    attribute: str = ""
    source: str = ""
    records: tuple[str, ...] = ()
    """The ids of records; without any, those of all records of the class."""

    def takes(self, one: StoredDeviation) -> bool:
        """Whether one is listed."""
        return self.attribute in ("", one.attribute) and self.source in ("", one.source, kind_of(one.source))


@dataclass(frozen=True)
class FoundDeviations:
    """The deviations that are listed, how many there are in all, and id → (class, name) of what they refer to."""

    rows: Sequence[StoredDeviation]
    number: int
    names: Mapping[str, tuple[str, str]]


def every_deviation(reader: Reader, wanted: DeviationFilter) -> Iterable[StoredDeviation]:
    """All deviations that a filter takes, record by record."""
    from cmdb.store.reading.deviations import deviations, deviations_of

    found = deviations_of(reader, list(wanted.records)) if wanted.records else deviations(reader, wanted.cls)
    return filter(wanted.takes, found)


def find_deviations(reader: Reader, wanted: DeviationFilter, most: int = MOST) -> FoundDeviations:
    """The first deviations that a filter takes, and their number."""
    rows: list[StoredDeviation] = []
    number = 0
    for one in every_deviation(reader, wanted):
        number += 1
        if len(rows) < most:
            rows.append(one)
    references = reader.schema.reference_names
    uids = {str(v) for one in rows if one.attribute in references for v in (one.stands, one.said) if v is not None}
    rows.sort(key=lambda one: (one.name, one.attribute))
    return FoundDeviations(rows, number, reader.last_names(uids))


def take_over_deviations(reader: Reader, wanted: Iterable[StoredDeviation], author: str, reason: str = "") -> Revision:
    """The revision that takes deviations over: what each source says now. Raises NotFound where one is gone.

    Of several sources that deviate in one value, the one that counts most is taken.
    """
    from cmdb.register.taking_over import TakenOver, take_over

    chosen: dict[tuple[str, str], StoredDeviation] = {}
    for one in wanted:
        chosen.setdefault((one.uid, one.attribute), one)
    if not chosen:
        raise NotFound(Message("There is no deviation to take over."))
    edits = take_over(reader, [TakenOver(one.uid, one.attribute, one.source) for one in chosen.values()])
    return Revision(edits, author, reason=reason or _reason(reader, list(chosen.values())), decided_at=reader.number)


def take_over_value(reader: Reader, uid: str, attribute: str, source: str, author: str) -> Revision:
    """The revision that takes over what a source says of one attribute of a record. Raises NotFound."""
    from cmdb.register.taking_over import TakenOver, take_over

    edits = take_over(reader, [TakenOver(uid, attribute, source)])
    one = reader.get(uid)
    label = reader.schema.attribute(one.cls, attribute).label
    reason = Message("Taken over: {attribute} of {name}", attribute=label, name=one.name)
    return Revision(edits, author, reason=reason, decided_at=reader.number)


def _reason(reader: Reader, taken: Sequence[StoredDeviation]) -> Message:
    if len(taken) == 1:
        label = reader.schema.attribute(taken[0].cls, taken[0].attribute).label
        return Message("Taken over: {attribute} of {name}", attribute=label, name=taken[0].name)
    return counted("Taken over: {count} value", "Taken over: {count} values", len(taken))
