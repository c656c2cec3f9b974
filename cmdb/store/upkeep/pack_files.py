"""The files of packs: made, and opened to be brought back. A pack is an estate's file; see ``cmdb.model.packs``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, StoreProblem
from cmdb.model.estate_copies import EstateCopy
from cmdb.model.messages import Message
from cmdb.model.revision import Revision, now
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.estate_copies import begin_pack, known_copies, lineage
from cmdb.store.rows.head_signatures import is_signed, make_key
from cmdb.store.store import Store
from cmdb.store.upkeep.copies import damage
from cmdb.store.upkeep.format_number import check_format
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate


def write_pack(
    path: Path, uid: str, copies: Sequence[EstateCopy], fill: Callable[[str], Revision], key: Key | None = None
) -> None:
    """Makes the file of a pack: a child of the last of ``copies``, with a key of its own.

    ``fill`` is given the key's public part and returns what the pack holds. Raises StoreProblem where the file exists.
    """

    def prepare(store: Store) -> None:
        with engines.in_words(path), engines.writing(store._engine) as connection:
            public = make_key(connection)
            begin_pack(connection, copies, EstateCopy(uid, path.name, now(), public, copies[-1].uid))
        store.apply(fill(public))

    create_estate(path, prepare, key=key).close()


@contextmanager
def opened_pack(path: Path, key: Key | None, control: Control) -> Iterator[Store]:
    """The store of a pack's file, which was checked completely. Nothing is written to it but what its closing does.

    Raises FileProblem: it is open elsewhere, of an older format, damaged or changed; and Cancelled.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise FileProblem(
            Message("{file} is still open, or was not closed: close it in Terrier, then bring it back.", file=path.name)
        )
    with engines.in_words(path):
        engines.recognise(path, key)
        with closing(engines.look(path, key)) as look:
            row = look.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
            if row is None or not str(row[0]).isdecimal():
                raise _damaged(path)
            _check_format(path, int(row[0]))
            state = damage(look, control)
    if state:
        raise _damaged(path)
    with closing(open_estate(path, key=key, control=control)) as store:
        problems = check_integrity(store, control)
        if problems:
            raise FileProblem(
                Message("{file} was changed since it was written: {problem}", file=path.name, problem=problems[0])
            )
        yield store


def _damaged(path: Path) -> FileProblem:
    return FileProblem(Message("{file} is damaged or was cut short: nothing was brought back.", file=path.name))


def _check_format(path: Path, number: int) -> None:
    check_format(path, number)
    if number < tables.FORMAT:
        raise FileProblem(
            Message(
                "{file} is of an older Terrier: open it once with this one, so that it is brought up to date, then "
                "bring it back.",
                file=path.name,
            )
        )


def copies_of(reader: Reader) -> list[EstateCopy]:
    """The present copy of an estate and those that it came from, the first one first."""
    return lineage(reader._connection)


def is_of_estate(reader: Reader, copies: Sequence[EstateCopy]) -> bool:
    """Whether one of a pack's copies is one that this estate knows."""
    return bool(known_copies(reader._connection) & {one.uid for one in copies})


def require_signed(reader: Reader, public: str, file: str) -> None:
    """Raises FileProblem unless the head of a pack's journal is signed with a key."""
    head = reader.head()
    if not is_signed(reader._connection, public, head.number, head.hash):
        raise FileProblem(Message("{file} was changed by another program: its signature does not fit.", file=file))


def require_pack(copies: Sequence[EstateCopy], file: str) -> EstateCopy:
    """The copy that a pack is. Raises StoreProblem where the file is an estate but no pack."""
    if not copies or not copies[-1].public_key:
        raise StoreProblem(Message("{file} is an estate, but no pack of one.", file=file))
    return copies[-1]
