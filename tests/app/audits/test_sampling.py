"""The next sample is ranked by reasons that add up, and is the same whoever asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.audits.running import finish, number_expected, start
from app.audits.sampling import MISSING, MOBILE, MOVED, NEVER, NOBODY, VALUE, next_sample, sampled_scope
from app.reports import ReportContext, find
from app.verbs import known_verbs, make
from cmdb.model.audits import AuditScope
from cmdb.model.errors import InvalidValue
from tests.cmdb.estates import Hand

TODAY = date(2026, 6, 15)


def test_reasons_add_up_and_each_row_has_its_own(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    seen = {"seen_in_person": "2026-01-10T09:00:00Z", "assigned_to": ann}
    hand.make("monitor", "b plain", **seen)
    hand.make("monitor", "a plain", **seen)
    hand.make("monitor", "never", assigned_to=ann)
    hand.make("laptop", "carried", **seen)
    hand.make("monitor", "dear", purchase_cost=Decimal(9000), currency="EUR", **seen)
    for n in range(4):
        hand.make("monitor", f"cheap {n}", purchase_cost=Decimal(100 + n), currency="EUR", **seen)
    hand.make("monitor", "nobody's", seen_in_person="2026-01-10T09:00:00Z")
    moved = hand.make("monitor", "moved", seen_in_person="2026-01-10T09:00:00Z")
    for number, who in enumerate((ann, bob, ann)):
        with hand.store.read() as reader:
            over = make(
                reader, known_verbs()["hand_over"], [moved], {"to": who}, "tom", f"2026-05-0{number + 1}", every=True
            )
        hand.store.apply(over)
    lost = hand.make("monitor", "missing", **seen)
    with hand.store.read() as reader:
        applied = hand.store.apply(start(reader, AuditScope(where=f"id = {lost}"), "tom"))
    (audit,) = applied.created
    with hand.store.read() as reader:
        hand.store.apply(finish(reader, audit, "tom"))
    with hand.store.read() as reader:
        found = next_sample(reader, AuditScope(), 100, TODAY)
        points = {one.record.name: one.points for one in found}
        assert points["missing"] == MISSING
        assert (points["never"], points["dear"], points["moved"]) == (NEVER, VALUE, MOVED)
        assert (points["carried"], points["nobody's"], points["a plain"]) == (MOBILE, NOBODY, 0)
        order = [one.record.name for one in found]
        assert order[:6] == ["missing", "never", "dear", "moved", "carried", "nobody's"]
        assert order.index("a plain") < order.index("b plain")
        assert [str(one) for one in found[0].reasons] == ["missing last time"]
        scope = sampled_scope(reader, AuditScope(), 3)
        assert number_expected(reader, scope) == 3
        rows = list(find("audit_sample").rows(ReportContext(reader, TODAY)))
        assert rows[1].cells[:3] == ("never", NEVER, "never seen by a person")
        with pytest.raises(InvalidValue, match="from 1 to 500"):
            sampled_scope(reader, AuditScope(), 501)
