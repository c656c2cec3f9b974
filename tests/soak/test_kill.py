"""A process that is killed at any instant leaves a sound estate, with every revision that was reported and no half one.

Over twenty instants in every test run, over three hundred in the soak: in imports, edits, undos, restores and
migrations, on disks and shares, plain and encrypted. The seeds are part of the tests' names.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cmdb.model.errors import Locked
from cmdb.model.selection import Selection
from cmdb.store.connection.ciphers import Key, is_encrypted, key_of, new_key
from cmdb.store.connection.engine import look
from cmdb.store.rows import tables
from cmdb.store.upkeep.backups import BackupReason, back_up, folder_of, kept
from cmdb.store.upkeep.copies import write_backup
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.migrations import HEAD, SCRIPTS
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.upkeep.kept.generator import told
from tests.cmdb.store.upkeep.test_old_formats import expected, unpacked, without_change_of_format
from tests.soak.kill_process import Ledger, Nursery, examine, pending
from tests.soak.victim import PASSPHRASE, SHARE, fill, share_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes to be killed are forked")

INSTANTS = 4
"""How often one estate's process is killed."""
FUTURE = """
from alembic import op
from sqlalchemy import Column, Integer, text

revision, down_revision, branch_labels, depends_on = "future", "{head}", None, None

def upgrade():
    with op.batch_alter_table("ci") as batch:
        batch.add_column(Column("added", Integer))
    op.execute(text("UPDATE ci SET added = length(name)"))
    op.create_index("ix_ci_added", "ci", ["added"])
"""


