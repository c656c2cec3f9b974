"""Connections to an estate: opening, creating and recognising one, and errors put into words a person understands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from cmdb.model import regular_files
from cmdb.model.errors import InUse, StoreProblem, Unavailable, UserError
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from cmdb.store.connection import ciphers, postgresql, sqlite
from cmdb.store.connection.ciphers import Key, driver, errors
from cmdb.store.connection.database_address import is_url, parsed, shown
from cmdb.store.connection.disposal import close_what_comes_back_later
from cmdb.store.connection.silence import silence
from cmdb.store.connection.sqlite import DURABLE, OpenedFile, address, may_write, stillness

APPLICATION_ID = 0x54455252  # "TERR", in the SQLite header, by which our files are known
LOCK_SECONDS = 5
"""How long a writer waits for another one before the estate counts as in use."""

_OPENED = "opened_file"
TOO_MUCH = Message("That is more than the database can do at once. Ask for less, or in several steps.")
READ_CACHE, WRITE_CACHE = 8_000, 32_000
"""Pages that a connection keeps (KiB). A window reads over half a dozen; the system keeps what they have read too."""


def make_engine(where: str | Path, *, read_only: bool = False, key: Key | None = None, share: str = "") -> Engine:
    """An engine for a file or a URL. Nothing is opened yet. Raises StoreProblem for a URL that can't be read.

    ``share``: the type of the network share that the file is on, if it is (``shares.kind_of``).
    """
    if is_url(where):
        return close_what_comes_back_later(postgresql.make_engine(parsed(str(where)), LOCK_SECONDS))
    path = Path(where).absolute()
    still = stillness(path) if read_only else None
    place = address(path, read_only=read_only, still=still is not None)

    def connect() -> Any:
        made = sqlite.connect(path, place, key, LOCK_SECONDS)
        try:
            opened.note()
        except StoreProblem:
            made.close()
            raise
        return made

    opened = OpenedFile(path)
    engine = create_engine(
        "sqlite://", creator=connect, module=driver(key), pool_size=8, max_overflow=8, poolclass=_queue_pool(),
        hide_parameters=True, execution_options={_OPENED: opened},
    )  # fmt: skip
    silence("sqlalchemy")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Without a write-ahead log, memory that is handed to the file early would shut out those who read.
        spill = ("cache_spill=OFF",) if share else ()
        for pragma in ("foreign_keys=ON", *DURABLE, f"cache_size=-{READ_CACHE}", "temp_store=MEMORY", *spill):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if still is not None and stillness(path) != still:
            raise StoreProblem(Message("{path} was changed by another program meanwhile. Open it again.", path=path))
        writes = bool(connection.get_execution_options().get("writes"))
        if writes:
            opened.require()
        own: Any = connection.connection.driver_connection
        # The pool hands the same connection to readers and to the writer. To the driver itself, this takes no time.
        own.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        own.execute(f"PRAGMA cache_size=-{WRITE_CACHE if writes else READ_CACHE}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return close_what_comes_back_later(engine)


def require_in_place(engine: Engine) -> None:
    """Raises StoreProblem where the file that is open was moved, replaced or deleted meanwhile."""
    opened = engine.get_execution_options().get(_OPENED)
    if opened is not None:
        opened.require()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write. Every other transaction of the engine is read-only to the database itself."""
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


def is_read_only(where: str | Path) -> bool:
    """Whether nothing can be written to the file or to its folder, where SQLite keeps its log."""
    return not is_url(where) and not may_write(Path(where))


def look(path: Path, key: Key | None = None) -> Any:
    """A plain connection for reading a file that is known to be an estate. It makes no side files."""
    read_only = is_read_only(path)
    still = read_only and stillness(path) is not None
    return sqlite.connect(path, address(path, read_only=read_only, still=still), key, LOCK_SECONDS)


def _queue_pool() -> Any:
    from sqlalchemy.pool import QueuePool

    return QueuePool


