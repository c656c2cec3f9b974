"""Connections that are in use while their engine is disposed of: they are closed when they are returned.

SQLAlchemy closes only the idle ones. It keeps one that is returned later in a pool that is no longer used; the file
would stay open until that pool is deleted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

#: Which pool a connection is of: SQLAlchemy has no public name for that. A connection may be made while the engine is
#: disposed of, so that the moment does not tell it.
_POOL = "_ConnectionRecord__pool"


def close_what_comes_back_later(engine: Engine) -> Engine:
    """The engine, which from now on closes connections of the pools that it had before it was last disposed of."""

    @event.listens_for(engine, "checkin")
    def given_back(_connection: Any, record: Any) -> None:
        if getattr(record, _POOL) is not engine.pool:
            record.invalidate()

    return engine
