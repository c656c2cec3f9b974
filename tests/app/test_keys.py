"""The sources of keys, and their storage."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import keys
from cmdb.model.errors import Locked, UserError
from cmdb.store.connection.ciphers import Key, new_key
from cmdb.store.upkeep.startup import create_estate
from tests.keyring_double import Drawer

pytest.importorskip("sqlcipher3", reason="encrypted estates are an extra: make setup EXTRAS=encryption")

WORDS = "nine lives of a cat"


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key(WORDS)


@pytest.fixture
def where(tmp_path: Path, key: Key) -> Path:
    path = tmp_path / "estate.terrier"
    create_estate(path, key=key).close()
    return path


def nobody(path: Path, wrong: str) -> str:
    raise AssertionError("nobody is to be asked")


def test_a_plain_file_needs_no_key(tmp_path: Path) -> None:
    path = tmp_path / "plain.terrier"
    create_estate(path).close()
    assert keys.find(path, nobody) is None
    assert keys.find("postgresql://localhost/estate", nobody) is None
    assert keys.find(tmp_path / "missing.terrier", nobody) is None


def test_the_environment_comes_first(where: Path, key: Key) -> None:
    assert keys.find(where, nobody, {keys.PASSPHRASE: WORDS}) == key
    with pytest.raises(Locked, match="does not open"):
        keys.find(where, nobody, {keys.PASSPHRASE: "something else"})


def test_a_wrong_passphrase_is_asked_for_again(where: Path, key: Key) -> None:
    heard: list[str] = []
    answers = iter(["something else", "and again", WORDS])

    def ask(path: Path, wrong: str) -> str:
        heard.append(wrong)
        return next(answers)

    assert keys.find(where, ask, {}) == key
    assert heard[0] == ""
    assert all("does not open" in one for one in heard[1:])
    assert len(heard) == 3
    with pytest.raises(Locked, match="its passphrase is needed"):
        keys.find(where, None, {})


def test_what_is_remembered_is_the_key_and_not_the_passphrase(where: Path, key: Key, drawer: Drawer) -> None:
    assert keys.can_remember()
    keys.remember(key)
    assert WORDS not in repr(drawer.kept)
    assert str(where) not in repr(drawer.kept)
    assert keys.find(where, nobody, {}) == key
    moved = where.rename(where.with_name("moved.terrier"))
    assert keys.find(moved, nobody, {}) == key
    keys.forget(key)
    keys.forget(key)
    assert drawer.kept == {}
    with pytest.raises(Locked):
        keys.find(moved, None, {})


def test_a_stored_key_that_is_wrong_is_removed(where: Path, key: Key, drawer: Drawer) -> None:
    keys.remember(Key(key.salt, bytes(32)))
    assert keys.find(where, lambda path, wrong: WORDS, {}) == key
    assert drawer.kept == {}
    drawer.kept["Terrier", key.salt.hex()] = "no key at all"
    assert keys.find(where, lambda path, wrong: WORDS, {}) == key


def test_a_locked_keyring_is_reported(where: Path, key: Key, drawer: Drawer) -> None:
    drawer.shut = True
    assert keys.find(where, lambda path, wrong: WORDS, {}) == key
    with pytest.raises(UserError, match="did not take"):
        keys.remember(key)
    with pytest.raises(UserError, match="did not forget"):
        keys.forget(key)


def test_a_system_without_a_keyring_remembers_nothing(key: Key) -> None:
    """The tests' own is one that keeps nothing."""
    assert not keys.can_remember()
    assert not keys.is_remembered(key)
    with pytest.raises(UserError, match="no keyring"):
        keys.remember(key)
    keys.forget(key)
