"""The layout of an estate on disk or on a server: made for a new one, brought up to date for an old one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from cmdb.model import regular_files
from cmdb.model.actors import Actor
from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from cmdb.store.connection import atomic_file, ciphers, postgresql, sqlite
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key, errors
from cmdb.store.connection.database_address import is_url, shown
from cmdb.store.connection.sqlite import address
from cmdb.store.rows import search_index, tables
from cmdb.store.upkeep.backups import folder_of
from cmdb.store.upkeep.format_number import check_format, format_of
from cmdb.store.upkeep.migration import bring_up
from cmdb.store.upkeep.migrations import HEAD

#: Bytes of a page where much is written at once: fewer pages are split. A cipher has a size of its own.
_LOADED_PAGE = 8192


def create(
    where: str | Path,
    fill: Callable[[str | Path, Engine], None] = lambda place, engine: None,
    *,
    key: Key | None = None,
    share: str = "",
    loading: bool = False,
) -> Engine:
    """Makes a new estate and returns its engine; ``fill`` is called with the empty one before it is in its place.

    ``loading``: much is written before it is opened again. Until then a file has SQLite's rollback journal, as on a
    share: what is new to it is then written once, and not first to a log.

    A file is there whole or not at all. Raises StoreProblem if something is there already, and what ``fill`` raises.
    """
    if is_url(where):
        return _create_database(str(where), fill)
    path = Path(where)
    if path.exists():
        raise StoreProblem(Message("{path} already exists. Choose another name, or open it.", path=path))
    if not path.parent.is_dir():
        raise StoreProblem(Message("The folder {folder} does not exist.", folder=path.parent))
    atomic_file.refuse_leftovers(path)
    try:
        with atomic_file.part(path) as part:
            _stamp(part, key, rollback=bool(share) or loading, page=_LOADED_PAGE if loading and key is None else 0)
            engine = engines.make_engine(part, key=key, share=share)
            try:
                with engines.in_words(path), engines.writing(engine) as connection:
                    lay_out(connection)
                fill(part, engine)
            finally:
                engine.dispose()
            atomic_file.put(part, path)  # fails if someone else made it meanwhile; never overwrites
    except FileExistsError:
        raise StoreProblem(Message("{path} already exists. Choose another name, or open it.", path=path)) from None
    except OSError as error:
        raise StoreProblem(Message("{path} cannot be created: {error}.", path=path, error=reason_of(error))) from error
    except errors() as error:
        raise StoreProblem(Message("{path} cannot be created: {error}.", path=path, error=str(error))) from error
    return open_(path, key=key, share=share, loading=loading)


def _create_database(url: str, fill: Callable[[str | Path, Engine], None]) -> Engine:
    engine = engines.make_engine(url)
    try:
        with engines.in_words(url), engines.writing(engine) as connection:
            lay_out_database(url, connection)
        fill(url, engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def lay_out_database(url: str, connection: Connection) -> None:
    """Makes the tables of an estate in the connection's transaction. Raises StoreProblem where there are some."""
    if inspect(connection).get_table_names():
        raise StoreProblem(
            Message("{url} already has tables in it. An estate needs an empty database.", url=shown(url))
        )
    if (encoding := postgresql.encoding(connection)) != "UTF8":
        raise StoreProblem(
            Message(
                "{url} stores texts as {encoding}. An estate needs a database of the encoding UTF8.",
                url=shown(url),
                encoding=encoding,
            )
        )
    lay_out(connection)


def _stamp(path: Path, key: Key | None = None, rollback: bool = False, page: int = 0) -> None:
    """Makes a SQLite file with our mark, in write-ahead mode unless it is to have a rollback journal.

    ``page``: the bytes of a page, which never change again; 0 leaves them to SQLite.
    """
    connection = sqlite.open_(f"{path.absolute().as_uri()}?mode=rwc", key, engines.LOCK_SECONDS)
    try:
        if page:
            connection.execute(f"PRAGMA page_size={page}")
        connection.execute(f"PRAGMA application_id={engines.APPLICATION_ID}")
        connection.execute(f"PRAGMA journal_mode={'DELETE' if rollback else 'WAL'}")
    finally:
        connection.close()


def lay_out(connection: Connection) -> None:
    """Makes the tables of an estate where there are none."""
    tables.metadata.create_all(connection, checkfirst=False)
    search_index.create(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
    connection.execute(tables.meta.insert(), [{"key": "format", "value": str(tables.FORMAT)}])


def open_(
    where: str | Path, *, key: Key | None = None, share: str = "", control: Control | None = None,
    accept_broken: bool = False, writer: Callable[[], Actor] | None = None, loading: bool = False,
) -> Engine:  # fmt: skip
    """Opens an estate after looking whether it is one; one from an older Terrier is brought up to date.

    ``accept_broken`` does that though its journal was changed from outside; ``writer`` says who does it. ``loading``:
    see ``create``.

    Raises BrokenJournal; StoreProblem: missing, not ours, newer, unreadable; Locked where it is encrypted and ``key``
    not its key.
    """
    if not is_url(where):
        # Before a passphrase is asked for: what a killed process left may be plain.
        atomic_file.sweep(Path(where))
        atomic_file.sweep_folder(folder_of(Path(where)))
        key = engines.recognise(Path(where), key)
    with _in_its_place(where):
        if not (is_url(where) or loading or engines.is_read_only(where)):
            with engines.in_words(where):
                _settle(Path(where), key, share)
        return _opened(where, key, share, control, accept_broken, writer)


def _opened(
    where: str | Path, key: Key | None, share: str, control: Control | None, accept_broken: bool,
    writer: Callable[[], Actor] | None,
) -> Engine:  # fmt: skip
    engine = engines.make_engine(where, read_only=engines.is_read_only(where), key=key, share=share)
    try:
        with engines.in_words(where), engine.connect() as connection:
            if engine.dialect.name != "sqlite" and not inspect(connection).has_table("meta"):
                raise StoreProblem(
                    Message("{where} is not a Terrier estate: it lacks Terrier's tables.", where=shown(where))
                )
            number = format_of(connection)
        check_format(where, number)
        if number < tables.FORMAT:
            who = writer() if writer is not None else None
            bring_up(where, engine, key=key, control=control, accept_broken=accept_broken, writer=who)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError):
            raise StoreProblem(
                Message("{where} is not a Terrier estate, or it is damaged.", where=shown(where))
            ) from error
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
            raise StoreProblem(
                Message("{where} was changed by another program meanwhile. Open it again.", where=where)
            ) from problem
        raise


def _settle(path: Path, key: Key | None, share: str) -> None:
    """Sees to the journal: a write-ahead log on this computer's disks, SQLite's rollback journal on a share.

    A file may have been moved from one to the other, and keeps its mode. Raises StoreProblem and the driver's errors.
    """
    if key is None and _modes(path) != (b"\2\2" if share else b"\1\1"):
        return
    with closing(sqlite.open_(address(path, read_only=False, still=False), key, engines.LOCK_SECONDS)) as connection:
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
                    Message(
                        "{path} is on a network share ({share}), and another program has it open as if it were not. "
                        "Close it there, then try again.",
                        path=path,
                        share=share,
                    )
                ) from error
            # Somebody works with it in the other mode, which is as safe: it is for the next time.


def _modes(path: Path) -> bytes:
    r"""What a file that is not encrypted says of its journal: ``\2\2`` a write-ahead log, ``\1\1`` a rollback one."""
    with regular_files.opened(path) as file:
        return file.read(20)[18:20]
