"""Connections to an estate: opening, creating and recognising one, and errors put into words a person understands."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cmdb.errors import StoreProblem, UserError
from cmdb.store import placing, server, tables

APPLICATION_ID = 0x54455252  # "TERR", in the SQLite header, by which our files are known
LOCK_SECONDS = 5
"""How long a writer waits for another one before the estate counts as in use."""


def is_url(where: str | Path) -> bool:
    """Whether ``where`` is a database URL rather than a file."""
    return "://" in str(where)


def make_engine(where: str | Path, *, read_only: bool = False) -> Engine:
    """An engine for a file or a URL. Nothing is opened yet. Raises StoreProblem for a URL we have no driver for."""
    if is_url(where):
        url = make_url(str(where))
        if not url.drivername.startswith("postgresql"):
            raise StoreProblem(f"{url.drivername} databases are not supported: give a file or a postgresql:// URL.")
        return server.make_engine(url, LOCK_SECONDS)
    path = Path(where).absolute()
    still = _stillness(path) if read_only else None
    address = _address(path, read_only=read_only, still=still is not None)

    def connect() -> sqlite3.Connection:
        return _connect(address)

    engine = create_engine("sqlite://", creator=connect, pool_size=8, max_overflow=8, poolclass=_queue_pool())

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "cache_size=-32000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if still is not None and _stillness(path) != still:
            raise StoreProblem(f"{path} was changed by another program meanwhile. Open it again.")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def _address(path: Path, *, read_only: bool, still: bool) -> str:
    return f"{path.as_uri()}?mode={'ro' if read_only else 'rw'}{'&immutable=1' if still else ''}"


def _stillness(path: Path) -> tuple[int, int] | None:
    """Size and time of a file that nobody has open for writing; None where somebody has.

    Such a file can be read without the side files that SQLite would have to make in a folder we may not write to.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return None
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def is_read_only(where: str | Path) -> bool:
    """Whether nothing can be written: to the file itself, or beside it, where SQLite keeps its log."""
    if is_url(where):
        return False
    return not (os.access(where, os.W_OK) and os.access(Path(where).absolute().parent, os.W_OK))


def look(path: Path) -> sqlite3.Connection:
    """A plain connection for reading a file that is known to be an estate. It leaves nothing beside the file."""
    read_only = is_read_only(path)
    still = read_only and _stillness(path) is not None
    address = _address(path.absolute(), read_only=read_only, still=still)
    return _connect(address)


def _connect(address: str) -> sqlite3.Connection:
    """A connection that has read the database's own schema. Raises sqlite3.Error."""
    connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except UnicodeDecodeError as error:
        connection.close()
        raise sqlite3.DatabaseError("malformed database schema") from error
    except sqlite3.Error:
        connection.close()
        raise
    return connection


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
        raise UserError(f"{error.object[:40]!a} has a code in it that stands for no character.") from error
    except DBAPIError as error:
        raise _worded(where, error) from error
    except sqlite3.DatabaseError as error:
        raise _worded(where, error) from error


def _is_from_driver(error: BaseException) -> bool:
    """Whether an exception arose in SQLAlchemy's call of the driver.

    SQLite quotes what is damaged in its messages, and where that is no text, Python cannot read the message.
    """
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and str(last.tb_frame.f_globals.get("__name__", "")).startswith("sqlalchemy.")


