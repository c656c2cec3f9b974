"""Every revision names who wrote it, in the chain."""

from __future__ import annotations

from sqlalchemy import func, select

from cmdb.model.actors import Actor
from cmdb.register import edits
from cmdb.store.connection import engine as engines
from cmdb.store.reading.actors import person_of_login
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import Hand

ANNA = Actor("Anna Miller", login="anna")


def actors(store: Store) -> list[Actor | None]:
    """The actors of all revisions, the oldest first."""
    with store.read() as reader:
        return [header.actor for header in reversed(reader.revisions(100))]


def test_without_a_writer_the_name_tells(store: Store, hand: Hand) -> None:
    hand.make("laptop", "LT-1")
    assert actors(store) == [Actor("tester")]


def test_who_writes_is_named_once_and_is_the_author(store: Store, hand: Hand) -> None:
    store.writer = lambda: ANNA
    for number in range(3):
        hand.make("laptop", f"LT-{number}")
    store.writer = lambda: Actor("Ben Fisher", login="anna")
    hand.make("laptop", "LT-9")
    login = "anna"
    if store._engine.dialect.name == "postgresql":
        with store._engine.connect() as connection:
            login = str(connection.exec_driver_sql("SELECT session_user").scalar_one())
    assert actors(store) == [Actor("Anna Miller", login=login)] * 3 + [Actor("Ben Fisher", login=login)]
    with store._engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.actor)).scalar() == 2
    with store.read() as reader:
        assert [h.author for h in reader.revisions(100)] == ["Ben Fisher", *["Anna Miller"] * 3]


def test_scans_are_an_agents_and_prunings_the_systems(store: Store, hand: Hand) -> None:
    store.writer = lambda: Actor("Anna Miller", login="anna", person="one")
    hand.apply(hand.new("laptop", "LT-1"), source="scan:LT-1")
    hand.apply(hand.new("laptop", "LT-2"), source="retention")
    scan, pruning = actors(store)
    assert scan is not None
    assert pruning is not None
    assert (scan.kind, scan.name, scan.person) == ("agent", "Anna Miller", "")
    assert (pruning.kind, pruning.name, pruning.person) == ("system", "Terrier", "")


def test_a_changed_actor_is_found(store: Store, hand: Hand) -> None:
    store.writer = lambda: ANNA
    hand.make("laptop", "LT-1")
    with engines.writing(store._engine) as connection:
        connection.execute(tables.actor.update().values(name="Somebody else"))
    assert any("Revision 1 does not hold" in str(one) for one in check_integrity(store))


def test_a_person_of_another_estate_is_not_named(store: Store, hand: Hand) -> None:
    anna = hand.make("person", "Anna Miller")
    for person, named in ((anna, anna), ("01890000-0000-7000-8000-000000000000", "")):
        store.writer = lambda person=person: Actor("Anna Miller", login="anna", person=person)  # type: ignore[misc]
        hand.make("laptop", f"LT-{person[:1]}{named[:1]}")
        last = actors(store)[-1]
        assert last is not None
        assert last.person == named
    store.writer = lambda: Actor("Anna Miller", login="anna", person=anna)
    with store.read() as reader:
        deleted = edits.delete(reader, [anna], "tester")
    store.apply(deleted)
    hand.make("laptop", "LT-9")  # her past goes on being hers
    assert check_integrity(store) == []
    with engines.writing(store._engine) as connection:
        connection.execute(tables.actor.update().where(tables.actor.c.person == anna).values(person="nobody"))
    assert any("names in “person” what does not exist" in str(one) for one in check_integrity(store))


def test_a_login_of_a_server_is_known_by_the_person_it_named(store: Store, hand: Hand) -> None:
    anna = hand.make("person", "Anna Miller")
    store.writer = lambda: Actor("Anna Miller", login="anna", person=anna)
    hand.make("laptop", "LT-1")
    with store.read() as reader:
        assert person_of_login(reader) == (anna if store._engine.dialect.name == "postgresql" else "")
