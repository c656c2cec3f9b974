"""Connections to an estate: opening, creating and recognising one, and errors put into words a person understands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cmdb.model.errors import StoreProblem, UserError
from cmdb.store.connection import atomic_file, ciphers, postgresql, sqlite
from cmdb.store.connection.ciphers import Key, driver, errors
from cmdb.store.connection.sqlite import DURABLE, address, may_write, stillness
from cmdb.store.rows import tables

APPLICATION_ID = 0x54455252  # "TERR", in the SQLite header, by which our files are known
LOCK_SECONDS = 5
"""How long a writer waits for another one before the estate counts as in use."""

READ_CACHE, WRITE_CACHE = 8_000, 32_000
"""Pages that a connection keeps (KiB). A window reads over half a dozen; the system keeps what they have read too."""


def is_url(where: str | Path) -> bool:
    """Whether ``where`` is a database URL rather than a file."""
    return "://" in str(where)


def make_engine(where: str | Path, *, read_only: bool = False, key: Key | None = None, share: str = "") -> Engine:
    """An engine for a file or a URL. Nothing is opened yet. Raises StoreProblem for a URL we have no driver for.

    ``share``: the type of the network share that the file is on, if it is (``shares.kind_of``).
    """
    if is_url(where):
        url = make_url(str(where))
        if not url.drivername.startswith("postgresql"):
            raise StoreProblem(f"{url.drivername} databases are not supported: give a file or a postgresql:// URL.")
        return postgresql.make_engine(url, LOCK_SECONDS)
    path = Path(where).absolute()
    still = stillness(path) if read_only else None
    place = address(path, read_only=read_only, still=still is not None)

    def connect() -> Any:
        return sqlite.connect(path, place, key, LOCK_SECONDS)

    engine = create_engine(
        "sqlite://", creator=connect, module=driver(key), pool_size=8, max_overflow=8, poolclass=_queue_pool()
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Without a write-ahead log, memory that is handed to the file early would shut out those who read.
        spill = ("cache_spill=OFF",) if share else ()
        for pragma in ("foreign_keys=ON", *DURABLE, f"cache_size=-{READ_CACHE}", "temp_store=MEMORY", *spill):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if still is not None and stillness(path) != still:
            raise StoreProblem(f"{path} was changed by another program meanwhile. Open it again.")
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql(f"PRAGMA cache_size=-{WRITE_CACHE if writes else READ_CACHE}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def is_read_only(where: str | Path) -> bool:
    """Whether nothing can be written: to the file itself, or beside it, where SQLite keeps its log."""
    return not is_url(where) and not may_write(Path(where))


def look(path: Path, key: Key | None = None) -> Any:
    """A plain connection for reading a file that is known to be an estate. It leaves nothing beside the file."""
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
        raise UserError(f"{error.object[:40]!a} has a code in it that stands for no character.") from error
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
    in_use = f"{name} is in use: another program has been writing for over {LOCK_SECONDS} seconds. Try again."
    if postgresql.is_from_server(original):
        said = in_use if postgresql.is_locked(original) else postgresql.worded(name, original)
        said = damaged(where) if postgresql.is_damaged(original) else said
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
        "not a database": damaged(where) if _is_cipher(original) else f"{name} is not a Terrier estate.",
        "unable to open": f"{name} cannot be opened. Does it exist, and may you read it and write to its folder?",
        "disk i/o": f"{name} cannot be read or written: the disk reports an error.",
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


def damaged(where: str | Path) -> str:
    """What to tell the person of an estate that is damaged."""
    return f"{shown(where)} is damaged. Nothing was repaired; restore a backup."


def shown(where: str | Path) -> str:
    """A file's name or a URL without its password."""
    return make_url(str(where)).render_as_string(hide_password=True) if is_url(where) else str(where)


def named(where: str | Path) -> str:
    """What an estate is called: its file's name, or the database's and its server's."""
    return postgresql.named(make_url(str(where))) if is_url(where) else Path(where).name


def create(
    where: str | Path,
    fill: Callable[[str | Path, Engine], None] = lambda place, engine: None,
    *,
    key: Key | None = None,
    share: str = "",
) -> Engine:
    """Makes a new estate and returns its engine; ``fill`` is called with the empty one before it is in its place.

    A file is there whole or not at all. Raises StoreProblem if something is there already, and what ``fill`` raises.
    """
    if is_url(where):
        return _create_database(str(where), fill)
    path = Path(where)
    if path.exists():
        raise StoreProblem(f"{path} already exists. Choose another name, or open it.")
    if not path.parent.is_dir():
        raise StoreProblem(f"The folder {path.parent} does not exist.")
    atomic_file.refuse_leftovers(path)
    try:
        with atomic_file.part(path) as part:
            _stamp(part, key, share)
            engine = make_engine(part, key=key, share=share)
            try:
                with in_words(path), engine.begin() as connection:
                    _lay_out(connection)
                fill(part, engine)
            finally:
                engine.dispose()
            atomic_file.put(part, path)  # fails if someone else made it meanwhile; never overwrites
    except FileExistsError:
        raise StoreProblem(f"{path} already exists. Choose another name, or open it.") from None
    except OSError as error:
        raise StoreProblem(f"{path} cannot be created: {error}.") from error
    except errors() as error:
        raise StoreProblem(f"{path} cannot be created: {error}.") from error
    return open_(path, key=key, share=share)


