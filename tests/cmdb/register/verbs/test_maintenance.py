"""Maintenance is made, ended and planned anew by verbs, in one revision each."""

from __future__ import annotations

from decimal import Decimal

from app.verbs import known_verbs, make
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.selection import Selection
from cmdb.model.verb import FieldValue
from cmdb.register import history
from tests.cmdb.estates import Hand


def do(hand: Hand, name: str, uids: list[str], at: str = "", **values: FieldValue) -> AppliedRevision:
    with hand.store.read() as reader:
        made = make(reader, known_verbs()[name], uids, values, "tom", at, every=True)
    return hand.store.apply(made)


def works(hand: Hand) -> list[CI]:
    with hand.store.read() as reader:
        return sorted(reader.all(Selection("maintenance")), key=lambda one: one.text("number"))


def about(hand: Hand, work: CI) -> list[str]:
    with hand.store.read() as reader:
        return [reader.outer([i])[i][0] for i in reader.linked("concerns", [work.id]).get(work.id, [])]


def test_a_repair_is_begun_and_ended_with_its_item(hand: Hand) -> None:
    shop = hand.make("supplier", "Fixit")
    laptop = hand.make("laptop", "LT-1", currency="EUR")
    do(hand, "send_to_repair", [laptop], "2026-07-01", supplier=shop, due="2026-07-20", under_warranty=False)
    (repair,) = works(hand)
    values = dict(repair.values)
    assert values.pop("number") == "MNT-1"
    assert values == {
        "name": "Repair: LT-1", "state": "In progress", "kind_of_maintenance": "Repair", "out_on": "2026-07-01",
        "supplier": shop, "due": "2026-07-20", "under_warranty": False,
    }  # fmt: skip
    assert about(hand, repair) == [laptop]
    back = do(hand, "back_from_repair", [laptop], "2026-07-09", result="Repaired", cost=Decimal("120.50"))
    (repair,) = works(hand)
    assert [repair.values.get(name) for name in ("state", "back_on", "result", "cost", "currency")] == [
        "Done", "2026-07-09", "Repaired", Decimal("120.50"), "EUR",
    ]  # fmt: skip
    assert hand.get(laptop).values["status"] == "In stock"
    assert not history.undo(hand.store, back.number, "tom").kept
    assert works(hand)[0].values["state"] == "In progress"
    assert hand.get(laptop).values["status"] == "In repair"


def test_what_recurs_is_planned_anew_from_the_day_it_was_done(hand: Hand) -> None:
    drill = hand.make("monitor", "Drill")
    test = hand.make(
        "maintenance", "Safety test of the drill", kind_of_maintenance="Electrical safety test", interval=6,
        due="2026-07-01", out_on="2026-08-30",
    )  # fmt: skip
    hand.store.apply(Revision([Edit(Record("relationship", ("concerns", test, drill)), "", None, {})], "tom"))
    done = do(hand, "finish_maintenance", [test], "2026-08-31", result="Passed")
    old, new = works(hand)
    assert [old.values.get(name) for name in ("state", "result", "next_due", "back_on")] == [
        "Done", "Passed", "2027-02-28", "2026-08-31",
    ]  # fmt: skip
    assert [new.values.get(name) for name in ("name", "state", "due", "interval", "result", "out_on")] == [
        "Safety test of the drill", "Planned", "2027-02-28", 6, None, None,
    ]  # fmt: skip
    assert about(hand, new) == [drill]
    assert not history.undo(hand.store, done.number, "tom").kept
    assert [one.values["state"] for one in works(hand)] == ["Planned"]


def test_a_stated_day_counts_and_without_one_nothing_follows(hand: Hand) -> None:
    once, stated = hand.make("maintenance", "Once"), hand.make("maintenance", "Stated", interval=6)
    do(hand, "finish_maintenance", [once], "2026-08-01")
    do(hand, "finish_maintenance", [stated], "2026-08-01", next_due="2026-12-24")
    assert [one.values.get("due") for one in works(hand)] == [None, None, "2026-12-24"]
    assert "next_due" not in works(hand)[0].values
    skipped = hand.make("maintenance", "Skipped", interval=6)
    do(hand, "skip", [skipped], reason="sold")
    assert len(works(hand)) == 4, "a series ends with the one that is skipped"
