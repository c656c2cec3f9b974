"""Encrypted estates: they cannot be read without the passphrase, and otherwise work like any other."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app.keys import PASSPHRASE
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, InvalidValue, Locked, StoreProblem
from cmdb.store.connection import ciphers
from cmdb.store.connection import engine as engines
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.connection.ciphers import Key, is_encrypted, key_of, new_key
from cmdb.store.reading.first_look import first_look
from cmdb.store.upkeep.backups import BackupReason, back_up, kept
from cmdb.store.upkeep.copies import restore, write_backup
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.rekeying import rekey_estate
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture
from tests.cmdb.store.secret import WORDS, filled, readable
from tests.cmdb.store.upkeep.test_old_formats import unpacked
from tests.cmdb.test_fault_tolerance import other

pytest.importorskip("sqlcipher3", reason="encrypted estates are an extra: make setup EXTRAS=encryption")

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key(WORDS)


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "estate.terrier"


# -- opening --------------------------------------------------------------------------------------------------------


def test_nothing_of_it_can_be_read_and_all_of_it_works(where: Path, key: Key) -> None:
    store = filled(where, key)
    assert check_integrity(store) == []
    with store.read() as reader:
        assert len(reader.search("quay")) == 30
        assert [c.name for c in reader.search("LT-17")] == ["LT-17"]
    assert readable(where.parent) == [], "neither in the file nor in its log"
    expected = picture(store)
    store.close()
    assert where.read_bytes()[:4] == ciphers.MARK
    assert os.listdir(where.parent) == [where.name]
    again = open_estate(where, key=key_of(where, WORDS))
    assert picture(again) == expected
    assert check_integrity(again) == []
    again.close()


def test_without_the_passphrase_or_with_another_it_says_so(where: Path, key: Key) -> None:
    filled(where, key).close()
    before = where.read_bytes()
    with pytest.raises(Locked, match="is encrypted: its passphrase is needed") as missing:
        open_estate(where)
    assert not missing.value.wrong
    with pytest.raises(Locked, match="does not open") as wrong:
        open_estate(where, key=key_of(where, "something else"))
    assert wrong.value.wrong
    with pytest.raises(Locked, match="does not open"):
        open_estate(where, key=new_key(WORDS))  # the passphrase, but of another file
    assert first_look(where) is None
    assert is_encrypted(where)
    assert where.read_bytes() == before
    assert os.listdir(where.parent) == [where.name]


def test_an_unneeded_key_is_ignored(where: Path, key: Key) -> None:
    filled(where).close()
    store = open_estate(where, key=key)
    assert store.key is None
    store.close()


def test_a_passphrase_is_the_same_however_its_letters_are_composed(where: Path, key: Key) -> None:
    filled(where, key).close()
    assert key_of(where, WORDS.replace("ö", "o\u0308")) == key


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least 8"):
        new_key("1234567")


def test_a_key_is_not_shown(key: Key) -> None:
    for shown in (repr(key), str(key), f"{key}", repr([key]), repr({"key": key})):
        assert key.secret.hex() not in shown
        assert repr(key.secret) not in shown


def test_any_file_can_begin_like_one(where: Path, key: Key) -> None:
    for content in (ciphers.MARK, ciphers.MARK + b"short", ciphers.MARK + bytes(5000)):
        where.write_bytes(content)
        with pytest.raises(StoreProblem, match=r"does not open|damaged"):
            open_estate(where, key=Key(content[:16].ljust(16, b"\0"), key.secret))
        assert where.read_bytes() == content


def test_a_damaged_file_is_reported(where: Path, key: Key) -> None:
    filled(where, key).close()
    whole = where.read_bytes()
    for place in range(4096 + 100, len(whole), 4096 * 7):
        spoiled = bytearray(whole)
        spoiled[place] ^= 0xFF
        where.write_bytes(bytes(spoiled))
        try:
            store = open_estate(where, key=key)
        except StoreProblem as problem:
            said = str(problem)
        else:
            said = " ".join(map(str, check_integrity(store)))
            store.close()
        assert "damaged" in said, place
        assert where.read_bytes() == spoiled, "nothing is repaired"


def test_without_the_extra_it_says_how_to_install_it(where: Path, key: Key) -> None:
    filled(where, key).close()
    program = f"""
