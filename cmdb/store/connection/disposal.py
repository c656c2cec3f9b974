"""Connections that are in use while their engine is disposed of: they are closed when they are returned.

SQLAlchemy closes only the idle ones. It keeps one that is returned later in a pool that is no longer used; the file
would stay open until that pool is deleted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

_TIMES = "disposals"


def close_what_comes_back_later(engine: Engine) -> Engine:
    """The engine, which from now on closes connections that it made before it was last disposed of."""
    times = 0

    @event.listens_for(engine, "engine_disposed")
    def disposed(_engine: Engine) -> None:
        nonlocal times
        times += 1

    @event.listens_for(engine, "connect")
    def made(_connection: Any, record: Any) -> None:
        record.info[_TIMES] = times

    @event.listens_for(engine, "checkin")
    def given_back(_connection: Any, record: Any) -> None:
        if record.info.get(_TIMES, times) != times:
            record.invalidate()

    return engine
