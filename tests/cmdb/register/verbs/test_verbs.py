"""The register's verbs: what each changes, what it leaves alone, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import Conflict, InvalidValue
from cmdb.model.messages import Message
from cmdb.model.revision import Revision
from cmdb.model.verb import FieldValue
from cmdb.register import history
from cmdb.register.verbs import verbs
from cmdb.store.reading.reader import Reader
from tests.cmdb.estates import Hand

TODAY = date.today().isoformat()


def do(hand: Hand, name: str, uids: list[str], at: str = "", **values: FieldValue) -> AppliedRevision:
    """Does a verb in tom's name."""
    with hand.store.read() as reader:
        revision = verbs()[name].make(reader, uids, values, "tom", at)
    assert revision.author == "tom"
    return hand.store.apply(revision)


def reason(hand: Hand, number: int) -> str:
    with hand.store.read() as reader:
        return str(reader.revision(number).reason)


def test_hand_over_to_a_person(hand: Hand) -> None:
    laptop, anja = hand.make("laptop", "LT-1", status="In stock"), hand.make("person", "Anja Vogt")
    applied = do(hand, "hand_over", [laptop], "2026-07-01", to=anja, condition="Good", note="new starter")
    values = dict(hand.get(laptop).values)
    assert values == {
        "name": "LT-1", "status": "Deployed", "assigned_to": anja, "assigned_on": "2026-07-01", "condition": "Good",
    }  # fmt: skip
    assert reason(hand, applied.number) == "Handed over to Anja Vogt: new starter"


def test_hand_over_to_a_place_takes_it_from_who_had_it(hand: Hand) -> None:
    anja, room = hand.make("person", "Anja Vogt"), hand.make("room", "2.14")
    laptop = hand.make("laptop", "LT-1", assigned_to=anja)
    do(hand, "hand_over", [laptop], to=room)
    values = hand.get(laptop).values
    assert (values["location"], values["status"], values["assigned_on"]) == (room, "Deployed", TODAY)
    assert values["assigned_to"] == room


def test_what_has_nothing_is_no_holder(hand: Hand) -> None:
    laptop, application = hand.make("laptop", "LT-1"), hand.make("application", "Shop")
    with pytest.raises(InvalidValue, match="Shop can't have anything"):
        do(hand, "hand_over", [laptop], to=application)
    with pytest.raises(InvalidValue, match="to itself"):
        do(hand, "hand_over", [laptop], to=laptop)


def test_a_thing_goes_with_its_holder_and_what_came_with_it_goes_again(hand: Hand) -> None:
    office, store_room, home = (hand.make("room", name) for name in ("2.14", "Store", "Shelf"))
    sales, it = hand.make("department", "Sales"), hand.make("department", "IT", cost_centre="4711")
    anja = hand.make("person", "Anja Vogt", location=office, department=sales, cost_centre="100")
    laptop = hand.make("laptop", "LT-1", location=store_room)
    monitor = hand.make("monitor", "M-1", location=store_room, home_place=home, cost_centre="own")
    do(hand, "hand_over", [laptop], to=anja)
    do(hand, "hand_over", [monitor], to=laptop)
    for uid, holder in ((laptop, anja), (monitor, laptop)):
        values = hand.get(uid).values
        assert (values["assigned_to"], values["location"], values["department"]) == (holder, office, sales)
        assert values["cost_centre"] == "100"
    do(hand, "hand_over", [monitor], to=it, place=store_room)
    values = hand.get(monitor).values
    assert (values["location"], values["department"], values["cost_centre"]) == (store_room, it, "4711")
    do(hand, "take_back", [monitor])
    values = hand.get(monitor).values
    assert values["location"] == home
    assert not {"assigned_to", "department", "cost_centre"} & values.keys()
    with pytest.raises(InvalidValue, match=r"Where is LT-1 kept now\? .*“Place”"):
        do(hand, "take_back", [laptop])
    hand.set(laptop, "cost_centre", "own")
    do(hand, "take_back", [laptop], place=store_room)
    values = hand.get(laptop).values
    assert (values["location"], values["cost_centre"]) == (store_room, "own")
    assert "department" not in values
    do(hand, "hand_over", [laptop], to=hand.make("person", "Bob"))
    assert hand.get(laptop).values["location"] == store_room, "nobody knows where Bob is"


def test_holders_never_run_in_a_circle(hand: Hand) -> None:
    laptop, dock, monitor = hand.make("laptop", "LT-1"), hand.make("dock", "D-1"), hand.make("monitor", "M-1")
    do(hand, "hand_over", [dock], to=laptop)
    do(hand, "hand_over", [monitor], to=dock)
    with pytest.raises(InvalidValue, match="LT-1 would be assigned to itself: LT-1 → M-1 → D-1 → LT-1"):
        do(hand, "hand_over", [laptop], to=monitor)
    with pytest.raises(InvalidValue, match="it takes a record of class Person, Team"):
        hand.set(laptop, "assigned_to", hand.make("application", "Shop"))