import sys
sys.modules["sqlcipher3"] = None
from cmdb.store.upkeep.startup import create_estate, open_estate
from cmdb.model.errors import Locked, StoreProblem
from pathlib import Path
try:
    open_estate(Path({str(where)!r}))
except StoreProblem as problem:
    assert not isinstance(problem, Locked)
    print(problem)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "make setup EXTRAS=encryption" in done.stdout


def test_the_driver_is_not_loaded_for_others(where: Path) -> None:
    filled(where).close()
    program = f"""
import sys
from cmdb.store.upkeep.startup import create_estate, open_estate
open_estate({str(where)!r}).close()
print("sqlcipher3" in sys.modules, "keyring" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_an_error_does_not_tell_the_key(where: Path, key: Key) -> None:
    """Not even one of ours, whose trace is saved for a report."""
    import traceback

    store = filled(where, key)
    store.close()
    where.write_bytes(where.read_bytes()[:4096] + bytes(8192))
    with pytest.raises(StoreProblem) as found:
        open_estate(where, key=key)
    text = "".join(traceback.format_exception(found.value))
    assert key.secret.hex() not in text
    assert WORDS not in text
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_two_processes_work_with_it(where: Path, key: Key) -> None:
    store = filled(where, key)
    other = open_estate(where, key=key)
    heard: list[int] = []
    store.subscribe(lambda applied: heard.append(applied.number))
    Hand(other).make("site", "Ghent")
    store.poll()
    assert heard == [2]
    Hand(store).make("site", "Rotterdam")
    assert other.size() == 32
    other.close()
    store.close()


@pytest.mark.parametrize("count", [25, pytest.param(40, marks=pytest.mark.soak)])
def test_two_programs_write_to_it_in_turn(count: int, where: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    store = create_estate(where, key=key)
    monkeypatch.setenv(PASSPHRASE, WORDS)
    with other(where, "write", "Anja", count) as first, other(where, "write", "Tom", count) as second:
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [line for process in (first, second) for line in process.stdout or ()]
    reported = dict(json.loads(line) for line in said if line.startswith("["))
    assert sorted(reported) == list(range(1, 2 * count + 1))
    with store.read() as reader:
        assert {h.number: h.id for h in reader.revisions(limit=100)} == reported
    assert check_integrity(store) == []
    store.close()


def test_a_read_only_file_is_read(where: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(where, key).close()
    before = where.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(engines, "is_read_only", lambda where: True)
        store = open_estate(where, key=key)
        assert (store.size(), check_integrity(store)) == (30, [])
        with pytest.raises(StoreProblem, match="read-only"):
            Hand(store).make("site", "Ghent")
        write_backup(store, where.with_name("copy.terrier"))
        store.close()
    assert where.read_bytes() == before
    assert sorted(os.listdir(where.parent)) == ["copy.terrier", where.name]


def test_an_older_one_is_backed_up_and_brought_up_to_date(where: Path, key: Key) -> None:
    rekey_estate(unpacked(1, where), None, key)
    store = open_estate(where, key=key)
    assert check_integrity(store) == []
    store.close()
    assert all(is_encrypted(one.path) for one in kept(where))


def test_queries_can_be_interrupted(where: Path, key: Key) -> None:
    store = filled(where, key)
    with store.read() as reader:
        stopper = threading.Timer(0.2, reader.interrupt)
        stopper.start()
        with pytest.raises(OperationalError, match="interrupted"):
            reader._connection.exec_driver_sql(ENDLESS)
        stopper.join()
    control = Control()
    with engines.writing(store._engine) as connection:
        canceller = threading.Timer(0.2, control.cancel)
        canceller.start()
        with pytest.raises(Cancelled), cancellable(connection, control):
            connection.exec_driver_sql(ENDLESS)
        canceller.join()
    store.close()


def test_moved_to_another_file_it_stays_encrypted(where: Path, key: Key) -> None:
    store = filled(where, key)
    move(store, where.with_name("moved.terrier"))
    store.close()
    assert readable(where.parent) == []
    moved = open_estate(where.with_name("moved.terrier"), key=key)
    assert (moved.size(), check_integrity(moved)) == (30, [])
    moved.close()


# -- copies ---------------------------------------------------------------------------------------------------------


def test_its_backups_are_encrypted_as_it_is(where: Path, key: Key) -> None:
    store = filled(where, key)
    made = back_up(where, BackupReason.DAILY, key=key)
    assert made
    write_backup(store, where.with_name("copy.terrier"))
    assert back_up(where, BackupReason.IMPORT, key=key) is None, "nothing has changed since"
    expected = picture(store)
    store.close()
    assert readable(where.parent) == []
    for path in (made, where.with_name("copy.terrier")):
        copy = open_estate(path, key=key_of(path, WORDS))
        assert picture(copy) == expected
        assert check_integrity(copy) == []
        copy.close()


def test_a_backup_is_put_back(where: Path, key: Key) -> None:
    store = filled(where, key)
    made = back_up(where, BackupReason.DAILY, key=key)
    assert made
    expected = picture(store)
    Hand(store).make("site", "Ghent")
    store.close()
    with pytest.raises(Locked):
        restore(made, where)
    with pytest.raises(Locked):
        restore(made, where, key)
    restore(made, where, key, key)
    for path, size in ((where, 30), (where.with_name("estate.terrier.before-restore"), 31)):
        store = open_estate(path, key=key)
        assert store.size() == size
        assert check_integrity(store) == []
        assert size == 31 or picture(store) == expected
        store.close()
    restore(made, where.with_name("new.terrier"), key)
    store = open_estate(where.with_name("new.terrier"), key=key)
    assert picture(store) == expected
    store.close()
    assert readable(where.parent) == []


def test_what_is_put_back_over_an_encrypted_estate_is_encrypted_as_that_is(where: Path, key: Key) -> None:
    """A backup from before the estate was encrypted, or one with another passphrase, gets the estate's passphrase."""
    store = filled(where, key)
    write_backup(store, where.with_name("encrypted.terrier"))
    store.close()
    rekey_estate(where, key, None)
    store = open_estate(where)
    write_backup(store, where.with_name("plain.terrier"))
    store.close()
    new = new_key("another good one")
    rekey_estate(where, None, new)
    plain = sorted(path for path in readable(where.parent) if path != where)
    for name, its in (("plain", None), ("encrypted", key)):
        for damage in (False, True):
            if damage:
                with where.open("r+b") as file:
                    file.seek(8192)
                    file.write(bytes(4096))
            assert restore(where.with_name(f"{name}.terrier"), where, its, new) == new
            store = open_estate(where, key=new)
            assert (store.size(), check_integrity(store)) == (30, [])
            store.close()
            assert sorted(readable(where.parent)) == plain, "no plain copy was left"
            assert list(where.parent.glob(f"{name}.terrier-*")) == [], "nothing is left beside the backup"


def test_an_encrypted_backup_of_a_plain_estate_stays_encrypted(where: Path, key: Key) -> None:
    store = filled(where, key)
    write_backup(store, where.with_name("encrypted.terrier"))
    store.close()
    rekey_estate(where, key, None)
    store = open_estate(where)
    write_backup(store, where.with_name("plain.terrier"))
    Hand(store).make("site", "Ghent")
    store.close()
    present = None
    for name, its, size in (("encrypted", key, 31), ("plain", None, 30), ("encrypted", key, 30)):
        assert restore(where.with_name(f"{name}.terrier"), where, its, present) == key
        store = open_estate(where, key=key)
        assert (store.size(), check_integrity(store)) == (30, [])
        store.close()
        aside = sorted(where.parent.glob("*.before-restore*"))[-1]
        store = open_estate(aside, key=present)
        assert (store.size(), check_integrity(store)) == (size, [])
        store.close()
        aside.unlink()
        present = key
