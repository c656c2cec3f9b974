"""Finds the key of an encrypted estate: in the environment, in the system's keyring, or by asking the person.

It is never kept in the settings, and never given in a command's arguments, which other users of a machine can read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cmdb.model.errors import Locked, UserError
from cmdb.model.messages import Message
from cmdb.store.connection import ciphers
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import is_url

PASSPHRASE, NEW_PASSPHRASE = "TERRIER_PASSPHRASE", "TERRIER_NEW_PASSPHRASE"
"""The environment variables with the passphrase of an estate, and with its new passphrase."""
_SERVICE = "Terrier"
_REAL = 1.0
"""The lowest priority of a real keyring: those below store nothing, or store it in plain text."""

Ask = Callable[[Path, str], str]
"""Asks for a file's passphrase. Gets the file, and what was wrong with the last answer ("" at first).

Raises where nobody can be asked.
"""


def is_locked(where: str | Path) -> bool:
    """Whether an estate is encrypted."""
    return not is_url(where) and ciphers.is_encrypted(Path(where))


def find(where: str | Path, ask: Ask | None = None, environment: Mapping[str, str] = os.environ) -> Key | None:
    """The key of an estate; None where it needs none. Not for the GUI's thread: deriving a key takes a while.

    Raises Locked where there is no passphrase or a wrong one, and StoreProblem where the encryption extra is missing.
    """
    if not is_locked(where):
        return None
    path = Path(where)
    ciphers.require()
    if passphrase := environment.get(PASSPHRASE):
        return tried(path, ciphers.key_of(path, passphrase))
    kept = remembered(path)
    if kept is not None:
        try:
            return tried(path, kept)
        except Locked:
            forget(kept)
    if ask is None:
        raise ciphers.locked(path)
    wrong = ""
    while True:
        try:
            return tried(path, ciphers.key_of(path, ask(path, wrong)))
        except Locked as error:
            if not error.wrong:
                raise
            wrong = str(error)


def fits(path: Path, key: Key) -> bool:
    """Whether a file has the salt of a key: it is the same estate, or a backup of it."""
    return is_locked(path) and ciphers.salt_of(path) == key.salt


def tried(path: Path, key: Key) -> Key:
    """The key, if it opens the file. Raises Locked, and StoreProblem where the file cannot be read at all."""
    with engines.in_words(path):
        engines.look(path, key).close()
    return key


# -- the system's keyring -------------------------------------------------------------------------------------------


def can_remember() -> bool:
    """Whether this computer has a keyring that keeps secrets safely, as far as the library can tell."""
    found = _keyring()
    return found is not None and float(found.get_keyring().priority) >= _REAL


def remembered(path: Path) -> Key | None:
    """The key that this person's keyring has for a file; None also if the keyring is locked or missing."""
    return _kept(ciphers.salt_of(path))


def is_remembered(key: Key) -> bool:
    """Whether this person's keyring has a key."""
    return _kept(key.salt) == key


def _kept(salt: bytes) -> Key | None:
    if not can_remember():
        return None
    try:
        secret = _keyring().get_password(_SERVICE, salt.hex())
    except _keyring().errors.KeyringError:
        return None  # then the person is asked
    try:
        return None if secret is None else Key(salt, bytes.fromhex(secret))
    except ValueError:
        return None


def remember(key: Key) -> None:
    """Keeps a key in this person's keyring. Raises UserError."""
    if not can_remember():
        raise UserError(Message("This computer has no keyring to remember the passphrase in."))
    try:
        _keyring().set_password(_SERVICE, key.salt.hex(), key.secret.hex())
    except _keyring().errors.KeyringError as error:
        raise UserError(Message("The keyring did not take the passphrase: {reason}", reason=str(error))) from error


def forget(key: Key) -> None:
    """Removes a key from this person's keyring, if it has the key. Raises UserError."""
    if not can_remember():
        return
    errors = _keyring().errors
    try:
        _keyring().delete_password(_SERVICE, key.salt.hex())
    except errors.PasswordDeleteError:
        return  # it was not there
    except errors.KeyringError as error:
        raise UserError(Message("The keyring did not forget the passphrase: {reason}", reason=str(error))) from error


def _keyring() -> Any:
    """The library, where the extra is installed: imported only where an estate is encrypted."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    return keyring