def _create_database(url: str, fill: Callable[[str | Path, Engine], None]) -> Engine:
    engine = make_engine(url)
    try:
        with in_words(url), engine.begin() as connection:
            lay_out_database(url, connection)
        fill(url, engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def lay_out_database(url: str, connection: Connection) -> None:
    """Makes the tables of an estate in the connection's transaction. Raises StoreProblem where there are some."""
    if inspect(connection).get_table_names():
        raise StoreProblem(f"{shown(url)} already has tables in it. An estate needs an empty database.")
    if (encoding := postgresql.encoding(connection)) != "UTF8":
        raise StoreProblem(f"{shown(url)} stores texts as {encoding}. An estate needs a database of the encoding UTF8.")
    _lay_out(connection)


def _stamp(path: Path, key: Key | None = None, share: str = "") -> None:
    """Makes a SQLite file with our mark, in write-ahead mode where that works; both stay with the file."""
    connection = sqlite.open_(f"{path.absolute().as_uri()}?mode=rwc", key, LOCK_SECONDS)
    try:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA journal_mode={'DELETE' if share else 'WAL'}")
    finally:
        connection.close()


def _lay_out(connection: Connection) -> None:
    from cmdb.store.rows import search_index
    from cmdb.store.upkeep.migrations import HEAD

    tables.metadata.create_all(connection)
    search_index.create(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    connection.execute(tables.meta.insert(), [{"key": "format", "value": str(tables.FORMAT)}])


def open_(where: str | Path, *, key: Key | None = None, share: str = "") -> Engine:
    """Opens an estate after looking whether it is one; one from an older Terrier is brought up to date.

    Raises StoreProblem: missing, not ours, newer, unreadable; Locked where it is encrypted and ``key`` not its key.
    """
    if not is_url(where):
        key = recognise(Path(where), key)
        atomic_file.sweep(Path(where))
    with _in_its_place(where):
        return _opened(where, key, share)


def _opened(where: str | Path, key: Key | None, share: str) -> Engine:
    from cmdb.store.upkeep.migration import bring_up, format_of

    if not is_url(where) and not is_read_only(where):
        with in_words(where):
            _settle(Path(where), key, share)
    engine = make_engine(where, read_only=is_read_only(where), key=key, share=share)
    try:
        with in_words(where), engine.connect() as connection:
            if engine.dialect.name != "sqlite" and not inspect(connection).has_table("meta"):
                raise StoreProblem(f"{shown(where)} is not a Terrier estate: it lacks Terrier's tables.")
            number = format_of(connection)
        check_format(where, number)
        if number < tables.FORMAT:
            bring_up(where, engine, key=key)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError):
            raise StoreProblem(f"{shown(where)} is not a Terrier estate, or it is damaged.") from error
        raise
    return engine


@contextmanager
def _in_its_place(where: str | Path) -> Iterator[None]:
    """What goes wrong with a file that is exchanged for another meanwhile is no fault of the file's."""
    before = None if is_url(where) else Path(where).stat().st_ino
    try:
        yield
    except StoreProblem as problem:
        if before is not None and Path(where).exists() and Path(where).stat().st_ino != before:
            raise StoreProblem(f"{where} was changed by another program meanwhile. Open it again.") from problem
        raise


def _settle(path: Path, key: Key | None, share: str) -> None:
    """Sees to the journal: a write-ahead log on this computer's disks, SQLite's rollback journal on a share.

    A file may have been moved from one to the other, and keeps its mode. Raises StoreProblem and the driver's errors.
    """
    if key is None and _modes(path) != (b"\2\2" if share else b"\1\1"):
        return
    with closing(sqlite.open_(address(path, read_only=False, still=False), key, LOCK_SECONDS)) as connection:
        if share:
            # Alone with it, SQLite reads a write-ahead log without the memory that computers do not share.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            connection.execute(f"PRAGMA journal_mode={'DELETE' if share else 'WAL'}").fetchone()
        except errors() as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB and key is not None:
                raise ciphers.wrong(path) from None
            if "locked" not in str(error):
                raise
            if share:
                raise StoreProblem(
                    f"{path} is on a network share ({share}), and another program has it open as if it were not. "
                    "Close it there, then try again."
                ) from error
            # Somebody works with it in the other mode, which is as safe: it is for the next time.


def _modes(path: Path) -> bytes:
    r"""What a file that is not encrypted says of its journal: ``\2\2`` a write-ahead log, ``\1\1`` a rollback one."""
    with path.open("rb") as file:
        return file.read(20)[18:20]


def check_format(where: str | Path, number: int) -> None:
    """Raises StoreProblem unless this Terrier knows the format."""
    if number > tables.FORMAT:
        raise StoreProblem(
            f"{shown(where)} was written by a newer Terrier "
            f"(format {number}; this one knows {tables.FORMAT}). Update Terrier."
        )
    if number < 1:
        raise StoreProblem(f"{shown(where)} is not a Terrier estate, or it is damaged.")


def recognise(path: Path, key: Key | None = None) -> Key | None:
    """Looks at the header before SQLite does, so that foreign files are named as such and never touched.

    Not for a file that this process has open: whoever closes any handle of a file gives up the process's locks on it.

    Returns the key that the file needs: none where it is not encrypted. Raises StoreProblem unless it is the header of
    an estate, and Locked where ``key`` is not the key of an encrypted one.
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
    if header.startswith(ciphers.MARK):
        ciphers.require()  # what is missing is said before anyone is asked for a passphrase
        if key is None:
            raise ciphers.locked(path)
        if key.salt != header[: ciphers.SALT]:
            raise ciphers.wrong(path)
        return key
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise StoreProblem(f"{path} is not a Terrier estate.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreProblem(f"{path} is a database, but not a Terrier estate.")
    return None
