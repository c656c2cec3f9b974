"""Opening estates, and refusing other files with a message."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem, StoreProblem
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.connection import engine as engines
from cmdb.store.upkeep.copies import restore, write_backup
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.terrier"
    path.write_text("precious")
    with pytest.raises(StoreProblem, match="already exists"):
        create_estate(path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(200), b"SQLite format 3\0" + bytes(10)])
def test_other_files_are_not_estates(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(StoreProblem, match="not a Terrier estate"):
        open_estate(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ci (id)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(StoreProblem, match="not a Terrier estate"):
        open_estate(path)
    assert path.read_bytes() == before


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="does not exist"):
        open_estate(tmp_path / "no.terrier")
    with pytest.raises(StoreProblem, match="folder"):
        open_estate(tmp_path)
    with pytest.raises(StoreProblem, match="folder"):
        create_estate(tmp_path / "no" / "e.terrier")


def test_a_file_from_a_newer_terrier_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e.terrier"
    create_estate(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
        connection.commit()
    with pytest.raises(StoreProblem, match="newer Terrier"):
        open_estate(path)


def test_a_damaged_file_whose_revisions_have_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "damaged.terrier"
    create_estate(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"INSERT INTO revision VALUES (1, 'an-id'{', 0' * 12}, NULL, NULL)")
        connection.execute("PRAGMA writable_schema = ON")
        for one, other in (("number", "?"), ("uid", "number"), ("?", "uid")):
            swapped = "replace(replace(replace(sql, ?, ?), ?, ?), ?, ?)"
            connection.execute(
                f"UPDATE sqlite_master SET sql = {swapped} WHERE name = 'revision'",
                (f"{one} ", f"{other} ", f"({one})", f"({other})", f"\t{one}", f"\t{other}"),
            )
        connection.commit()
    with pytest.raises(StoreProblem, match="numbers of the revisions cannot be read"):
        open_estate(path)


def test_a_locked_file_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 0.2)
    path = tmp_path / "e.terrier"
    store = create_estate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreProblem, match="in use"):
            Hand(store).make("site", "Rotterdam")
    Hand(store).make("site", "Rotterdam")
    store.close()


def test_a_full_disk_writes_nothing(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "e.terrier")
    hand = Hand(store)
    hand.make("site", "Rotterdam")
    store.close()
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.commit()
        connection.close()
    before = picture(store)

    def fill() -> None:
        for number in range(50):
            hand.apply(*(hand.new("laptop", f"LT-{number}-{i}", notes="x" * 2000) for i in range(20)))

    with pytest.raises(StoreProblem, match="full"):
        fill()
    after = picture(store)
    assert {u: v for u, v in after["ci"].items() if u in before["ci"]} == before["ci"]
    store.close()


def test_a_url_of_a_database_that_we_do_not_speak() -> None:
    with pytest.raises(StoreProblem, match="not supported"):
        open_estate("mysql://localhost/x")


def test_a_backup_is_the_estate_and_can_be_put_back(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "e.terrier")
    hand = Hand(store)
    uid = hand.make("laptop", "LT-1", memory=8192)
    expected = picture(store)
    write_backup(store, tmp_path / "copy.terrier")
    hand.set(uid, "memory", 16384)
    with pytest.raises(FileProblem):
        write_backup(store, tmp_path / "no" / "copy.terrier")
    store.close()
    restore(tmp_path / "copy.terrier", tmp_path / "e.terrier")
    again = open_estate(tmp_path / "e.terrier")
    assert picture(again) == expected
    again.close()
    kept = open_estate(tmp_path / "e.terrier.before-restore")
    assert Hand(kept).get(uid).values["memory"] == 16384
    kept.close()
    with pytest.raises(StoreProblem):
        restore(tmp_path / "no.terrier", tmp_path / "e.terrier")


def test_check_finds_what_was_changed_from_outside(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192)
    hand.make("site", "Rotterdam")
    hand.set(uid, "memory", 16384)
    assert check_integrity(hand.store) == []
    with engines.writing(hand.store._engine) as connection:
        connection.exec_driver_sql("UPDATE ci SET notes = 'forged' WHERE name = 'LT-1'")
    problems = list(map(str, check_integrity(hand.store)))
    assert any("claims say" in p for p in problems)
    assert any("journal was changed" in p for p in problems)


def test_a_removed_journal_entry_is_found(hand: Hand) -> None:
    for name in ("A", "B", "C"):
        hand.make("site", name)
    with engines.writing(hand.store._engine) as connection:
        connection.exec_driver_sql("DELETE FROM revision WHERE number = 2")
    assert any("missing from the journal" in p for p in map(str, check_integrity(hand.store)))


def test_an_estate_that_is_loaded_has_a_rollback_journal_until_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "loaded.terrier"
    store = create_estate(path, loading=True)
    try:
        assert _journal(path) == "rollback"
        applied = store.apply(Revision([Edit(ci(new_id()), "", None, {"class": "laptop", "name": "one"})], "Ann"))
        assert applied.number == 1
    finally:
        store.close()
    assert not list(tmp_path.glob("*-*"))
    again = open_estate(path)
    try:
        assert _journal(path) == "log"
        with again.read() as reader:
            assert reader.number == 1
    finally:
        again.close()


def _journal(path: Path) -> str:
    """Which journal a file's header names."""
    return {b"\1\1": "rollback", b"\2\2": "log"}[path.read_bytes()[18:20]]
