"""Opens and creates estates. An estate of an older format is migrated when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from cmdb.model.actors import Actor
from cmdb.model.control import Control
from cmdb.store.connection import ciphers, shares
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import is_url, named
from cmdb.store.rows.estate_copies import begin_copy
from cmdb.store.store import Store
from cmdb.store.upkeep.layout import create, open_


def create_estate(
    where: str | Path,
    fill: Callable[[Store], object] | None = None,
    *,
    key: Key | None = None,
    share_of: Callable[[Path], str] = shares.kind_of,
    loading: bool = False,
) -> Store:
    """Creates a new estate, empty or filled by ``fill``.

    Raises StoreProblem if the place is taken. A file gets its final name when it is filled: if this is stopped or
    killed before, nothing is left there. With a ``key`` (``ciphers.new_key``) the estate is encrypted. ``share_of``
    returns the type of the network share that a path is on. ``loading``: much is written to it next.
    """
    share = "" if is_url(where) else share_of(Path(where))

    def prepare(place: str | Path, engine: Engine) -> None:
        with engines.in_words(where), engines.writing(engine) as connection:
            begin_copy(connection, named(where))
        store = Store(place, engine, key, share)
        store.follow_schema()
        if fill is not None:
            fill(store)

    return Store(where, create(where, prepare, key=key, share=share, loading=loading), key, share)


def open_estate(
    where: str | Path,
    *,
    key: Key | None = None,
    share_of: Callable[[Path], str] = shares.kind_of,
    control: Control | None = None,
    accept_broken: bool = False,
    writer: Callable[[], Actor] | None = None,
) -> Store:
    """Opens an estate. One of an older format is brought up to date; ``control`` follows and stops that.

    ``accept_broken`` does that though its journal was changed from outside. ``writer`` says who writes; see ``Store``.

    Raises BrokenJournal; StoreProblem: missing, not an estate, newer, in use, damaged; and Cancelled. ``key`` is the
    key of an encrypted estate (``ciphers.key_of``). Raises Locked if it is wrong.
    """
    if not is_url(where) and not ciphers.is_encrypted(Path(where)):
        key = None
    share = "" if is_url(where) else share_of(Path(where))
    engine = open_(where, key=key, share=share, control=control, accept_broken=accept_broken, writer=writer)
    store = Store(where, engine, key, share)
    store.writer = writer
    return store
