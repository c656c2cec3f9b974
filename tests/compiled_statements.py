"""Statements that SQLAlchemy has compiled, for all engines of a process: a test opens an estate of its own, and each
engine would compile what it asks anew. The program has one engine, and keeps what it has compiled as long.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

_MOST = 3_000


class SharedStatements:
    """What an engine asks and fills instead of a cache of its own."""

    def __init__(self) -> None:
        self._compiled: LRUCache[Any, Any] = LRUCache(_MOST)

    def get(self, key: Any) -> Any:
        """The compiled statement; None where there is none yet."""
        return self._compiled.get(_whatever_the_engine(key))

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._compiled[_whatever_the_engine(key)] = compiled


def _whatever_the_engine(key: Any) -> Any:
    """A key that is the same for each engine with the same driver and version of the database."""
    dialect, *statement = key
    return (type(dialect), dialect.dbapi, getattr(dialect, "server_version_info", None), *statement)


def share() -> None:
    """From now on all engines share their compiled statements, whatever cache each is given."""
    shared = SharedStatements()
    Engine._compiled_cache = property(lambda engine: shared, lambda engine, own: None)  # type: ignore[assignment]
