"""What work about a record has cost."""

from __future__ import annotations

from decimal import Decimal

from app.work.concerning import concerning
from cmdb.model.revision import Edit, Record, Revision
from tests.cmdb.estates import Hand


def test_what_maintenance_has_cost_is_summed_by_currency(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    for number, (cost, currency) in enumerate((("120.50", "EUR"), ("0.004", "EUR"), ("80", "USD"))):
        made = hand.make("maintenance", f"M{number}", cost=Decimal(cost), currency=currency)
        hand.store.apply(Revision([Edit(Record("relationship", ("concerns", made, laptop)), "", None, {})], "tom"))
    with hand.store.read() as reader:
        found = concerning(reader, laptop, 2)
        assert (len(found.first), found.number) == (2, 3)
        assert [(one.value, one.currency) for one in found.costs] == [(Decimal("120.50"), "EUR"), (Decimal(80), "USD")]