@contextmanager
def in_words(where: str | Path) -> Iterator[None]:
    """Turns the database's errors into StoreProblem where they are not bugs: in use, read-only, full, damaged, gone."""
    try:
        yield
    except msgspec.DecodeError as error:  # what the store keeps as JSON
        raise StoreProblem(damaged(where)) from error
    except UnicodeDecodeError as error:
        if not _is_from_driver(error):
            raise
        raise StoreProblem(damaged(where)) from error
    except UnicodeEncodeError as error:
        if not _is_from_driver(error):
            raise
        raise UserError(
            Message("{text} has a code in it that stands for no character.", text=ascii(error.object[:40]))
        ) from error
    except DBAPIError as error:
        raise _worded(where, error) from error
    except errors() as error:
        raise _worded(where, error) from error


def _is_from_driver(error: BaseException) -> bool:
    """Whether an exception arose in SQLAlchemy's call of the driver.

    SQLite quotes what is damaged in its messages, and where that is no text, Python cannot read the message.
    """
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and str(last.tb_frame.f_globals.get("__name__", "")).startswith("sqlalchemy.")


def _worded(where: str | Path, error: Exception) -> Exception:
    original = error.orig if isinstance(error, DBAPIError) else error
    text = str(original).lower()
    name = shown(where)
    in_use = Message(
        "{name} is in use: another program has been writing for over {seconds} seconds. Try again.",
        name=name,
        seconds=LOCK_SECONDS,
    )
    if postgresql.is_from_server(original):
        if postgresql.is_locked(original):
            return InUse(in_use)
        said = damaged(where) if postgresql.is_damaged(original) else postgresql.worded(name, original)
        if said is None:
            return error
        return Unavailable(said) if postgresql.is_passing(original) else StoreProblem(said)
    if "locked" in text:
        return InUse(in_use)
    known = {
        "readonly": Message(
            "{name} is read-only, so nothing can be changed. Copy it to a folder you may write to.", name=name
        ),
        "full": Message("The disk is full; nothing was written to {name}. Free some space and try again.", name=name),
        "malformed": damaged(where),
        "could not decode": damaged(where),
        "no such table": damaged(where),
        "no such column": damaged(where),
        "no such collation": damaged(where),
        "invalid fts5 file format": damaged(where),
        "not a database": damaged(where)
        if _is_cipher(original)
        else Message("{name} is not a Terrier estate.", name=name),
        "unable to open": Message(
            "{name} cannot be opened. Does it exist, and may you read it and write to its folder?", name=name
        ),
        "parser stack overflow": TOO_MUCH,
        "expression tree is too large": TOO_MUCH,
        "too many terms": TOO_MUCH,
        "too many sql variables": TOO_MUCH,
        "too big": TOO_MUCH,
        "at most 64 tables": TOO_MUCH,
        "disk i/o": Message("{name} cannot be read or written: the disk reports an error.", name=name),
    }
    for sign, message in known.items():
        if sign in text:
            return StoreProblem(message)
    if getattr(original, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return StoreProblem(damaged(where))
    return error


def _is_cipher(error: object) -> bool:
    """SQLCipher says of a page that was tampered with what SQLite says of a file of another program."""
    return type(error).__module__.startswith("sqlcipher3")


def damaged(where: str | Path) -> Message:
    """The text of the error of a damaged estate."""
    return Message("{where} is damaged. Nothing was repaired; restore a backup.", where=shown(where))


def recognise(path: Path, key: Key | None = None) -> Key | None:
    """Reads the header before SQLite does, so that files of other programs are recognised and never changed.

    Not for a file that this process has open: closing any handle of a file releases the process's locks on it.

    Returns the key that the file needs: none where it is not encrypted. Raises StoreProblem unless it is the header of
    an estate, and Locked where ``key`` is not the key of an encrypted one.
    """
    try:
        if path.is_dir():
            raise StoreProblem(Message("{path} is a folder, not an estate.", path=path))
        with regular_files.opened(path) as file:
            header = file.read(100)
    except FileNotFoundError:
        raise StoreProblem(Message("{path} does not exist.", path=path)) from None
    except OSError as error:
        raise StoreProblem(Message("{path} cannot be read: {error}.", path=path, error=reason_of(error))) from error
    if header.startswith(ciphers.MARK):
        ciphers.require()  # what is missing is said before anyone is asked for a passphrase
        if key is None:
            raise ciphers.locked(path)
        if key.salt != header[: ciphers.SALT]:
            raise ciphers.wrong(path)
        return key
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise StoreProblem(Message("{path} is not a Terrier estate.", path=path))
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreProblem(Message("{path} is a database, but not a Terrier estate.", path=path))
    return None
