"""What a hand over means for reservations: it fulfils those of whom it goes to, and is told where others have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmdb.model.guards import FreeGuard
from cmdb.model.intervals import Interval
from cmdb.model.reservations import KIND, UNIT, most_at_once, shown_days, stated_interval
from cmdb.model.revision import Edit, Record, Revision, ci

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.reservations import Reservation
    from cmdb.store.reading.reader import Reader

_CUSTODY, _BACK = "assigned_to", "expected_return"


@dataclass(frozen=True)
class _HandedItem:
    record: CI
    holder: str
    during: Interval


@dataclass(frozen=True)
class ReservedCustody:
    """``fulfilled``: reservation → how many of it; ``broken``: what is handed over though it is kept for others."""

    handed: tuple[_HandedItem, ...]
    fulfilled: Mapping[str, tuple[Reservation, int]]
    broken: tuple[tuple[CI, Reservation], ...]


def reserved_custody(reader: Reader, edits: Iterable[Edit]) -> ReservedCustody:
    """What the hand overs among some edits mean for reservations."""
    from cmdb.store.reading.reservations import KIT, lendable, reservations_of

    handed = tuple(_handed(reader, list(edits)))
    wanted = {uid for one in handed for uid in (one.record.uid, one.record.text(KIT), one.record.text("model"))} - {""}
    its = reservations_of(reader, wanted) if wanted else []
    fulfilled: dict[str, tuple[Reservation, int]] = {}
    broken: dict[str, tuple[CI, Reservation]] = {}
    of_model: Counter[str] = Counter()
    for one in handed:
        model = one.record.text("model")
        of_model[model] += 1
        for other in its:
            if not other.during.overlaps(one.during):
                continue
            if other.subject in (one.record.uid, one.record.text(KIT)):
                if other.by == one.holder:
                    fulfilled[other.uid] = other, other.quantity
                else:
                    broken.setdefault(other.uid, (one.record, other))
            elif other.by == one.holder:
                done = fulfilled.get(other.uid, (other, 0))[1]
                fulfilled[other.uid] = other, min(other.quantity, done + 1)
            else:
                rest = [r for r in its if r.subject == model and r.by != one.holder]
                free = lendable(reader, model, one.during, fulfilled.keys())[0]
                if most_at_once(rest, one.during) > len(free) - of_model[model]:
                    broken.setdefault(other.uid, (one.record, other))
    return ReservedCustody(handed, fulfilled, tuple(broken.values()))


def with_reservations(revision: Revision, found: ReservedCustody) -> Revision:
    """The revision that also ends the reservations that it fulfils, with the day on which the thing is expected back;
    and that is decided anew where somebody reserves the thing meanwhile.
    """
    if not found.handed:
        return revision
    known = frozenset((*found.fulfilled, *(other.uid for _, other in found.broken)))
    guards = [FreeGuard(one.record.uid, one.during, 1, known) for one in found.handed]
    edits = list(revision.edits)
    for reservation, number in found.fulfilled.values():
        record = Record(KIND, (reservation.uid,))
        if number < reservation.quantity:
            edits.append(Edit(record, "quantity", reservation.quantity * UNIT, _stored(reservation.quantity - number)))
        else:
            edits.append(Edit(record, "", reservation.fields(), None))
    back = dict(_return_days(found))
    edits = [edit for edit in edits if not (edit.field == _BACK and edit.record.key[0] in back)]
    edits += [
        Edit(ci(one.record.uid), _BACK, one.record.values.get(_BACK), back[one.record.uid])
        for one in found.handed
        if back.get(one.record.uid, one.record.values.get(_BACK)) != one.record.values.get(_BACK)
    ]
    return replace(revision, edits=edits, guards=(*revision.guards, *guards))


def _stored(quantity: int) -> int | None:
    return quantity * UNIT if quantity != 1 else None


def _return_days(found: ReservedCustody) -> Iterator[tuple[str, str]]:
    """Thing → the last day of the reservation that it fulfils, where no day was stated."""
    for one in found.handed:
        if one.during.end:
            continue
        for reservation, _ in found.fulfilled.values():
            last = shown_days(reservation.during)[1]
            if last and reservation.subject in (one.record.uid, one.record.text("kit"), one.record.text("model")):
                yield one.record.uid, last


def _handed(reader: Reader, edits: list[Edit]) -> Iterator[_HandedItem]:
    holders = {
        edit.record.key[0]: str(edit.after)
        for edit in edits
        if edit.record.kind == "ci" and edit.field == _CUSTODY and edit.after
    }
    back = {edit.record.key[0]: edit.after for edit in edits if edit.record.kind == "ci" and edit.field == _BACK}
    for uid, one in reader.by_uid(holders).items():
        day = str(back.get(uid, one.values.get(_BACK)) or "")
        yield _HandedItem(one, holders[uid], _until(day))


def _until(day: str) -> Interval:
    now = stated_interval("", "")
    end = stated_interval(day, day).end if day else ""
    return Interval(now.start, end if end > now.start else "")
