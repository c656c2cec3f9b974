"""The next sample for an audit of a part: the items at which somebody should look first, and why each.

Every reason has its points, which are added; the highest sum comes first, then names. So the same estate gives the same
sample, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.audits.intervals import SEEN
from app.audits.proposals import missing_before
from app.audits.running import selection_of
from cmdb.model import clock
from cmdb.model.calendar_bounds import months_after
from cmdb.model.errors import InvalidValue
from cmdb.model.event_times import milliseconds
from cmdb.model.formats import Amount
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import name_key
from cmdb.model.query import quote

if TYPE_CHECKING:
    from cmdb.model.audits import AuditScope
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

MISSING, NEVER, LONG_AGO, VALUE, MOVED, MOBILE, NOBODY = 40, 30, 20, 20, 15, 10, 8
"""The points: it was missing last time; nobody ever saw it, or long ago; it is among the dearest; it was moved often;
it is carried about; nobody has it.
"""
LONG = 24
"""After so many months it was seen long ago."""
DEAREST = 5
"""One in so many of the items with an amount in one currency is among the dearest."""
MOVES = 3
"""So many changes of place or holder within a year are often."""
MOST = 500
"""The most items of a sample."""
_CARRIED = ("laptop", "mobile")
_CUSTODY = ("location", "assigned_to")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class SampledItem:
    """An item of a sample with its points and the reasons for them, the weightiest first."""

    record: CI
    points: int
    reasons: tuple[Message, ...]


def next_sample(reader: Reader, scope: AuditScope, number: int, today: date) -> list[SampledItem]:
    """The items of a scope at which somebody should look first, at most so many. Raises QueryError, InvalidValue."""
    items = list(reader.all(selection_of(reader.schema, scope)))
    dear = _dearest(items)
    missing = missing_before(reader, None, [one.uid for one in items])
    moved = _moves(reader, items, today)
    found = [_judged(reader.schema, one, today, dear, missing, moved) for one in items]
    return sorted(found, key=lambda one: (-one.points, name_key(one.record.name), one.record.uid))[:number]


def sampled_scope(reader: Reader, scope: AuditScope, number: int) -> AuditScope:
    """The scope of an audit of the next sample of a scope today; 0: of all of it. Raises InvalidValue."""
    if not 0 <= number <= MOST:
        raise InvalidValue(Message("A sample has from 1 to {most} items.", most=MOST))
    sample = next_sample(reader, scope, number, clock.today()) if number else ()
    named = " or ".join(f"id = {quote(one.record.uid)}" for one in sample)
    return replace(scope, where=named or scope.where)


def _judged(
    schema: Schema,
    one: CI,
    today: date,
    dear: Mapping[str, Decimal],
    missing: Mapping[str, int],
    moved: Mapping[str, int],
) -> SampledItem:
    reasons = [
        *_of_looks(one, today, missing.get(one.uid, 0)),
        *_of_thing(schema, one, dear),
        *_of_custody(one, moved.get(one.uid, 0)),
    ]
    reasons.sort(key=lambda reason: -reason[0])
    return SampledItem(one, sum(points for points, _ in reasons), tuple(text for _, text in reasons))


def _of_looks(one: CI, today: date, times: int) -> Iterator[tuple[int, Message]]:
    if times:
        yield MISSING, Message("missing last time")
    seen = one.text(SEEN)[:10]
    if not seen:
        yield NEVER, Message("never seen by a person")
    elif months_after(date.fromisoformat(seen), LONG) < today:
        yield LONG_AGO, Message("not seen by a person since {day}", day=date.fromisoformat(seen))


def _of_thing(schema: Schema, one: CI, dear: Mapping[str, Decimal]) -> Iterator[tuple[int, Message]]:
    cost, currency = one.values.get("purchase_cost"), one.text("currency")
    if cost is not None and currency in dear and Decimal(str(cost)) >= dear[currency]:
        yield VALUE, Message("among the dearest: {cost}", cost=Amount(Decimal(str(cost)), currency))
    if any(schema.is_a(one.cls, cls) for cls in _CARRIED):
        yield MOBILE, Message("carried about")


def _of_custody(one: CI, moves: int) -> Iterator[tuple[int, Message]]:
    if moves >= MOVES:
        yield MOVED, counted("moved {count} time in a year", "moved {count} times in a year", moves)
    if not one.values.get("assigned_to"):
        yield NOBODY, Message("nobody has it")


def _dearest(items: Iterable[CI]) -> dict[str, Decimal]:
    """Currency → the amount from which an item is among the dearest."""
    amounts: dict[str, list[Decimal]] = {}
    for one in items:
        if cost := one.values.get("purchase_cost"):
            amounts.setdefault(one.text("currency"), []).append(Decimal(str(cost)))
    return {code: sorted(its, reverse=True)[(len(its) - 1) // DEAREST] for code, its in amounts.items()}


def _moves(reader: Reader, items: Sequence[CI], today: date) -> dict[str, int]:
    """Record → how often its place or holder changed within a year."""
    since = milliseconds(f"{months_after(today, -12).isoformat()}T00:00:00Z")
    found: dict[str, int] = {}
    for low in range(0, len(items), _BATCH):
        uids = [one.uid for one in items[low : low + _BATCH]]
        for uid, points in reader.field_points(uids, _CUSTODY).items():
            changes = (point for name in _CUSTODY for point in points.fields.get(name, ())[1:])
            found[uid] = sum(point.at >= since for point in changes)
    return found