def _worded(where: str | Path, error: DBAPIError | sqlite3.DatabaseError) -> Exception:
    original = error.orig if isinstance(error, DBAPIError) else error
    text = str(original).lower()
    name = shown(where)
    in_use = f"{name} is in use: another program has been writing for over {LOCK_SECONDS} seconds. Try again."
    if server.is_from_server(original):
        said = in_use if server.is_locked(original) else server.worded(name, original)
        said = damaged(where) if server.is_damaged(original) else said
        return StoreProblem(said) if said else error
    known = {
        "locked": in_use,
        "readonly": f"{name} is read-only, so nothing can be changed. Copy it to a folder you may write to.",
        "full": f"The disk is full; nothing was written to {name}. Free some space and try again.",
        "malformed": damaged(where),
        "could not decode": damaged(where),
        "no such table": damaged(where),
        "no such column": damaged(where),
        "no such collation": damaged(where),
        "invalid fts5 file format": damaged(where),
        "not a database": f"{name} is not a Terrier estate.",
        "unable to open": f"{name} cannot be opened. Does it exist, and may you read it and write to its folder?",
        "disk i/o": f"{name} cannot be read or written: the disk reports an error.",
    }
    for sign, message in known.items():
        if sign in text:
            return StoreProblem(message)
    if getattr(original, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return StoreProblem(damaged(where))
    return error


def damaged(where: str | Path) -> str:
    """What to tell the person of an estate that is damaged."""
    return f"{shown(where)} is damaged. Nothing was repaired; restore a backup."


def shown(where: str | Path) -> str:
    """A file's name or a URL without its password."""
    return make_url(str(where)).render_as_string(hide_password=True) if is_url(where) else str(where)


def create(where: str | Path, fill: Callable[[str | Path, Engine], None] = lambda place, engine: None) -> Engine:
    """Makes a new estate and returns its engine; ``fill`` is called with the empty one before it is in its place.

    A file is there whole or not at all. Raises StoreProblem if something is there already, and what ``fill`` raises.
    """
    if is_url(where):
        engine = make_engine(where)
        try:
            with in_words(where), engine.begin() as connection:
                lay_out_database(str(where), connection)
            fill(where, engine)
        except BaseException:
            engine.dispose()
            raise
        return engine
    path = Path(where)
    if path.exists():
        raise StoreProblem(f"{path} already exists. Choose another name, or open it.")
    if not path.parent.is_dir():
        raise StoreProblem(f"The folder {path.parent} does not exist.")
    placing.refuse_leftovers(path)
    try:
        with placing.part(path) as part:
            _stamp(part)
            engine = make_engine(part)
            try:
                with in_words(path), engine.begin() as connection:
                    _lay_out(connection)
                fill(part, engine)
            finally:
                engine.dispose()
            placing.put(part, path)  # fails if someone else made it meanwhile; never overwrites
    except FileExistsError:
        raise StoreProblem(f"{path} already exists. Choose another name, or open it.") from None
    except (OSError, sqlite3.Error) as error:
        raise StoreProblem(f"{path} cannot be created: {error}.") from error
    return open_(path)


def lay_out_database(url: str, connection: Connection) -> None:
    """Makes the tables of an estate in the connection's transaction. Raises StoreProblem where there are some."""
    if inspect(connection).get_table_names():
        raise StoreProblem(f"{shown(url)} already has tables in it. An estate needs an empty database.")
    if (encoding := server.encoding(connection)) != "UTF8":
        raise StoreProblem(f"{shown(url)} stores texts as {encoding}. An estate needs a database of the encoding UTF8.")
    _lay_out(connection)


def _stamp(path: Path) -> None:
    """Makes a SQLite file with our mark, in write-ahead mode; both stay with the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _lay_out(connection: Connection) -> None:
    from cmdb.store import search
    from cmdb.store.migrations import HEAD

    tables.metadata.create_all(connection)
    search.create(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    connection.execute(tables.meta.insert(), [{"key": "format", "value": str(tables.FORMAT)}])


def open_(where: str | Path) -> Engine:
    """Opens an estate after looking whether it is one; one from an older Terrier is brought up to date.

    Raises StoreProblem: missing, not ours, newer, unreadable.
    """
    from cmdb.store.migrating import bring_up, format_of

    if not is_url(where):
        recognise(Path(where))
        placing.sweep(Path(where))
    engine = make_engine(where, read_only=is_read_only(where))
    try:
        with in_words(where), engine.connect() as connection:
            if engine.dialect.name != "sqlite" and not inspect(connection).has_table("meta"):
                raise StoreProblem(f"{shown(where)} is not a Terrier estate: it lacks Terrier's tables.")
            number = format_of(connection)
        check_format(where, number)
        if number < tables.FORMAT:
            bring_up(where, engine)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError):
            raise StoreProblem(f"{shown(where)} is not a Terrier estate, or it is damaged.") from error
        raise
    return engine


def check_format(where: str | Path, number: int) -> None:
    """Raises StoreProblem unless this Terrier knows the format."""
    if number > tables.FORMAT:
        raise StoreProblem(
            f"{shown(where)} was written by a newer Terrier "
            f"(format {number}; this one knows {tables.FORMAT}). Update Terrier."
        )
    if number < 1:
        raise StoreProblem(f"{shown(where)} is not a Terrier estate, or it is damaged.")


def recognise(path: Path) -> None:
    """Looks at the header before SQLite does, so that foreign files are named as such and never touched.

    Raises StoreProblem unless it is the header of an estate.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise StoreProblem(f"{path} does not exist. Make it with: new {path}") from None
    except IsADirectoryError:
        raise StoreProblem(f"{path} is a folder, not an estate.") from None
    except OSError as error:
        raise StoreProblem(f"{path} cannot be read: {error.strerror}.") from error
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise StoreProblem(f"{path} is not a Terrier estate.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreProblem(f"{path} is a database, but not a Terrier estate.")