def test_take_back(hand: Hand) -> None:
    anja, store_room = hand.make("person", "Anja Vogt"), hand.make("room", "Store")
    laptop = hand.make("laptop", "LT-1", assigned_to=anja, assigned_on="2026-01-01", status="Deployed")
    applied = do(hand, "take_back", [laptop], "2026-07-01", place=store_room)
    assert dict(hand.get(laptop).values) == {"name": "LT-1", "status": "In stock", "location": store_room}
    assert reason(hand, applied.number) == "Taken back on 1 Jul 2026"


def test_move(hand: Hand) -> None:
    site, anja = hand.make("site", "Bilbao"), hand.make("person", "Anja Vogt")
    laptops = [hand.make("laptop", f"LT-{n}") for n in range(2)]
    applied = do(hand, "move", laptops, "2026-07-01", to=site, note="office move")
    assert applied.updated == set(laptops)
    assert {hand.get(u).values["location"] for u in laptops} == {site}
    assert reason(hand, applied.number) == "Moved to Bilbao on 1 Jul 2026: office move"
    with pytest.raises(InvalidValue, match="not a place"):
        do(hand, "move", laptops, to=anja)
    product = hand.make("software_product", "Visio")
    with pytest.raises(InvalidValue, match="has no “Location”"):
        do(hand, "move", [product], to=site)


def test_move_into_a_rack_and_out_of_it(hand: Hand) -> None:
    room, site = hand.make("room", "Server room"), hand.make("site", "Bilbao")
    rack, loose = hand.make("rack", "R-1", location=room), hand.make("rack", "R-2")
    server = hand.make("server", "S-1", location=site)
    for to, place, held in ((rack, room, rack), (loose, room, loose), (site, site, None)):
        do(hand, "move", [server], to=to)
        values = hand.get(server).values
        assert (values["location"], values.get("rack")) == (place, held)
    with pytest.raises(InvalidValue, match="has no “Rack”"):
        do(hand, "move", [hand.make("room", "2.14")], to=loose)


