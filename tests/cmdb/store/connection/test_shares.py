"""Estates on network shares: they are recognised, have no write-ahead log, and unsafe use is refused."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import main
from cmdb.model.errors import StoreProblem
from cmdb.model.revision import Revision
from cmdb.model.selection import Selection
from cmdb.register import history
from cmdb.store.connection import engine as engines
from cmdb.store.connection import shares
from cmdb.store.connection.ciphers import new_key
from cmdb.store.connection.shares import is_unc, kind_of, read_mount
from cmdb.store.staging import stage
from cmdb.store.upkeep.backups import BackupReason, back_up, folder_of
from cmdb.store.upkeep.copies import restore
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture

MOUNTS = [
    ("/", "ext4"), ("/home", "btrfs"), ("/mnt/team", "cifs"), ("/mnt/team/local", "ext4"), ("/srv", "nfs4"),
    ("/home/anja/remote", "fuse.sshfs"), ("/vm", "9p"), ("/hidden", "ext4"), ("/hidden", "nfs"), ("/tea", "nfs"),
]  # fmt: skip


def shared(path: Path) -> str:
    """As if every disk were a share."""
    return "cifs"


def mode(where: Path) -> bytes:
    """What the header says: 1 a rollback journal, 2 a write-ahead log."""
    return where.read_bytes()[18:20]


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "estate.terrier"


# -- knowing one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc/a.terrier", ""), ("/home/anja/a.terrier", ""), ("/mnt/team/a.terrier", "cifs"),
        ("/mnt/team/deep/er/a.terrier", "cifs"), ("/mnt/team/local/a.terrier", ""), ("/mnt/teams/a.terrier", ""),
        ("/srv/a.terrier", "nfs4"), ("/home/anja/remote/a.terrier", "fuse.sshfs"), ("/vm/a.terrier", "9p"),
        ("/hidden/a.terrier", "nfs"), ("/teapot/a.terrier", ""),
    ],
)  # fmt: skip
def test_a_share_is_known_by_its_mount(path: str, kind: str) -> None:
    assert kind_of(Path(path), MOUNTS) == kind


def test_a_link_to_a_share_is_on_it(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "team")
    mounts = [("/", "ext4"), (os.path.realpath(tmp_path / "team"), "smb3")]
    assert kind_of(tmp_path / "link" / "a.terrier", mounts) == "smb3"


@pytest.mark.parametrize(
    ("path", "unc"),
    [
        (r"\\server\share\a.terrier", True), (r"\\?\UNC\server\share\a.terrier", True), (r"C:\a.terrier", False),
        (r"\\?\C:\a.terrier", False), (r"\\.\pipe\x", False), ("/home/a.terrier", False), ("a.terrier", False),
    ],
)  # fmt: skip
def test_windows_names_other_computers(path: str, unc: bool) -> None:
    assert is_unc(path) == unc


def test_linux_mounts_are_read() -> None:
    line = r"36 35 98:0 /mnt1 /mnt/the\040team\011x rw,noatime master:1 - cifs //server/team rw,errors=continue"
    assert read_mount(line) == ("/mnt/the team\tx", "cifs")
    assert read_mount("nothing of the kind") is None


def test_this_computers_own_disk_is_none(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "a.terrier") == ""


# -- working on one -------------------------------------------------------------------------------------------------


def test_everything_works_on_a_share_without_a_write_ahead_log(where: Path) -> None:
    store = create_estate(where, share_of=shared)
    hand = Hand(store)
    uid = hand.make("laptop", "LT-1", memory=8192)
    hand.set(uid, "memory", 16384)
    many = Revision([hand.new("laptop", f"B-{n}", notes="x" * 300) for n in range(800)], "tester")
    staged = stage(store, many, {})
    store.apply(Revision(staged, "tester", id=many.id))
    staged.discard()
    history.undo(store, 2, "tester")
    assert store.size() == 801
    assert hand.get(uid).values["memory"] == 8192
    assert check_integrity(store) == []
    assert back_up(where, BackupReason.DAILY)
    made = next(folder_of(where).iterdir())
    expected = picture(store)
    hand.make("site", "Ghent")
    assert not list(where.parent.glob("*-wal")) + list(where.parent.glob("*-shm"))
    store.close()
    assert mode(where) == b"\1\1"
    restore(made, where)
    store = open_estate(where, share_of=shared)
    assert picture(store) == expected
    assert check_integrity(store) == []
    assert "network share (cifs)" in str(store.remark)
    store.close()
    assert mode(where) == b"\1\1"


def test_reading_goes_on_while_another_writes_and_commits_wait(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = create_estate(where, share_of=shared)
    hand = Hand(store)
    hand.make("site", "Rotterdam")
    other = open_estate(where, share_of=shared)
    seen: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            with other.read() as reader:
                seen.append(reader.count(Selection()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(5):
        hand.apply(*(hand.new("laptop", f"LT-{number}-{n}", notes="x" * 500) for n in range(400)))
    stop.set()
    watcher.join()
    assert set(seen) <= {1, 401, 801, 1201, 1601, 2001}
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    store.close()
    with other.read() as reader:
        assert reader.count(Selection()) == 2001
        with pytest.raises(StoreProblem, match="is in use"):
            hand.make("site", "Ghent")
    hand.make("site", "Ghent")
    assert check_integrity(other) == []
    for one in (store, other):
        one.close()


def test_a_file_that_is_moved_there_and_back_works_in_both_places(where: Path) -> None:
    key = new_key("nine lives of a cat")
    for used in (None, key):
        path = where if used is None else where.with_name("encrypted.terrier")
        create_estate(path, key=used).close()
        for share_of, found in ((shared, "delete"), (shares.kind_of, "wal"), (shared, "delete")):
            store = open_estate(path, key=used, share_of=share_of)
            Hand(store).make("site", f"Site {found}")
            with store._engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == found
            assert check_integrity(store) == []
            store.close()
        assert os.listdir(where.parent).count(path.name) == 1


def test_a_file_open_with_a_write_ahead_log_is_refused_on_a_share(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    with_log = create_estate(where)
    Hand(with_log).make("site", "Rotterdam")
    with pytest.raises(StoreProblem, match="Close it there"):
        open_estate(where, share_of=shared)
    Hand(with_log).make("site", "Ghent")
    assert check_integrity(with_log) == []
    with_log.close()
    store = open_estate(where, share_of=shared)
    assert store.size() == 2
    # Somebody else takes it for a file on a disk of their own: they work with it as it is.
    elsewhere = open_estate(where)
    Hand(elsewhere).make("site", "Lodz")
    assert store.size() == 3
    elsewhere.close()
    store.close()


def test_a_killed_writer_leaves_a_journal_that_is_rolled_back(where: Path) -> None:
    store = create_estate(where, share_of=shared)
    Hand(store).make("site", "Rotterdam")
    store.close()
    copy = where.with_name("crashed.terrier")
    with closing(sqlite3.connect(where, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=2")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(2000):
            connection.execute("INSERT INTO meta VALUES (?, ?)", (f"half {number}", "x" * 500))
        for path in (where, where.with_name(f"{where.name}-journal")):
            copy.with_name(path.name.replace("estate", "crashed")).write_bytes(path.read_bytes())
        connection.execute("ROLLBACK")
    found = open_estate(copy, share_of=shared)
    with found._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key LIKE 'half%'").scalar() == 0
    assert check_integrity(found) == []
    found.close()


def test_opening_an_estate_on_a_share_gives_a_remark(
    where: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create_estate(where).close()
    mounts: list[Any] = [("/", "ext4"), (os.path.realpath(where.parent), "cifs")]
    monkeypatch.setattr(shares, "_mounts", lambda: mounts)
    assert main.main(["--db", str(where), "list", "--json"]) == 0
    said = capsys.readouterr()
    assert said.out == "[]\n"
    assert said.err.startswith("estate.terrier is on a network share (cifs). It works there, but slower")
