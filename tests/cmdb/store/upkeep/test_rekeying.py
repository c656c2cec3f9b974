"""Encrypting an existing estate, and back: its content is the same, and no readable copy is left."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem, Locked, StoreProblem
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key, is_encrypted, new_key
from cmdb.store.upkeep.backups import BackupReason, back_up, folder_of, kept
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.rekeying import rekey_estate
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture
from tests.cmdb.store.secret import WORDS, filled, readable

pytest.importorskip("sqlcipher3", reason="encrypted estates are an extra: make setup EXTRAS=encryption")


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key(WORDS)


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "estate.terrier"


def test_an_estate_is_encrypted_and_back(where: Path, key: Key) -> None:
    store = filled(where)
    expected = picture(store)
    assert back_up(where, BackupReason.DAILY)
    assert readable(where.parent)
    store.close()
    another = new_key(f"{WORDS}, another")
    for old, new in ((None, key), (key, another), (another, None)):
        assert rekey_estate(where, old, new).backups == 1
        assert bool(readable(where.parent)) == (new is None)
        for path in (where, kept(where)[0].path):
            assert is_encrypted(path) == (new is not None)
            store = open_estate(path, key=new)
            assert picture(store) == expected
            assert check_integrity(store) == []
            store.close()
        if new is not None:
            with pytest.raises(Locked):
                open_estate(where, key=old)
        assert sorted(p.name for p in where.parent.iterdir()) == [where.name, folder_of(where).name]


def test_what_someone_has_open_is_not_encrypted(where: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    store = filled(where)
    with pytest.raises(StoreProblem, match="in use"):
        rekey_estate(where, None, key)
    Hand(store).make("site", "Ghent")
    assert store.size() == 31
    store.close()
    assert os.listdir(where.parent) == [where.name]
    assert not is_encrypted(where)


def test_who_waits_for_it_does_not_write_into_the_old_file(where: Path, key: Key) -> None:
    """Whoever opens the estate while it is encrypted finds the new file, or is told; the old one is nobody's."""
    filled(where).close()
    ends: list[str] = []
    stop = threading.Event()

    def knock() -> None:
        while not stop.is_set():
            try:
                store = open_estate(where)
                Hand(store).make("site", "Ghent")
                store.close()
                ends.append("written")
            except StoreProblem as problem:
                ends.append("locked" if isinstance(problem, Locked) else str(problem))

    knocking = threading.Thread(target=knock)
    knocking.start()
    done = False
    while not done:
        try:
            rekey_estate(where, None, key)
            done = True
        except StoreProblem:
            time.sleep(0.01)
    time.sleep(0.3)
    stop.set()
    knocking.join()
    store = open_estate(where, key=key)
    assert check_integrity(store) == []
    assert store.size() == 30 + ends.count("written")
    store.close()
    assert "locked" in ends
    assert os.listdir(where.parent) == [where.name]


def test_cancelled_or_damaged_it_stays_as_it_was(where: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(where)
    expected = picture(store)
    store.close()
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        rekey_estate(where, None, key, control)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
        with pytest.raises(FileProblem, match="free"):
            rekey_estate(where, None, key)
    store = open_estate(where)
    assert picture(store) == expected
    store.close()
    with closing(sqlite3.connect(where)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claim'").fetchone()[0]
    with where.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    before = where.read_bytes()
    with pytest.raises(StoreProblem, match="damaged"):
        rekey_estate(where, None, key)
    assert (where.read_bytes()[:18], where.read_bytes()[100:]) == (before[:18], before[100:])
    assert os.listdir(where.parent) == [where.name]


def test_a_backup_that_cannot_be_encrypted_is_named(where: Path, key: Key) -> None:
    store = filled(where)
    made = back_up(where, BackupReason.DAILY)
    assert made
    store.close()
    made.write_bytes(made.read_bytes()[:9000])
    done = rekey_estate(where, None, key)
    assert (done.backups, [path for path, _ in done.left]) == (0, [made])
    assert is_encrypted(where)
