"""An estate's own backups: when they are made, which of them stay, and which errors prevent them."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem, StoreProblem
from cmdb.store.connection import atomic_file
from cmdb.store.store import Store
from cmdb.store.upkeep.backups import DAYS, LATEST, WEEKS, Backup, BackupReason, back_up, due, folder_of, kept, thinned
from cmdb.store.upkeep.copies import copy, restore
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture

NOON = datetime(2026, 7, 15, 12, 0)
DAILY, IMPORT = BackupReason.DAILY, BackupReason.IMPORT


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """The estates of these tests are files: a server has tools of its own."""
    return tmp_path / "estate.terrier"


# -- making them ----------------------------------------------------------------------------------------------------


def test_a_backup_is_the_estate_as_it_was(hand: Hand, where: Path) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192)
    expected = picture(hand.store)
    made = back_up(where, DAILY, moment=NOON)
    assert made == where.parent / "estate.terrier.backups" / "2026-07-15 120000 daily.terrier"
    assert os.listdir(made.parent) == [made.name]
    hand.set(uid, "memory", 16384)
    restore(made, where.with_name("again.terrier"))
    again = open_estate(where.with_name("again.terrier"))
    assert picture(again) == expected
    assert check_integrity(again) == []
    again.close()


@pytest.mark.parametrize("loaded", ["backup", "estate"])
def test_the_pages_of_a_backup_may_have_another_size(hand: Hand, where: Path, loaded: str) -> None:
    """An estate that was loaded has larger pages than one that grew."""
    other = where.with_name("loaded.terrier")
    create_estate(other, lambda store: Hand(store).make("laptop", "LT-9"), loading=True).close()
    hand.make("site", "Rotterdam")
    hand.store.close()
    backup, estate = (other, where) if loaded == "backup" else (where, other)
    sizes, pictures = [], []
    for path in (backup, estate):
        with closing(sqlite3.connect(path)) as connection:
            sizes += connection.execute("PRAGMA page_size").fetchone()
        with closing(open_estate(path)) as store:
            pictures.append(picture(store))
    assert sizes[0] != sizes[1]
    restore(backup, estate)
    with closing(open_estate(estate)) as again:
        assert picture(again) == pictures[0]
        assert check_integrity(again) == []
    with closing(open_estate(estate.with_name(f"{estate.name}.before-restore"))) as aside:
        assert picture(aside) == pictures[1]


def test_it_is_made_while_another_writes(hand: Hand, where: Path) -> None:
    for number in range(40):
        hand.make("laptop", f"LT-{number}", notes="x" * 1000)
    stop = threading.Event()
    other = open_estate(where)

    def write() -> None:
        number = 0
        while not stop.is_set():
            Hand(other).make("site", f"Site {number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    made = []
    try:
        for number in range(4):
            seen = other.data_version()
            while other.data_version() == seen:  # nothing is made twice of the same
                time.sleep(0.001)
            made.append(back_up(where, IMPORT, moment=NOON + timedelta(minutes=number)))
    finally:
        stop.set()
        writer.join()
        other.close()
    for path in made:
        assert path is not None
        found = open_estate(path)
        assert check_integrity(found) == []
        found.close()


def test_nothing_is_made_of_nothing_or_twice_of_the_same(hand: Hand, where: Path) -> None:
    assert back_up(where, DAILY, moment=NOON) is None, "there is no revision yet"
    hand.make("site", "Rotterdam")
    assert back_up(where, DAILY, moment=NOON) is not None
    assert back_up(where, IMPORT, moment=NOON + timedelta(hours=1)) is None, "it has not changed since"
    hand.make("site", "Ghent")
    assert back_up(where, IMPORT, moment=NOON + timedelta(hours=2)) is not None
    assert [one.occasion for one in kept(where)] == [IMPORT, DAILY]


def test_two_in_one_second_both_stay(hand: Hand, where: Path) -> None:
    for name in ("A", "B"):
        hand.make("site", name)
        back_up(where, IMPORT, moment=NOON)
    assert [one.made.second for one in kept(where)] == [1, 0]


def test_one_is_due_once_a_day(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    assert due(where, NOON)
    back_up(where, IMPORT, moment=NOON)
    assert not due(where, NOON + timedelta(hours=11))
    assert due(where, NOON + timedelta(hours=12))
    assert due(where, NOON - timedelta(days=3)), "a clock that was ahead for a day stops nothing"
    assert not due("postgresql://localhost/estate", NOON)


def test_a_database_is_left_to_its_server() -> None:
    assert back_up("postgresql://localhost/estate", DAILY) is None


# -- what stops them ------------------------------------------------------------------------------------------------


def test_cancelled_it_leaves_nothing(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        back_up(where, DAILY, control)
    assert list(folder_of(where).iterdir()) == []


def test_a_damaged_estate_drives_no_sound_backup_away(hand: Hand, where: Path) -> None:
    for number in range(60):
        hand.make("laptop", f"LT-{number}", notes="x" * 500)
    back_up(where, DAILY, moment=NOON)
    hand.make("site", "Rotterdam")
    hand.store.close()
    with closing(sqlite3.connect(where)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claim'").fetchone()[0]
    with where.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StoreProblem, match="damaged"):
        back_up(where, DAILY, moment=NOON + timedelta(days=1))
    assert [one.made for one in kept(where)] == [NOON]


def test_a_full_disk_is_reported(hand: Hand, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.make("site", "Rotterdam")
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(FileProblem, match="free"):
        back_up(where, DAILY)
    assert not folder_of(where).exists()


def test_a_folder_that_cannot_be_created_is_reported(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    folder_of(where).write_text("a file in its way")
    with pytest.raises(FileProblem, match="No backups can be kept in"):
        back_up(where, DAILY)


def test_files_of_a_killed_process_are_removed(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    with atomic_file.part(where) as part:
        ours = part.name
    gone = where.with_name(ours.replace(f".{os.getpid()}.", ".99999999."))
    mine = where.with_name(ours.replace(".part", "7.part"))
    elsewhere = where.with_name(f".{where.name}.another-computer.99999999.1.part")
    for path in (gone, gone.with_name(gone.name + "-journal"), mine, elsewhere):
        path.write_text("half")
    hand.store.close()
    open_estate(where).close()
    assert sorted(p.name for p in where.parent.iterdir()) == sorted((where.name, mine.name, elsewhere.name))


def test_copying_replaces_nothing_unasked(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    there = where.with_name("there.terrier")
    there.write_text("precious")
    with pytest.raises(FileExistsError):
        copy(where, there, Control())
    assert there.read_text() == "precious"


# -- which of them stay ---------------------------------------------------------------------------------------------


def backups(moments: list[datetime]) -> list[Backup]:
    return [Backup(m, Path(f"{m}"), DAILY) for m in moments]


MOMENTS = st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)), unique=True, max_size=80)


@given(MOMENTS)
def test_of_many_few_stay_and_the_latest_always(moments: list[datetime]) -> None:
    every = backups(moments)
    gone = thinned(every)
    stay = sorted(set(every) - set(gone), reverse=True)
    latest = sorted(every, reverse=True)
    assert len(stay) <= LATEST + DAYS + WEEKS
    assert stay[:LATEST] == latest[:LATEST]
    assert {b.made.date() for b in latest} - {b.made.date() for b in stay} <= set(
        sorted({m.date() for m in moments}, reverse=True)[DAYS:]
    )
    assert thinned(stay) == [], "thinning twice takes nothing more"


def days(first: date, count: int) -> Iterator[datetime]:
    for number in range(count):
        for hour in (9, 14, 17):
            yield datetime(first.year, first.month, first.day, hour) + timedelta(days=number)


def test_after_half_a_year_there_is_one_of_each_of_the_latest_days_and_weeks() -> None:
    there: list[Backup] = []
    for moment in days(date(2026, 1, 1), 180):
        there.append(*backups([moment]))
        there = [b for b in there if b not in set(thinned(there))]
    last = max(b.made for b in there).date()
    assert {last - timedelta(days=n) for n in range(DAYS)} <= {b.made.date() for b in there}
    assert len({b.made.isocalendar()[:2] for b in there}) == WEEKS
    assert last - min(b.made for b in there).date() >= timedelta(days=14)


def test_thinning_takes_no_file_of_anyone_else(hand: Hand, where: Path) -> None:
    folder = folder_of(where)
    folder.mkdir()
    foreign = [folder / name for name in ("notes.txt", "2026-07-15 999999 daily.terrier", "2026-07-15 daily.terrier")]
    for path in foreign:
        path.write_text("mine")
    for number in range(12):
        hand.make("site", f"Site {number}")
        back_up(where, IMPORT, moment=NOON + timedelta(minutes=number))
    assert all(path.read_text() == "mine" for path in foreign)
    assert len(kept(where)) == LATEST


# -- putting back ---------------------------------------------------------------------------------------------------


def test_restoring_twice_overwrites_nothing_that_was_put_aside(hand: Hand, where: Path) -> None:
    uid = hand.make("laptop", "LT-1", memory=1)
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    hand.set(uid, "memory", 2)
    hand.store.close()
    for memory in (3, 4):
        restore(made, where)
        with_more = open_estate(where)
        Hand(with_more).set(uid, "memory", memory)
        with_more.close()
    aside = sorted(where.parent.glob("*.before-restore*"))
    assert [p.name for p in aside] == ["estate.terrier.before-restore", "estate.terrier.before-restore-2"]
    found = []
    for path in aside:
        store = open_estate(path)
        found.append(Hand(store).get(uid).values["memory"])
        store.close()
    assert found == [2, 3]


def test_a_damaged_file_is_put_aside_with_its_log(hand: Hand, where: Path) -> None:
    uid = hand.make("laptop", "LT-1", memory=1)
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    hand.store.close()
    broken = where.read_bytes()[:5000]
    where.write_bytes(broken)
    where.with_name(where.name + "-wal").write_bytes(b"what was written last")
    restore(made, where)
    again = open_estate(where)
    assert Hand(again).get(uid).values["memory"] == 1
    assert check_integrity(again) == []
    again.close()
    assert where.with_name("estate.terrier.before-restore").read_bytes() == broken
    assert where.with_name("estate.terrier.before-restore-wal").read_bytes() == b"what was written last"


def test_an_estate_that_someone_has_open_is_not_replaced(
    hand: Hand, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmdb.store.connection.engine.LOCK_SECONDS", 0.2)
    hand.make("site", "Rotterdam")
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    hand.make("site", "Ghent")
    expected = picture(hand.store)
    with closing(sqlite3.connect(where)) as idle:
        idle.execute("SELECT count(*) FROM ci").fetchone()
        with pytest.raises(StoreProblem, match="in use"):
            restore(made, where)
    assert picture(hand.store) == expected
    assert sorted(p.name for p in where.parent.glob("*before-restore*")) == []


def test_a_copy_that_is_damaged_or_newer_is_not_put_back(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    expected = picture(hand.store)
    hand.store.close()
    whole = made.read_bytes()
    made.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreProblem, match="damaged"):
        restore(made, where)
    made.write_bytes(whole)
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
        connection.commit()
    with pytest.raises(StoreProblem, match="newer"):
        restore(made, where)
    with pytest.raises(FileProblem, match="the estate itself"):
        restore(where, where)
    again = open_estate(where)
    assert picture(again) == expected
    again.close()


def test_the_log_of_a_file_that_is_gone_is_not_folded_into_a_new_one(hand: Hand, where: Path) -> None:
    hand.make("site", "Rotterdam")
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    log = where.with_name(where.name + "-wal")
    content = log.read_bytes()
    hand.store.close()
    where.unlink()
    log.write_bytes(content)
    for put in (lambda: create_estate(where), lambda: restore(made, where)):
        with pytest.raises(StoreProblem, match="left over"):
            put()
    assert log.read_bytes() == content
    log.unlink()
    restore(made, where)
    again = open_estate(where)
    assert check_integrity(again) == []
    again.close()


def test_a_failed_restore_leaves_the_present(
    hand: Hand, where: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hand.make("site", "Rotterdam")
    made = back_up(where, DAILY, moment=NOON)
    assert made is not None
    hand.make("site", "Ghent")
    expected = picture(hand.store)
    hand.store.close()

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_file, "put", fail)
    with pytest.raises(FileProblem, match="No space left"):
        restore(made, where)
    again = open_estate(where)
    assert picture(again) == expected
    again.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["estate.terrier", "estate.terrier.backups"]


def test_a_disk_without_links_takes_new_files_too(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    store = create_estate(where)
    Hand(store).make("site", "Rotterdam")
    store.close()
    with pytest.raises(StoreProblem, match="already exists"):
        create_estate(where)
    assert [p.name for p in where.parent.iterdir()] == [where.name]


def test_a_new_estate_is_complete_or_missing(where: Path) -> None:
    def fail(store: Store) -> None:
        Hand(store).make("site", "Rotterdam")
        assert list(where.parent.glob("*.terrier")) == []
        raise SQLAlchemyError("something went wrong half-way")

    with pytest.raises(SQLAlchemyError):
        create_estate(where, fail)
    assert list(where.parent.iterdir()) == []
    store = create_estate(where, lambda store: Hand(store).make("site", "Rotterdam"))
    assert store.size() == 1
    store.close()
