"""Whoever reserves at one moment with another one is told: the interval is free when it is written, or it is not."""

from __future__ import annotations

import pytest

from cmdb.model.errors import InvalidValue, Outdated
from cmdb.model.guards import FreeGuard
from cmdb.model.intervals import Interval
from cmdb.model.reservations import Reservation, stated_interval
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.reading.reservations import every_reservation, obstacle, reservations_naming
from cmdb.store.store import Store
from tests.cmdb.estates import Hand

WEEK, NEXT = stated_interval("2027-01-04", "2027-01-10"), stated_interval("2027-01-11", "2027-01-17")


def reserved(store: Store, subject: str, during: Interval, by: str = "", quantity: int = 1) -> Revision:
    """A reservation as it is decided now."""
    one = Reservation(new_id(), subject, during, by, quantity)
    with store.read() as reader:
        assert obstacle(reader, subject, during, quantity) is None
        number = reader.number
    edit = Edit(Record("reservation", (one.uid,)), "", None, one.fields())
    return Revision([edit], "ann", guards=(FreeGuard(subject, during, quantity),), decided_at=number)


def test_of_two_people_one_gets_it_and_the_other_is_told(store: Store) -> None:
    hand = Hand(store)
    kit = hand.make("kit", "Kit 1")
    model = hand.make("hardware_model", "X1")
    laptop = hand.make("laptop", "LT-1", kit=kit, status="In stock", model=model)
    hand.make("laptop", "LT-2", status="In stock", model=model)
    ann = hand.make("person", "Ann")
    first, second = reserved(store, laptop, WEEK, ann), reserved(store, laptop, WEEK)
    of_kit, later = reserved(store, kit, WEEK), reserved(store, laptop, NEXT)
    two = reserved(store, model, WEEK, quantity=2)
    store.apply(first)
    store.apply(later)
    for late in (second, of_kit):
        with pytest.raises(Outdated, match=r"reserved meanwhile.*for Ann.*Revision"):
            store.apply(late)
    with pytest.raises(Outdated, match=r"X1 was reserved meanwhile"):
        store.apply(two)
    store.apply(reserved(store, model, WEEK))
    with store.read() as reader:
        assert obstacle(reader, model, WEEK) is not None
        assert sorted(one.subject for one in every_reservation(reader)) == sorted([laptop, model, laptop])
        assert len(reservations_naming(reader, [ann])) == 1
        assert len(reader.versions(laptop)) == 3
    hand.apply(Edit(Record("ci", (ann,)), "", {}, None))
    with store.read() as reader:
        assert {one.by for one in every_reservation(reader)} == {""}
    hand.apply(Edit(Record("ci", (laptop,)), "", {}, None))
    with store.read() as reader:
        assert [one.subject for one in every_reservation(reader)] == [model]


def test_a_reservation_is_of_something_and_of_some_time(store: Store) -> None:
    hand = Hand(store)
    laptop = hand.make("laptop", "LT-1")
    wrong = (
        {"subject": laptop},
        {"from": WEEK.start},
        {"subject": laptop, "from": WEEK.end, "until": WEEK.start},
        {"subject": laptop, "from": WEEK.start, "quantity": 0},
    )
    for fields in wrong:
        with pytest.raises(InvalidValue):
            hand.apply(Edit(Record("reservation", (new_id(),)), "", None, fields))
