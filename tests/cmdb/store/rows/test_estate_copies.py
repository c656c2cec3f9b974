"""Each revision names the copy of the estate that it was made in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import new_key
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep.copies import restore, write_backup
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand


def copies(store: Store) -> list[tuple[str, str | None]]:
    """The names of the copies, each with that of its parent."""
    with store._engine.connect() as connection:
        c = tables.estate_copy.c
        rows = connection.execute(select(c.id, c.name, c.parent).order_by(c.id)).all()
    names = {row.id: row.name for row in rows}
    return [(row.name, names.get(row.parent)) for row in rows]


def named_by(store: Store) -> list[str]:
    """The names of the copies that the revisions name, the oldest first."""
    with store._engine.connect() as connection:
        rows = connection.execute(select(tables.estate_copy.c.uid, tables.estate_copy.c.name)).all()
    names = {row.uid: row.name for row in rows}
    with store.read() as reader:
        return [names[header.copy] for header in reversed(reader.revisions(100))]


def test_what_is_moved_goes_on_as_a_child(store: Store, hand: Hand, tmp_path: Path) -> None:
    hand.make("laptop", "LT-1")
    (first,) = named_by(store)
    move(store, tmp_path / "moved.terrier")
    moved = open_estate(tmp_path / "moved.terrier")
    Hand(moved).make("laptop", "LT-2")
    assert copies(moved) == [(first, None), ("moved.terrier", first)]
    assert named_by(moved) == [first, "moved.terrier"]
    hand.make("laptop", "LT-3")
    assert named_by(store) == [first, first]
    for one in (store, moved):
        assert check_integrity(one) == []
    moved.close()


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_what_is_restored_goes_on_as_a_child(tmp_path: Path, there: bool, encrypted: bool) -> None:
    where, target = tmp_path / "estate.terrier", tmp_path / "again.terrier"
    key = new_key("correct horse battery staple") if encrypted else None
    store = create_estate(where, key=key)
    Hand(store).make("laptop", "LT-1")
    write_backup(store, tmp_path / "copy.terrier")
    store.close()
    if there:
        create_estate(target, key=key).close()
    restore(tmp_path / "copy.terrier", target, key, key if there else None)
    for number in (1, 2):
        again = open_estate(target, key=key)
        Hand(again).make("laptop", f"LT-{number + 1}")
        assert copies(again) == [("estate.terrier", None), ("again.terrier", "estate.terrier")]
        assert named_by(again) == ["estate.terrier", *["again.terrier"] * number]
        assert check_integrity(again) == []
        again.close()


def test_the_check_finds_changed_copies(store: Store, hand: Hand) -> None:
    hand.make("laptop", "LT-1")
    meta = tables.meta
    for statement, found in (
        (meta.update().where(meta.c.key == "copy").values(value="another"), "does not say which of its copies"),
        (tables.estate_copy.update().values(name="another"), "Revision 1 does not hold"),
        (tables.estate_copy.update().values(parent=7), "names in “parent” what does not exist"),
    ):
        with store._engine.connect() as connection:
            before = [connection.execute(table.select()).all() for table in (meta, tables.estate_copy)]
        with engines.writing(store._engine) as connection:
            connection.execute(statement)
        assert any(found in str(problem) for problem in check_integrity(store))
        with engines.writing(store._engine) as connection:
            for table, rows in zip((meta, tables.estate_copy), before, strict=True):
                connection.execute(table.delete())
                connection.execute(table.insert(), [row._asdict() for row in rows])
    assert check_integrity(store) == []
