"""Filters, sorts and free text over the store, now and in the past."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from cmdb.model.errors import Ambiguous, NotFound, QueryError
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from tests.cmdb.store.conftest import DIALECTS, Hand, Places


@pytest.fixture(scope="module", params=DIALECTS)
def estate(request: pytest.FixtureRequest, places: Places) -> Iterator[Hand]:
    """Two sites, two people, and things they have: for tests that only read."""
    where = places.new(request.param)
    store = places.lay_out(where)
    yield filled(Hand(store))
    store.close()
    places.clear(where)


@pytest.fixture
def own_estate(hand: Hand) -> Hand:
    """The same estate, for one test to write to."""
    return filled(hand)


def filled(hand: Hand) -> Hand:
    """Two sites, two people, and things they have."""
    rotterdam, bilbao = hand.make("site", "Rotterdam"), hand.make("site", "Bilbao")
    sales = hand.make("department", "Sales")
    anja = hand.make("person", "Anja Vogt", email="anja@harbour.example", department=sales)
    tom = hand.make("person", "Tom Okafor")
    hand.make(
        "laptop",
        "LT-1",
        asset_tag="A1",
        serial_number="5CG001",
        status="Deployed",
        location=rotterdam,
        assigned_to=anja,
        memory=8192,
        warranty_until="2026-12-12",
    )
    hand.make(
        "laptop",
        "lt-2",
        asset_tag="A2",
        status="In repair",
        location=bilbao,
        assigned_to=tom,
        memory=32768,
        purchase_cost=Decimal("999.5"),
    )
    hand.make("laptop", "LT-3", status="In stock", last_seen="2026-03-05T10:00:00Z")
    hand.make("server", "100%_odd", memory=65536, notes="Müller's machine")
    return hand


def names(store: Store, where: str = "", cls: str = "ci", **rest: str) -> list[str]:
    with store.read() as reader:
        selection = Selection(cls, where=where, **rest)
        found = [c.name for c in reader.page(selection)]
        assert reader.count(selection) == len(found) == len(reader.ids(selection))
        return found


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("status = Deployed", ["LT-1"]),
        ("status = in repair", ["lt-2"]),
        ("status != Deployed", ["lt-2", "LT-3"]),
        ("not status = Deployed", ["lt-2", "LT-3"]),
        ("memory > 8 GB", ["lt-2"]),
        ("memory <= 8192", ["LT-1"]),
        ("memory is empty", ["LT-3"]),
        ("asset_tag = a1", ["LT-1"]),
        ('"Asset tag" is not empty', ["LT-1", "lt-2"]),
        ("serial_number ~ g00", ["LT-1"]),
        ("name = LT-2", ["lt-2"]),
        ("location = rotterdam", ["LT-1"]),
        ("location ~ ilba", ["lt-2"]),
        ("location is empty", ["LT-3"]),
        ("assigned_to.department = Sales", ["LT-1"]),
        ("assigned_to.department.name ~ ale", ["LT-1"]),
        ("assigned_to.email is empty", ["lt-2", "LT-3"]),
        ("purchase_cost >= 999.5", ["lt-2"]),
        ("warranty_until < 2026-12-31", ["LT-1"]),
        ("last_seen = 2026-03-05", ["LT-3"]),
        ("last_seen > 2026-03-05", []),
        ("last_seen <= 2026-03-05", ["LT-3"]),
        ("status = Deployed or status = 'In stock'", ["LT-1", "LT-3"]),
        ("(status = Deployed or memory > 1) and not name ~ 2", ["LT-1"]),
        ("class = Laptop", ["LT-1", "lt-2", "LT-3"]),
    ],
)
def test_filters(estate: Hand, filter_: str, expected: list[str]) -> None:
    assert names(estate.store, filter_, "laptop") == expected


def test_a_class_includes_its_subclasses(estate: Hand) -> None:
    assert names(estate.store, cls="computer") == ["100%_odd", "LT-1", "lt-2", "LT-3"]
    assert names(estate.store, "class = Hardware") == ["100%_odd", "LT-1", "lt-2", "LT-3"]


def test_wildcards_are_plain_characters(estate: Hand) -> None:
    assert names(estate.store, "name ~ %_") == ["100%_odd"]
    assert names(estate.store, "name ~ _", "laptop") == []


@pytest.mark.parametrize(
    "filter_",
    [
        "colour = red",
        "status = Sleeping",
        "memory > much",
        "warranty_until < soon",
        "name.x = 1",
        "location < A",
        "status =",
    ],
)
def test_a_filter_without_meaning_is_refused(estate: Hand, filter_: str) -> None:
    with pytest.raises(QueryError):
        names(estate.store, filter_, "laptop")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["LT-1", "lt-2", "LT-3"]),
        ("-name", ["LT-3", "lt-2", "LT-1"]),
        ("-memory", ["lt-2", "LT-1", "LT-3"]),
        ("memory", ["LT-1", "lt-2", "LT-3"]),
        ("location", ["lt-2", "LT-1", "LT-3"]),
        ("-assigned_to", ["lt-2", "LT-1", "LT-3"]),
        ("status", ["LT-1", "lt-2", "LT-3"]),
    ],
)
def test_sorts_with_absent_values_last(estate: Hand, sort: str, expected: list[str]) -> None:
    assert names(estate.store, cls="laptop", sort=sort) == expected


def test_free_text_finds_parts_words_and_what_people_have(estate: Hand) -> None:
    assert names(estate.store, cls="laptop", text="5cg0") == ["LT-1"]
    assert names(estate.store, text="vogt") == ["Anja Vogt", "LT-1"]
    assert names(estate.store, cls="laptop", text="anja") == ["LT-1"]
    assert names(estate.store, text="müller") == ["100%_odd"]
    assert names(estate.store, text='"; drop table ci') == []


def test_search_puts_the_nearest_first(estate: Hand) -> None:
    with estate.store.read() as reader:
        assert reader.search("A1")[0].name == "LT-1"
        assert reader.search("okafor")[0].name == "Tom Okafor"
        assert reader.search("   ") == []


def test_a_changed_name_is_found_and_the_old_one_is_not(own_estate: Hand) -> None:
    with own_estate.store.read() as reader:
        uid = reader.find("A1").uid
    own_estate.set(uid, "name", "Kestrel")
    assert names(own_estate.store, text="kestrel") == ["Kestrel"]
    assert names(own_estate.store, cls="laptop", text="LT-1") == []


def test_find_understands_what_people_call_things(own_estate: Hand) -> None:
    own_estate.make("server", "Twin")
    own_estate.make("laptop", "Twin")
    with own_estate.store.read() as reader:
        one = reader.find("a1")
        assert one.name == "LT-1"
        assert reader.find("5cg001") == reader.find(one.uid) == reader.find("lt-1") == reader.find("Laptop:LT-1") == one
        with pytest.raises(Ambiguous) as caught:
            reader.find("twin")
        assert len(caught.value.details) == 2
        assert reader.find("server:twin").cls == "server"
        with pytest.raises(NotFound):
            reader.find("LT-9")


def test_facets_and_counts(estate: Hand) -> None:
    with estate.store.read() as reader:
        assert reader.facet(Selection("laptop"), "status") == {"Deployed": 1, "In repair": 1, "In stock": 1}
        places = reader.facet(Selection("laptop"), "location")
        assert {k and reader.get(k).name: n for k, n in places.items()} == {"Rotterdam": 1, "Bilbao": 1, None: 1}
        assert reader.counts()["laptop"] == 3


def test_the_past_is_filtered_sorted_and_found_as_the_present_is(own_estate: Hand) -> None:
    with own_estate.store.read() as reader:
        then, uid = reader.number, reader.find("A1").uid
    own_estate.set(uid, "memory", 65536)
    own_estate.set(uid, "name", "Kestrel")
    with own_estate.store.read(then) as reader:
        assert reader.find("LT-1").values["memory"] == 8192
        assert [c.name for c in reader.page(Selection("laptop", where="memory = 8192", sort="-location"))] == ["LT-1"]
        assert [c.name for c in reader.page(Selection("laptop", where="assigned_to.department = Sales"))] == ["LT-1"]
        assert reader.relationships(uid)
        assert [c.name for c in reader.page(Selection("laptop", text="lt-1"))] == ["LT-1"]
        assert reader.count(Selection("laptop")) == 3


def test_a_group_of_classes_is_asked_for_the_choices_of_any(estate: Hand) -> None:
    assert names(estate.store, "status = Deployed") == ["LT-1"]
    assert names(estate.store, "status = Left", "person") == []
    with pytest.raises(QueryError):
        names(estate.store, "status = Left", "laptop")


FAR = ".".join(["assigned_to", *["manager"] * 5, "name"])


@pytest.mark.parametrize(
    "words",
    [
        " or ".join(["memory > 1"] * 500),
        " and not ".join(["location.name = x"] * 250),
        "not " * 9 + "location.name ~ x",
        "not " * 4 + f"{FAR} is empty",
        "(last_seen != 2026-01-01 or (location.name != x and " * 4 + "assigned_to.name = x" + "))" * 4,
        " or ".join([f"{FAR} = x"] * 70),
    ],
    ids=["alternatives", "negations", "deep", "far", "nested", "wide"],
)
@pytest.mark.parametrize("at", [pytest.param(None, marks=pytest.mark.soak), 8], ids=["now", "past"])
def test_a_filter_at_the_limits_is_within_those_of_the_database(own_estate: Hand, words: str, at: int | None) -> None:
    """A query of the past is the longer one: it asks what is current, and what was."""
    selection = Selection("laptop", where=words)
    with own_estate.store.read(at) as reader:
        assert len(list(reader.page(selection, limit=5))) <= reader.count(selection)
