"""A shared database: several processes at once, and errors of a server in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import DBAPIError

from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import StoreProblem
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.rows import indexes, tables
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand, Places


@pytest.fixture
def where(places: Places) -> str:
    return str(places.new("postgresql"))


@contextmanager
def holding(places: Places, where: str) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with places.connected(where) as connection:
        connection.execute("LOCK TABLE revision IN EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_two_processes_write_and_notice_each_other(store: Store, where: str) -> None:
    stores = (store, open_estate(where))
    heard: tuple[list[AppliedRevision], list[AppliedRevision]] = ([], [])
    for one, applied in zip(stores, heard, strict=True):
        one.subscribe(applied.append)

    def write(hand: Hand, name: str) -> None:
        for number in range(8):
            hand.make("laptop", f"{name}-{number}", asset_tag=f"{name}{number}")

    writers = [threading.Thread(target=write, args=(Hand(s), n)) for s, n in zip(stores, "ab", strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for one in stores:
        one.poll()
    for applied in heard:
        assert sorted(a.number for a in applied) == list(range(1, 17))
    with stores[1].read() as reader:
        assert reader.count(Selection()) == 16
    assert check_integrity(store) == []
    stores[1].close()


def test_a_long_wait_is_reported_as_with_a_file(
    places: Places, store: Store, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 1)
    waiting = open_estate(where)
    with holding(places, where):
        begun = time.monotonic()
        with pytest.raises(StoreProblem, match="is in use: another program has been writing for over 1 seconds"):
            Hand(waiting).make("laptop", "Late")
        assert 0.9 < time.monotonic() - begun < 4
        with waiting.read() as reader:  # reading goes on
            assert reader.count(Selection()) == 0
    Hand(waiting).make("laptop", "Late")
    waiting.close()


def test_a_connection_that_was_lost_is_made_again(places: Places, store: Store, where: str) -> None:
    hand = Hand(store)
    hand.make("laptop", "Before")
    places.cut_off(where)
    hand.make("laptop", "While idle it is not even noticed")
    assert check_integrity(store) == []


@pytest.mark.parametrize("rows", [1, 200])
def test_a_lost_connection_is_reported(places: Places, store: Store, where: str, rows: int) -> None:
    hand = Hand(store)
    hand.make("laptop", "Before")
    edits = [Hand.new("laptop", f"PC {n}") for n in range(rows)]
    cut = threading.Event()

    class Cutting(list[Edit]):
        """Edits that are read twice; the second time the connection goes."""

        def __iter__(self) -> Iterator[Edit]:
            yield from super().__iter__()
            if cut.is_set():
                places.cut_off(where)
            cut.set()

    with pytest.raises(StoreProblem, match=r"connection to .* was lost.*Try again"):
        store.apply(Revision(Cutting(edits), "tester"))
    with store.read() as reader:
        assert reader.count(Selection()) == 1
    assert store.apply(Revision(edits, "tester")).number == 2
    assert check_integrity(store) == []


def test_a_read_with_a_lost_connection_is_reported(places: Places, store: Store, where: str) -> None:
    def count() -> int:
        with store.read() as reader:
            places.cut_off(where)
            return reader.count(Selection())

    with pytest.raises(StoreProblem, match=r"connection to .* was lost"):
        count()
    with store.read() as reader:
        assert reader.count(Selection()) == 0


# -- what may be wrong with a place ---------------------------------------------------------------------------------


def test_a_missing_server(places: Places) -> None:
    for url in ("postgresql://me:secret@127.0.0.1:1/estate", "postgresql://me:secret@/estate?host=/nowhere"):
        with pytest.raises(StoreProblem, match="cannot be reached") as caught:
            open_estate(url)
        assert "secret" not in str(caught.value)


def test_a_missing_database(places: Places) -> None:
    with pytest.raises(StoreProblem, match="does not exist on the server"):
        create_estate(places.new("postgresql"))


def test_a_user_who_is_not_known(places: Places, store: Store, where: str) -> None:
    with pytest.raises(StoreProblem, match="refuses the user name or password"):
        open_estate(where.replace("terrier@", "nobody_of_ours@"))


def test_a_user_who_may_not_make_tables(places: Places) -> None:
    where = str(places.new("postgresql"))
    places.make(where)
    with places.user("reader_only") as name, pytest.raises(StoreProblem, match="does not allow this user"):
        create_estate(where.replace("terrier@", f"{name}@"))
    places.clear(where)


def test_another_programs_database(places: Places) -> None:
    where = str(places.new("postgresql"))
    places.make(where)
    with pytest.raises(StoreProblem, match="not a Terrier estate"):
        open_estate(where)
    with places.connected(where) as connection:
        connection.execute("CREATE TABLE theirs (a int)")
    with pytest.raises(StoreProblem, match="already has tables"):
        create_estate(where)
    places.clear(where)


def test_a_database_that_cannot_hold_every_text(places: Places) -> None:
    where = str(places.new("postgresql"))
    places.make(where, "ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StoreProblem, match=r"LATIN1.*UTF8"):
        create_estate(where)
    places.clear(where)


def test_without_trigrams_it_works_too(places: Places) -> None:
    """Who may make tables may not always add PostgreSQL's own modules."""
    where = str(places.new("postgresql"))
    places.make(where)
    with places.user("plain") as name:
        with places.connected(where) as connection:
            connection.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
        found = create_estate(where.replace("terrier@", f"{name}@"))
        Hand(found).make("laptop", "LT-4711")
        with found._engine.connect() as looking:
            names = looking.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE tablename = 'ci_search'").scalars()
            assert "ix_ci_search_letters" not in set(names)
        with found.read() as reader:
            assert [c.name for c in reader.search("471")] == ["LT-4711"]
        assert check_integrity(found) == []
        found.close()
        places.clear(where)


