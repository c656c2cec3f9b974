"""Rows of a list grouped by a value: counts, sums and members, now, in the past and in a draft."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from cmdb.model.errors import QueryError
from cmdb.model.row_groups import ValueGroup
from cmdb.model.selection import Selection
from cmdb.register.drafts import new_draft
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.reading.reader import Reader
from tests.cmdb.estates import DIALECTS, Hand, Places

ALL = Selection("laptop")


@pytest.fixture(scope="module", params=DIALECTS)
def hand(request: pytest.FixtureRequest, places: Places) -> Iterator[Hand]:
    """Laptops that are only asked for."""
    with places.borrowed(request.param) as store:
        yield filled(Hand(store))


def filled(hand: Hand) -> Hand:
    site = hand.make("site", "Rotterdam")
    for name, status, cost, currency, until, group, memory in (
        ("a", "Deployed", "1000.10", "EUR", "2026-11-30", "Sales", 16),
        ("b", "Deployed", "899.90", "eur", "2026-11-01", "sales", 8),
        ("c", "In stock", "150000", "JPY", "2027-01-05", None, None),
        ("d", "In stock", "0.0125", None, None, "IT", 32),
        ("e", "Deployed", None, None, None, None, 4),
    ):
        hand.make(
            "laptop", name, status=status, purchase_cost=Decimal(cost) if cost else None, currency=currency,
            warranty_until=until, cost_centre=group, memory=memory, location=site if name < "c" else None,
        )  # fmt: skip
    hand.make("phone", "p", status="Deployed")
    return hand


def shown(groups: list[ValueGroup]) -> dict[object, int]:
    return {one.value: one.count for one in groups}


def members(reader: Reader, attribute: str, selection: Selection = ALL) -> dict[object, str]:
    found = {}
    whole = reader.ids_of_groups(selection, attribute)
    for one in reader.groups(selection, attribute):
        ids = reader.group_ids(selection, attribute, one.key)
        assert len(ids) == one.count
        assert reader.ids_of_groups(selection, attribute, {one.key}) == {one.key: ids}
        assert whole.pop(one.key) == ids
        rows = {ci.id: ci.name for ci in reader.many(ids)}
        found[one.value] = "".join(rows[i] for i in ids)
    assert not whole
    return found


def test_rows_are_grouped_by_values_of_every_type(hand: Hand) -> None:
    with hand.store.read() as reader:
        site = reader.find("Rotterdam").uid
        assert members(reader, "status") == {"Deployed": "abe", "In stock": "cd"}
        assert members(reader, "location") == {site: "ab", None: "cde"}
        assert members(reader, "warranty_until") == {"2026-11": "ab", "2027-01": "c", None: "de"}, "by month"
        assert sorted(members(reader, "cost_centre").values()) == ["ab", "ce", "d"], "texts without case"
        assert members(reader, "memory") == {16: "a", 8: "b", None: "c", 32: "d", 4: "e"}
        assert members(reader, "purchase_cost")[Decimal("899.90")] == "b"
        assert shown(reader.groups(Selection("hardware"), "class")) == {"laptop": 5, "phone": 1}
        turned = Selection("laptop", "memory >= 8", "-name")
        assert members(reader, "status", turned) == {"Deployed": "ba", "In stock": "d"}
        with pytest.raises(QueryError, match="colour"):
            reader.groups(ALL, "colour")


def test_numbers_are_summed_and_amounts_by_currency(hand: Hand) -> None:
    with hand.store.read() as reader:
        groups = {one.value: one for one in reader.groups(ALL, "status", ["memory", "purchase_cost"])}
        assert groups["Deployed"].sums == {"memory": Decimal(28)}
        assert groups["Deployed"].amounts == {"purchase_cost": {"EUR": Decimal("1900.00")}}
        assert groups["In stock"].amounts == {"purchase_cost": {"JPY": Decimal(150000), "": Decimal("0.0125")}}
        ids = [one.id for one in reader.page(ALL) if one.name in "ac"]
        few = {one.value: one for one in reader.groups(ALL, "status", ["memory"], ids)}
        assert {value: (one.count, dict(one.sums)) for value, one in few.items()} == {
            "Deployed": (1, {"memory": Decimal(16)}), "In stock": (1, {}),
        }  # fmt: skip


def test_the_past_has_its_own_groups(places: Places) -> None:
    for dialect in DIALECTS:
        with places.borrowed(dialect) as store:
            hand = Hand(store)
            one = hand.make("laptop", "a", status="Deployed")
            hand.make("laptop", "b", status="Deployed")
            with store.read() as reader:
                before = reader.number
            hand.set(one, "status", "In stock")
            with store.read(at=before) as reader:
                assert members(reader, "status") == {"Deployed": "ab"}
            with store.read() as reader:
                assert members(reader, "status") == {"In stock": "a", "Deployed": "b"}


def test_a_draft_has_its_own_groups(places: Places) -> None:
    for dialect in DIALECTS:
        with places.borrowed(dialect) as store:
            hand = Hand(store)
            one = hand.make("laptop", "a", status="Deployed", cost_centre="Sales")
            hand.make("laptop", "b", status="Deployed", cost_centre="IT")
            with store.read() as reader:
                draft, revision = new_draft(reader, "Spring", "anna")
            store.apply(revision)
            inside = Hand(DraftStore(store, draft))
            inside.set(one, "status", "In stock")
            inside.make("laptop", "c", status="In stock", cost_centre="sales")
            with inside.store.read() as reader:
                assert members(reader, "status") == {"In stock": "ac", "Deployed": "b"}
                assert sorted(members(reader, "cost_centre").values()) == ["ac", "b"]
            with store.read() as reader:
                assert members(reader, "status") == {"Deployed": "ab"}
