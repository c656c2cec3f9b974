"""The contract of filters: ``location within Rotterdam`` finds what is in Rotterdam or in anything below it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmdb.model.errors import NotFound, QueryError
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from tests.cmdb.store.conftest import DIALECTS, Hand, Places


@pytest.fixture(scope="module", params=DIALECTS)
def house(request: pytest.FixtureRequest, places: Places) -> Iterator[Hand]:
    """A house that nothing is changed in."""
    with places.borrowed(request.param) as store:
        yield built(Hand(store))


@pytest.fixture
def own_house(hand: Hand) -> Hand:
    """A house of the test's own."""
    return built(hand)


def built(hand: Hand) -> Hand:
    """A site with a building, five floors down; a laptop at each step, and people."""
    above = hand.make("site", "Rotterdam")
    hand.make("laptop", "at-site", location=above)
    for depth in range(6):
        above = hand.make("room", f"Room {depth}", location=above)
        hand.make("laptop", f"at-{depth}", location=above)
    elsewhere = hand.make("site", "Lyon")
    hand.make("laptop", "at-lyon", location=elsewhere)
    hand.make("laptop", "nowhere")
    it = hand.make("department", "IT")
    support = hand.make("department", "Support", parent_department=it)
    desk = hand.make("department", "Service desk", parent_department=support)
    ada = hand.make("person", "Ada", department=it, location=above)
    bo = hand.make("person", "Bo", department=desk, manager=ada)
    hand.make("person", "Cy", manager=bo)
    return hand


def names(hand: Hand, cls: str, where: str, at: int | None = None) -> list[str]:
    with hand.store.read(at) as reader:
        found = [one.name for one in reader.all(Selection(cls, where))]
        assert reader.count(Selection(cls, where)) == len(found)
        assert [one.name for one in reader.page(Selection(cls, where), limit=100)] == found
    return found


@pytest.mark.parametrize(
    ("cls", "asked", "expected"),
    [
        ("laptop", "location within Rotterdam", ["at-0", "at-1", "at-2", "at-3", "at-4", "at-5", "at-site"]),
        ("laptop", 'Location within "room 4"', ["at-4", "at-5"]),
        ("laptop", "location within Room 5", ["at-5"]),
        ("laptop", "location within Rotterdam and not location within Room 0", ["at-site"]),
        ("laptop", "location within Atlantis", []),
        ("hardware", "location WITHIN Lyon", ["at-lyon"]),
        ("room", "location within Room 3", ["Room 4", "Room 5"]),
        ("person", "location within Rotterdam", ["Ada"]),
        ("person", "department within IT", ["Ada", "Bo"]),
        ("person", "department within Support", ["Bo"]),
        ("person", "manager within Ada", ["Bo", "Cy"]),
        ("person", "manager.department within Support", ["Cy"]),
    ],
)
def test_what_is_in_a_record_or_below_it(house: Hand, cls: str, asked: str, expected: list[str]) -> None:
    assert names(house, cls, asked) == expected


def test_of_a_past_moment_as_it_was_then(own_house: Hand) -> None:
    house = own_house
    with house.store.read() as reader:
        number, room = reader.number, reader.find("Room 1")
        lyon = reader.find("Lyon").uid
    house.set(room.uid, "location", lyon)
    assert names(house, "laptop", "location within Lyon") == ["at-1", "at-2", "at-3", "at-4", "at-5", "at-lyon"]
    assert names(house, "laptop", "location within Lyon", number) == ["at-lyon"]


def test_it_ends_in_a_circle_that_an_old_estate_holds(own_house: Hand) -> None:
    house = own_house
    with house.store.read() as reader:
        inner = {name: reader.find(name).id for name in ("Room 2", "Room 5")}
    with engines.writing(house.store._engine) as connection:
        connection.exec_driver_sql(f"UPDATE ci SET location = {inner['Room 5']} WHERE id = {inner['Room 2']}")
    assert names(house, "laptop", "location within Room 2") == ["at-2", "at-3", "at-4", "at-5"]


def test_only_references_hold_something(house: Hand) -> None:
    with pytest.raises(QueryError, match="Memory does not refer to another record"):
        names(house, "laptop", "memory within Rotterdam")


def test_what_no_database_takes_names_nothing(house: Hand) -> None:
    for word in ("Rotter\x00dam", "\ud800"):
        for asked in ("name = ", "name ~ ", "location = ", "location ~ ", "location within ", "location.name = "):
            assert names(house, "laptop", f'{asked}"{word}"') == []
        with house.store.read() as reader:
            reader.search(word)  # words beside it may be found
            with pytest.raises(NotFound):
                reader.find(word)