def test_a_value_too_long_for_an_index_is_reported(store: Store) -> None:
    import random

    chance = random.Random(1)
    name = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(9_000))
    edit = Edit(ci(new_id()), "", None, {"class": "laptop", "name": name})
    with pytest.raises(StoreProblem, match="too long for an index"):
        store.apply(Revision([edit], "tester"))
    assert check_integrity(store) == []


def test_two_build_an_index_at_once(store: Store, where: str) -> None:
    stores = (store, open_estate(where))
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql("DROP INDEX ix_ci_status")
    assert store.missing_indexes() == stores[1].missing_indexes() == ["ix_ci_status"]
    failed: list[Exception] = []

    def build(one: Store) -> None:
        try:
            one.build_index("ix_ci_status")
        except Exception as error:
            failed.append(error)

    builders = [threading.Thread(target=build, args=(one,)) for one in stores]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert failed == []
    assert store.missing_indexes() == []
    stores[1].close()


def test_a_schema_that_changes_while_others_read(
    places: Places, store: Store, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that is to go waits for those who read; the change stands all the same, and is reported as done."""
    monkeypatch.setattr(engines, "LOCK_SECONDS", 1)
    wheels = {"label": "Wheels", "type": "integer", "indexed": True}
    fields = {"document": {"class": {"laptop": {"attributes": {"wheels": wheels}}}}}
    entry = Record("schema_entry", (new_id(),))
    changing = open_estate(where)
    hand = Hand(changing)
    hand.apply(Edit(entry, "", None, fields))
    with places.connected(where) as connection:
        connection.execute("SELECT count(*) FROM ci")
        applied = hand.apply(Edit(entry, "", fields, None))
        assert applied.number == 2
        assert "wheels" not in changing.schema.all_attributes()
    hand.apply(Edit(entry, "", None, fields))
    hand.apply(Edit(entry, "", fields, None))
    with changing._engine.connect() as looking:
        assert "ix_extra_wheels" not in indexes.present(looking)
    changing.close()


def test_who_works_with_the_register_need_not_be_able_to_change_its_journal(
    store: Store, where: str, places: Places
) -> None:
    Hand(store).make("laptop", "LT-1", notes="0")
    pasts = [past.name for _, past in tables.VERSIONED]
    with places.user("clerk") as name:
        with places.connected(where) as connection:
            connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
            connection.execute(f"REVOKE UPDATE, DELETE ON revision, actor, estate_copy, {', '.join(pasts)} FROM {name}")
        clerk = open_estate(where.replace("terrier@", f"{name}@"))
        clerk.writer = lambda: Actor("Anna Miller", login="another")  # a program may say so: the server knows better
        hand = Hand(clerk)
        with clerk.read() as reader:
            uid = reader.find("LT-1").uid
        hand.set(uid, "notes", "1")
        hand.apply(Edit(ci(uid), "", {}, None))
        assert check_integrity(clerk) == []
        with clerk.read() as reader:
            assert reader.revisions(1)[0].actor == Actor("Anna Miller", login=name)
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            engines.writing(clerk._engine) as connection,
        ):
            connection.exec_driver_sql("UPDATE revision SET author = 'another'")
        clerk.close()
        with places.connected(where) as connection:
            connection.execute(f"DROP OWNED BY {name}")
    assert check_integrity(store) == []