def seeds(few: int, many: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "seed", [*range(few), *(pytest.param(n, marks=pytest.mark.soak) for n in range(few, many))]
    )


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@seeds(2, 50)
def test_what_was_reported_survives_a_kill(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    survive(nursery, seed, tmp_path)


@seeds(1, 10)
def test_so_it_does_where_the_file_is_encrypted(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    survive(nursery, seed, tmp_path, PASSPHRASE)


@seeds(1, 10)
def test_so_it_does_on_a_share(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    (tmp_path / SHARE).mkdir()
    survive(nursery, seed, tmp_path / SHARE)
    assert (tmp_path / SHARE / "estate.terrier").read_bytes()[18:20] == b"\1\1", "without a write-ahead log"


def survive(nursery: Nursery, seed: int, folder: Path, passphrase: str = "") -> None:
    """Kills one estate's process, again and again, each time while it does something else."""
    chance = random.Random(seed)
    where = folder / "estate.terrier"
    key = new_key(passphrase) if passphrase else None
    create_estate(where, key=key, share_of=share_of).close()
    ledger = Ledger()
    for turn, kind in enumerate(chance.sample(("import", "edit", "undo", "restore"), INSTANTS)):
        after, seconds = chance.randrange(3), chance.random() * chance.choice((0.01, 0.03, 0.1))
        said = nursery.kill("work", where, seed * INSTANTS + turn + 1, after, seconds, kind)
        ledger.take(said)
        number = examine(where, ledger, key)
        print(f"seed {seed}: killed {seconds:.3f} s into {kind}; {number} revisions; it was at {pending(said) or '–'}")


@pytest.mark.parametrize("kind", ["import", "edit", "undo", "restore"])
def test_processes_are_killed_in_the_middle(nursery: Nursery, kind: str, tmp_path: Path) -> None:
    """That those instants are not all between two commits: sooner or later each kind is hit while it is done."""
    where = tmp_path / "estate.terrier"
    create_estate(where).close()
    ledger = Ledger()
    for attempt in range(20):
        said = nursery.kill("work", where, 7000 + attempt, 0, random.Random(attempt).random() * 0.01, kind)
        ledger.take(said)
        examine(where, ledger)
        if pending(said) == kind:
            return
    raise AssertionError(f"{kind} was never hit")


@seeds(1, 20)
def test_a_killed_creation_leaves_nothing_or_all(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    nursery.kill("create", where, seed, random.Random(seed).randrange(2), random.Random(seed).random() * 0.4)
    store = open_estate(where) if where.exists() else create_estate(where, fill)
    with store.read() as reader:
        assert (reader.number, reader.count(Selection())) == (3, 15)
    assert check_integrity(store) == []
    store.close()
    assert os.listdir(tmp_path) == [where.name]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_a_killed_sample_leaves_nothing(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    where = tmp_path / "sample.terrier"
    said = nursery.kill("sample", where, seed, 0, 2.5 * random.Random(seed).random())
    assert where.exists() == bool(said)
    if not said:
        create_estate(where).close()
    assert os.listdir(tmp_path) == [where.name]


@seeds(1, 20)
def test_a_killed_backup_leaves_the_estate_and_the_earlier_copy(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    where = tmp_path / "estate.terrier"
    create_estate(where, fill).close()
    said = nursery.kill("backup", where, seed, chance.randrange(4), chance.random() * 0.3)
    copy = tmp_path / "copy.terrier"
    found = [p for p in (where, copy, *(b.path for b in kept(where))) if p.exists()]
    for path in found:
        store = open_estate(path)
        assert check_integrity(store) == [], path
        with store.read() as reader:
            assert reader.number >= 3 * len(said) or path != where
            assert reader.count(Selection()) == 5 * reader.number
        store.close()
    # The next backups clear away what is left of the last.
    store = open_estate(where)
    write_backup(store, copy)
    fill(store)
    back_up(where, BackupReason.IMPORT)
    store.close()
    assert {p.name for p in tmp_path.iterdir()} == {where.name, copy.name, folder_of(where).name}
    assert {p.name for p in folder_of(where).iterdir()} == {b.path.name for b in kept(where)}


@seeds(1, 30)
def test_a_killed_restore_leaves_one_or_the_other(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    where = tmp_path / "estate.terrier"
    store = create_estate(where, fill)
    write_backup(store, tmp_path / "one.terrier")
    for _ in range(4):
        fill(store)
    write_backup(store, tmp_path / "two.terrier")
    store.close()
    nursery.kill("restoring", where, seed, chance.randrange(3), chance.random() * 0.2)
    for path in (where, *tmp_path.glob(f"{where.name}.before-restore*")):
        store = open_estate(path)
        assert check_integrity(store) == []
        with store.read() as reader:
            assert (reader.number, reader.count(Selection())) in ((3, 15), (15, 75))
        store.close()
        path.unlink()
    sides = {f"{name}.terrier-{side}" for name in ("one", "two") for side in ("wal", "shm")}
    assert set(os.listdir(tmp_path)) - sides == {"one.terrier", "two.terrier"}, "SQLite's own files are its to clear"


@seeds(1, 10)
def test_a_killed_migration_leaves_the_old_or_the_new(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    store = create_estate(where, fill)
    for _ in range(3):
        fill(store)
    store.close()
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scripts" / "versions" / "9999_future.py").write_text(FUTURE.format(head=HEAD))
    said = nursery.kill("migrate", where, seed, 0, random.Random(seed).random() * 0.1, "migrate")
    with closing(sqlite3.connect(where)) as connection:
        number = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0]
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        columns = {row[1] for row in connection.execute("PRAGMA table_info(ci)")}
        index = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ix_ci_added'").fetchone()[0]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    new = bool(index)
    assert (number, version) == ((f"{tables.FORMAT + 1}", "future") if new else (f"{tables.FORMAT}", HEAD))
    assert ("added" in columns) == new
    assert new or pending(said) == "migrate"
    if new:
        (backup,) = kept(where)
        where = backup.path
    store = open_estate(where)
    assert check_integrity(store) == []
    assert store.size() == 60
    store.close()


@seeds(1, 40)
def test_a_killed_first_opening_of_an_older_estate_loses_nothing(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    where = unpacked(1, tmp_path / "estate.terrier")
    then = expected(1)
    said = nursery.kill("open_", where, seed, 0, random.Random(seed).random() * 0.25, "open")
    with closing(sqlite3.connect(where)) as connection:
        number = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0]
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    assert (number, version) in (("1", "0001"), (str(tables.FORMAT), HEAD))
    assert number != "1" or pending(said) == "open"
    store = open_estate(where)
    assert check_integrity(store) == []
    found = without_change_of_format(told(store), 1)
    assert found == then
    store.close()
    assert {one.occasion for one in kept(where)} == {BackupReason.MIGRATION}
    assert {p.name for p in tmp_path.iterdir()} == {where.name, folder_of(where).name}
    print(f"seed {seed}: killed at {pending(said) or '–'}, format {number} found")


@seeds(1, 40)
def test_a_killed_encryption_leaves_the_old_or_the_new(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    where = tmp_path / "estate.terrier"
    create_estate(where, fill).close()
    assert back_up(where, BackupReason.DAILY)
    said = nursery.kill("recasting", where, seed, chance.randrange(3), chance.random() * 0.3, "recast")
    words = ["", *(one.get("will") and one["word"] for one in said if "will" in one)][-2:]
    for path in (where, *(one.path for one in kept(where))):
        store = open_estate(path, key=opened_by(path, words))
        assert check_integrity(store) == []
        with store.read() as reader:
            assert (reader.number, reader.count(Selection())) == (3, 15)
        store.close()
    print(f"seed {seed}: killed at {pending(said) or '–'}")
    assert {p.name for p in tmp_path.iterdir()} == {where.name, folder_of(where).name}


def opened_by(path: Path, words: list[str]) -> Key | None:
    """The key of a file, by one of the passphrases that it may have."""
    for word in words:
        if bool(word) == is_encrypted(path):
            key = key_of(path, word) if word else None
            with suppress(Locked):
                look(path, key).close()
                return key
    raise AssertionError(f"{path} is opened by none of {words}")
