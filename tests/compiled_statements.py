"""Statements that SQLAlchemy has compiled, for all engines of a process: a test opens an estate of its own, and each
engine would compile what it asks anew, and each new estate its tables. The program has one engine, and keeps as long
what it has compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.engine import Compiled
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.util import LRUCache

_MOST, _MOST_PARTS = 3_000, 400


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
    CreateTable._compiler = CreateIndex._compiler = _compiled_once(CreateTable._compiler)  # type: ignore[method-assign]


def _compiled_once(compiler: Callable[..., Compiled]) -> Callable[..., Compiled]:
    """Compiles the statement that makes a table or an index, unless that was done before."""
    known: LRUCache[Any, Compiled] = LRUCache(_MOST_PARTS)

    def compiled(making: CreateTable | CreateIndex, dialect: Dialect, **how: Any) -> Compiled:
        keys = getattr(making, "include_foreign_key_constraints", None)
        version = getattr(dialect, "server_version_info", None)
        options = (making.if_not_exists, None if keys is None else tuple(keys), repr(how))
        key = (type(dialect), dialect.dbapi, version, type(making), making.element, *options)
        if (found := known.get(key)) is None:
            found = known[key] = compiler(making, dialect, **how)
        return found

    return compiled