def test_retire(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt")
    laptop = hand.make("laptop", "LT-1", assigned_to=anja, status="Deployed")
    do(hand, "retire", [laptop], "2026-07-01", condition="Broken")
    values = dict(hand.get(laptop).values)
    assert values == {"name": "LT-1", "status": "Retired", "retired_on": "2026-07-01", "condition": "Broken"}
    application = hand.make("application", "Old app")
    do(hand, "retire", [application])
    assert hand.get(application).values["status"] == "Retired"


def test_dispose(hand: Hand) -> None:
    anja, site = hand.make("person", "Anja Vogt"), hand.make("site", "Lyon")
    laptop = hand.make("laptop", "LT-1", serial_number="S1", assigned_to=anja, location=site, status="Retired")
    with pytest.raises(InvalidValue, match="what was done to its data"):
        do(hand, "dispose", [laptop], "2026-07-01", way="Sold")
    given = {"method": "Purged", "by": "IT", "certificate": "C-7"}
    applied = do(hand, "dispose", [laptop], "2026-07-01", way="Sold", note="to Kade", **given)
    assert dict(hand.get(laptop).values) == {
        "name": "LT-1", "serial_number": "S1", "status": "Disposed", "disposal": "Sold", "disposed_on": "2026-07-01",
        "data_erased": True, "data_erasure_method": "Purged", "data_erased_by": "IT", "data_erasure_certificate": "C-7",
    }  # fmt: skip
    assert reason(hand, applied.number) == "Disposed of on 1 Jul 2026: Sold: to Kade"
    stolen = hand.make("laptop", "LT-2", status="Lost")
    do(hand, "dispose", [stolen], way="Written off", exception="Stolen")
    assert hand.get(stolen).values["status"] == "Disposed"
    do(hand, "dispose", [hand.make("monitor", "M-1")], way="Recycled")
    person = hand.get(anja)
    assert verbs()["dispose"].reason(hand.store.schema, person) == Message(
        "{name} is of class {cls}", name="Anja Vogt", cls="Person"
    )


def test_a_verb_is_undone_as_one(hand: Hand) -> None:
    laptop, anja = hand.make("laptop", "LT-1", status="In stock"), hand.make("person", "Anja Vogt")
    before = dict(hand.get(laptop).values)
    applied = do(hand, "hand_over", [laptop], to=anja)
    history.undo(hand.store, applied.number, "tom")
    assert dict(hand.get(laptop).values) == before


def test_a_stale_verb_is_a_conflict(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1", status="In stock")

    def retired(reader: Reader) -> Revision:
        return verbs()["retire"].make(reader, [laptop], {}, "tom", "")

    with hand.store.read() as reader:
        revision = retired(reader)
    hand.set(laptop, "status", "In repair")
    with pytest.raises(Conflict, match="Status"):
        hand.store.apply(revision)
    assert hand.get(laptop).values["status"] == "In repair"


def test_a_time_counts_as_its_local_day(hand: Hand) -> None:
    laptop, anja = hand.make("laptop", "LT-1"), hand.make("person", "Anja Vogt")
    do(hand, "hand_over", [laptop], "2026-07-01T12:00:00", to=anja)
    assert hand.get(laptop).values["assigned_on"] == "2026-07-01"
    with pytest.raises(InvalidValue, match="no date or time"):
        do(hand, "retire", [laptop], "last week")


def test_what_comes_back_into_use_is_no_longer_retired(hand: Hand) -> None:
    laptop, anja = hand.make("laptop", "LT-1"), hand.make("person", "Anja Vogt")
    do(hand, "retire", [laptop])
    do(hand, "hand_over", [laptop], to=anja)
    assert "retired_on" not in hand.get(laptop).values


def test_a_thing_is_not_moved_into_itself(hand: Hand) -> None:
    building = hand.make("building", "North")
    with pytest.raises(InvalidValue, match="into itself"):
        do(hand, "move", [building], to=building)


def test_repair_and_back_with_a_holder_and_without(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt")
    held, spare = hand.make("laptop", "LT-1", assigned_to=anja, status="Deployed"), hand.make("laptop", "LT-2")
    applied = do(hand, "send_to_repair", [held, spare], "2026-07-01", note="no picture")
    assert reason(hand, applied.number) == "Sent to repair on 1 Jul 2026: no picture"
    assert {hand.get(u).values["status"] for u in (held, spare)} == {"In repair"}
    assert hand.get(held).values["assigned_to"] == anja
    do(hand, "back_from_repair", [held, spare], condition="Good")
    assert [hand.get(u).values["status"] for u in (held, spare)] == ["Deployed", "In stock"]
    assert hand.get(held).values["condition"] == "Good"


def test_lost_and_found(hand: Hand) -> None:
    anja, room = hand.make("person", "Anja Vogt"), hand.make("room", "Store")
    held, spare = hand.make("laptop", "LT-1", assigned_to=anja), hand.make("laptop", "LT-2")
    do(hand, "report_lost", [held, spare])
    assert [hand.get(u).values["status"] for u in (held, spare)] == ["Lost", "Lost"]
    do(hand, "report_found", [held, spare], place=room)
    assert [hand.get(u).values["status"] for u in (held, spare)] == ["Deployed", "In stock"]
    assert hand.get(spare).values["location"] == room


def test_another_class_and_no_record_at_all(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    applied = do(hand, "change_class", [laptop], **{"class": "Thin client"}, note="it is one")
    assert hand.get(laptop).cls == "thin_client"
    assert reason(hand, applied.number) == "Class changed to Thin client: it is one"
    assert do(hand, "delete", [laptop], note="twice in the list").deleted == {laptop}


def test_a_status_that_the_other_class_lacks_becomes_one_that_means_the_same(hand: Hand) -> None:
    used, spare = hand.make("laptop", "LT-1", status="Deployed"), hand.make("laptop", "LT-2", status="In stock")
    kept = hand.make("laptop", "LT-3", status="Retired")
    applied = do(hand, "change_class", [used, spare, kept], **{"class": "Application"})
    assert [hand.get(u).values.get("status") for u in (used, spare, kept)] == ["Active", None, "Retired"]
    history.undo(hand.store, applied.number, "tom")
    assert [hand.get(u).values["status"] for u in (used, spare, kept)] == ["Deployed", "In stock", "Retired"]


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        ("take_back", {"status": "In stock"}, "LT-1 is in stock already, and nobody has it"),
        ("take_back", {"status": "Disposed"}, "LT-1 has left the estate (Disposed)"),
        ("hand_over", {"status": "Disposed"}, "LT-1 has left the estate (Disposed)"),
        ("move", {"status": "Disposed"}, "LT-1 has left the estate (Disposed)"),
        ("retire", {"status": "Retired"}, "LT-1 is “Retired” already"),
        ("retire", {"status": "Disposed"}, "LT-1 is “Disposed” already"),
        ("report_lost", {"status": "Lost"}, "LT-1 is “Lost” already"),
        ("report_found", {"status": "Deployed"}, "LT-1 isn't lost"),
        ("send_to_repair", {"status": "In repair"}, "LT-1 is “In repair” already"),
        ("back_from_repair", {}, "LT-1 isn't in repair"),
        ("hand_over", {"status": "Retired"}, ""),
        ("take_back", {"status": "Deployed"}, ""),
        ("retire", {}, ""),
    ],
)
def test_why_not(hand: Hand, name: str, values: dict[str, str], why: str) -> None:
    left = {"disposed_on": "2026-07-01", "disposal": "Sold", "data_erasure_exception": "None in it"}
    laptop = hand.get(hand.make("laptop", "LT-1", **left, **values))
    assert str(verbs()[name].reason(hand.store.schema, laptop)) == why


def test_a_verb_of_another_class_says_what_the_record_is(hand: Hand) -> None:
    person = hand.get(hand.make("person", "Anja Vogt"))
    assert verbs()["hand_over"].reason(hand.store.schema, person) == Message(
        "{name} is of class {cls}", name="Anja Vogt", cls="Person"
    )
    assert not verbs()["hand_over"].applies_to(hand.store.schema, "person")
    assert verbs()["hand_over"].applies_to(hand.store.schema, "ci")
    assert verbs()["hand_over"].applies_to(hand.store.schema, "laptop")


def test_what_belongs_to_the_former_holder_is_chosen(hand: Hand) -> None:
    office, store_room = hand.make("room", "2.14"), hand.make("room", "Store")
    sales, it, legal = (hand.make("department", name) for name in ("Sales", "IT", "Legal"))
    anja = hand.make("person", "Anja Vogt", location=office, department=sales, cost_centre="100")
    laptops = [
        hand.make("laptop", f"LT-{n}", location=store_room, department=one, cost_centre=f"own {n}")
        for n, one in enumerate((it, legal))
    ]
    do(hand, "hand_over", laptops, to=anja, keep_place=True, keep_department=True, cost_centre=None)
    found = [hand.get(one).values for one in laptops]
    assert [one["department"] for one in found] == [it, legal], "each keeps its own"
    assert [one["location"] for one in found] == [store_room, store_room]
    assert not any("cost_centre" in one for one in found)
    do(hand, "hand_over", laptops, to=anja, department=legal, cost_centre="7")
    found = [hand.get(one).values for one in laptops]
    assert {(one["location"], one["department"], one["cost_centre"]) for one in found} == {(office, legal, "7")}
    do(hand, "take_back", laptops, keep_place=True, department=None, keep_cost_centre=True)
    found = [hand.get(one).values for one in laptops]
    assert {(one["location"], one["cost_centre"]) for one in found} == {(office, "7")}
    assert not any("department" in one for one in found)


def test_a_loan_ends_with_whoever_takes_it_back(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt")
    for verb, more in (
        ("take_back", {"place": hand.make("room", "Store")}),
        ("retire", {}),
        ("dispose", {"way": "Sold"}),
    ):
        monitor = hand.make("monitor", "M-1")
        do(hand, "hand_over", [monitor], "2026-07-01", to=anja, expected_return="2026-07-01")
        assert hand.get(monitor).values["expected_return"] == "2026-07-01"
        do(hand, verb, [monitor], **more)
        assert "expected_return" not in hand.get(monitor).values
    with pytest.raises(InvalidValue, match="before the hand over"):
        do(hand, "hand_over", [monitor], "2026-07-02", to=anja, expected_return="2026-07-01")


def test_what_came_with_a_thing_is_with_it_or_missing(hand: Hand) -> None:
    anja, store_room = hand.make("person", "Anja Vogt"), hand.make("room", "Store")
    model = hand.make("hardware_model", "X1", accessories="charger, Bag")
    one, other = hand.make("laptop", "LT-1", model=model), hand.make("laptop", "LT-2")
    do(hand, "hand_over", [one, other], to=anja)
    assert hand.get(one).values["accessories"] == "charger, Bag"
    do(hand, "hand_over", [other], to=anja, accessories="dock;\ncharger; Dock")
    assert hand.get(other).values["accessories"] == "dock, charger"
    do(hand, "take_back", [one, other], place=store_room, missing="bag, pen")
    kept = [(v.get("accessories"), v.get("missing_accessories")) for v in (hand.get(u).values for u in (one, other))]
    assert kept == [("charger", "bag, pen"), ("dock, charger", "pen")], "nobody knows with which the pen came"
    do(hand, "hand_over", [one], to=anja)
    values = hand.get(one).values
    assert (values["accessories"], values.get("missing_accessories")) == ("charger", None)
