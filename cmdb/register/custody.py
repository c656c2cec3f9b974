"""Custody: who had a thing and where it was, from when until when. Pure: it is worked out of what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from cmdb.model.custody_period import CustodyPeriod
from cmdb.model.event_times import milliseconds
from cmdb.model.field_points import FOREVER, FieldPoint, RecordPoints
from cmdb.model.values import Value

CUSTODY = ("assigned_to", "location")
"""The fields that say who has a thing and where it is."""


def periods(points: RecordPoints) -> list[CustodyPeriod]:
    """The custody of a thing in order. Times in which it was with nobody and nowhere are left out."""
    named = [(point, name) for name in CUSTODY for point in points.fields.get(name, ())]
    begun = [(point, name) for point, name in named if point.at == FOREVER]
    later = sorted(((p, n) for p, n in named if p.at != FOREVER), key=lambda pair: (pair[0].at, pair[0].revision))
    known: dict[str, Value | None] = {name: point.after for point, name in begun}
    first = milliseconds(points.since)
    since = first if not later or later[0][0].at >= first else None
    now = CustodyPeriod(points.uid, *_texts(known), since, None, points.since)
    found: list[CustodyPeriod] = []
    for together in _together(later):
        point = together[-1][0]
        doubtful = any(p.event and p.before != known.get(name) for p, name in together)
        known.update((name, one.after) for one, name in together)
        if _texts(known) == (now.holder, now.place):
            now = replace(now, doubtful=now.doubtful or doubtful)
            continue
        found.append(replace(now, until=point.at))
        now = CustodyPeriod(points.uid, *_texts(known), point.at, None, point.recorded, doubtful)
    found.append(replace(now, until=milliseconds(points.until) if points.until else None))
    return [one for one in found if (one.holder or one.place) and one.since != one.until]


def periods_of(holder: Collection[str], things: Iterable[RecordPoints]) -> list[CustodyPeriod]:
    """What a holder had, or what was at a place, in the order in which it came.

    ``holder``: its id, and those of the records that were merged into it.
    """
    found: list[CustodyPeriod] = []
    for points in things:
        found += [one for one in periods(points) if one.holder in holder or one.place in holder]
    return sorted(found, key=lambda one: (FOREVER if one.since is None else one.since, one.record))


def _texts(known: dict[str, Value | None]) -> tuple[str | None, str | None]:
    holder, place = (None if known.get(name) is None else str(known[name]) for name in CUSTODY)
    return holder, place


def _together(points: list[tuple[FieldPoint, str]]) -> Iterable[list[tuple[FieldPoint, str]]]:
    """The points that one revision recorded of one moment, together."""
    batch: list[tuple[FieldPoint, str]] = []
    for pair in points:
        if batch and (pair[0].at, pair[0].revision) != (batch[0][0].at, batch[0][0].revision):
            yield batch
            batch = []
        batch.append(pair)
    if batch:
        yield batch
