"""Dates that an item has by its model: lists find, sort and count them as they are shown."""

from __future__ import annotations

from cmdb.model.calendar_bounds import months_after
from cmdb.model.inherited_dates import inherited_dates, referred
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from tests.cmdb.estates import Hand

BOUGHT = ("2024-01-31", "2024-02-29", "2023-08-30", "2023-08-31", "2023-12-31")
MONTHS = (0, 1, 6, 12, 36)


def test_an_item_has_the_warranty_of_its_model_where_it_has_none_of_its_own(hand: Hand, store: Store) -> None:
    models = {months: hand.make("hardware_model", f"M{months}", warranty_months=months) for months in MONTHS}
    shown = {
        f"{day}+{months}": hand.make("laptop", f"{day}+{months}", model=model, purchase_date=day)
        for day in BOUGHT
        for months, model in models.items()
    }
    own = hand.make("laptop", "own", model=models[36], purchase_date="2024-01-01", warranty_until="2024-06-01")
    hand.make("laptop", "never bought", model=models[36])
    hand.make("laptop", "of no model", purchase_date="2024-01-01")
    with store.read() as reader:
        found = reader.by_uid([*shown.values(), own])
        others = reader.by_uid(referred(reader.schema, found.values()))
        days = {
            name: inherited_dates(reader.schema, found[uid], others)["warranty_until"] for name, uid in shown.items()
        }
        assert days["2023-08-31+6"] == "2024-02-29"
        assert not inherited_dates(reader.schema, found[own], others)
        days["own"] = "2024-06-01"
        for limit in sorted(set(days.values())):
            for op, holds in (("<", str.__lt__), (">=", str.__ge__), ("=", str.__eq__)):
                where = f"warranty_until {op} {limit}"
                listed = {one.name for one in reader.all(Selection("laptop", where))}
                assert listed == {name for name, day in days.items() if holds(day, limit)}, where
        assert reader.count(Selection("laptop", "warranty_until is empty")) == 2
        by_day = [one.name for one in reader.all(Selection("laptop", "warranty_until is not empty", "-warranty_until"))]
        assert [days[name] for name in by_day] == sorted(days.values(), reverse=True)
        facet = reader.facet(Selection("laptop"), "warranty_until")
        assert facet == {None: 2} | {day: [*days.values()].count(day) for day in days.values()}
        number = reader.number
    hand.set(models[36], "warranty_months", 24)
    with store.read() as reader:
        assert "2024-01-31+36" in {one.name for one in reader.all(Selection("laptop", "warranty_until = 2026-01-31"))}
        past = reader.as_of(number)
        assert past.count(Selection("laptop", "warranty_until = 2026-01-31")) == 0
        assert past.count(Selection("laptop", "warranty_until = 2027-01-31")) == 1


def test_the_far_end_of_the_calendar_is_no_fault() -> None:
    from datetime import date

    assert months_after(date(9999, 12, 1), 600) == date.max
    assert months_after(date(1, 1, 1), -1) == date.min
