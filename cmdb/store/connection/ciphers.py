"""Encrypted estates (SQLCipher): the key, how such a file is recognised, and the driver that reads it.

A SQLCipher file has no readable header; it begins with the 16 bytes of the salt that its key is derived with. We choose
that salt: four bytes that are ours, then twelve random ones. So the file says what it is, and SQLCipher's own tools
open it with the passphrase alone. The key is derived here, once, instead of by SQLCipher for every connection.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sqlite3
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem, InvalidValue, Locked, StoreProblem
from cmdb.model.messages import Message

MARK = b"\x8eTER"
"""How the salt of an estate begins. No text does, in any common encoding."""
SALT = 16
ROUNDS = 256_000
"""Of PBKDF2 with HMAC-SHA512: what SQLCipher 4 derives its keys with."""
SHORTEST = 8
"""The least characters of a passphrase: shorter ones can be found by trying, given the file."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The key of an encrypted file, derived from its salt and the passphrase. Its repr does not show it."""

    salt: bytes
    secret: bytes

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __reduce__(self) -> str:
        raise TypeError("A key is not to be stored.")

    @property
    def literal(self) -> str:
        """Key and salt as SQLCipher takes them."""
        return f"x'{self.secret.hex()}{self.salt.hex()}'"


def is_encrypted(path: Path) -> bool:
    """Whether a file is an encrypted estate, by how it begins. A missing or unreadable one is not."""
    try:
        with regular_files.opened(path) as file:
            return file.read(len(MARK)) == MARK
    except (OSError, FileProblem):
        return False


def salt_of(path: Path) -> bytes:
    """The salt of an encrypted estate. Raises StoreProblem where the file ends before."""
    with regular_files.opened(path) as file:
        salt = file.read(SALT)
    if len(salt) < SALT:
        raise StoreProblem(Message("{path} is damaged. Nothing was repaired; restore a backup.", path=path))
    return salt


def key_of(path: Path, passphrase: str) -> Key:
    """The key of an encrypted estate, if that is its passphrase. Takes a quarter of a second, and is meant to."""
    return _derive(salt_of(path), passphrase)


def new_key(passphrase: str) -> Key:
    """A key for a file that is to be made. Raises InvalidValue where the passphrase is too short."""
    if len(passphrase) < SHORTEST:
        raise InvalidValue(
            Message(
                "A passphrase needs at least {least} characters. Several words are easy to remember.",
                least=SHORTEST,
            )
        )
    return _derive(MARK + os.urandom(SALT - len(MARK)), passphrase)


def _derive(salt: bytes, passphrase: str) -> Key:
    # Keyboards differ in how they compose an accented letter; the passphrase is the same.
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Key(salt, hashlib.pbkdf2_hmac("sha512", text, salt, ROUNDS, 32))


def driver(key: Key | None) -> Any:
    """The DB-API module for a file: Python's own, or SQLCipher's for one with a key. Raises StoreProblem."""
    return sqlite3 if key is None else require()


def require() -> Any:
    """SQLCipher's driver. Raises StoreProblem where the extra is not installed."""
    try:
        return importlib.import_module("sqlcipher3.dbapi2")
    except ImportError as error:
        raise StoreProblem(
            Message(
                "Encrypted estates need a part of Terrier that is not installed here. "
                "Install it with: make setup EXTRAS=encryption"
            )
        ) from error


def unlock(connection: Any, key: Key) -> None:
    """Hands a fresh connection its key. SQLCipher would tell stderr what it thinks of wrong ones: it is kept quiet."""
    connection.execute("PRAGMA cipher_log_level=NONE").fetchall()
    connection.execute(f'PRAGMA key="{key.literal}"').fetchall()


def errors() -> tuple[type[Exception], ...]:
    """The database errors of the drivers that are loaded."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)


def locked(path: Path) -> Locked:
    """The error for a missing passphrase."""
    return Locked(Message("{path} is encrypted: its passphrase is needed.", path=path))


def wrong(path: Path) -> Locked:
    """The error for a wrong passphrase. A damaged first page looks the same."""
    return Locked(
        Message("This passphrase does not open {path}. If you are sure of it, the file is damaged.", path=path),
        wrong=True,
    )
