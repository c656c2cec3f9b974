"""A commit is on the disk when it is reported: every connection of SQLite has this setting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from cmdb.model.revision import Revision
from cmdb.store.connection import engine as engines
from cmdb.store.connection import sqlite
from cmdb.store.connection.ciphers import new_key
from cmdb.store.staging import stage
from cmdb.store.store import Store
from cmdb.store.upkeep.backups import BackupReason, back_up
from cmdb.store.upkeep.copies import alone, restore
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.rekeying import rekey_estate
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.upkeep.test_old_formats import unpacked

FULL = 2
"""``synchronous``: wait for the disk at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous)."""


@pytest.fixture(autouse=True)
def _as_in_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests do not wait for the disk."""
    monkeypatch.setattr(engines, "DURABLE", sqlite.DURABLE)


def created(where: Path) -> Store:
    return create_estate(where)


def opened(where: Path) -> Store:
    create_estate(where).close()
    return open_estate(where)


def brought_up_to_date(where: Path) -> Store:
    return open_estate(unpacked(1, where))


def restored(where: Path) -> Store:
    store = create_estate(where)
    Hand(store).make("site", "Rotterdam")
    made = back_up(where, BackupReason.DAILY)
    assert made
    store.close()
    restore(made, where)
    return open_estate(where)


def restored_anew(where: Path) -> Store:
    other = where.with_name("other.terrier")
    create_estate(other).close()
    restore(other, where)
    return open_estate(where)


def moved(where: Path) -> Store:
    other = create_estate(where.with_name("other.terrier"))
    move(other, where)
    other.close()
    return open_estate(where)


def encrypted(where: Path) -> Store:
    pytest.importorskip("sqlcipher3")
    key = new_key("nine lives of a cat")
    create_estate(where).close()
    rekey_estate(where, None, key)
    return open_estate(where, key=key)


def back_from_a_share(where: Path) -> Store:
    create_estate(where, share_of=lambda path: "nfs4").close()
    return open_estate(where)


def on_a_share(where: Path) -> Store:
    return create_estate(where, share_of=lambda path: "nfs4")


WAYS = (
    created, opened, brought_up_to_date, restored, restored_anew, moved, encrypted, back_from_a_share, on_a_share,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_connection_waits_for_the_disk(tmp_path: Path, way: Callable[[Path], Store]) -> None:
    store = way(tmp_path / "estate.terrier")
    hand = Hand(store)
    for number in range(3):
        hand.make("site", f"Site {number}")
    many = Revision([hand.new("site", f"Staged {n}") for n in range(10)], "tester")
    staged = stage(store, many, {})
    store.apply(Revision(staged, "tester", id=many.id))
    staged.discard()
    with ExitStack() as open_:
        for _ in range(12):  # more than the pool keeps
            connection = open_.enter_context(store._engine.connect())
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            assert mode == ("delete" if way is on_a_share else "wal")
    store.close()


def test_so_does_what_puts_a_backup_back(tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    create_estate(where).close()
    with alone(where, None) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (FULL,)
