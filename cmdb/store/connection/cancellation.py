"""Stopping a statement that takes long, when the person cancels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.store.connection.ciphers import errors

_STEPS = 100_000
"""The number of SQLite's steps between two checks: some milliseconds."""


@contextmanager
def cancellable(connection: Connection, control: Control) -> Iterator[None]:
    """SQLite's statements within end when ``control`` is cancelled; PostgreSQL's run to their end. Raises Cancelled."""
    control.check()
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        control.check()
        return
    known: tuple[type[Exception], ...] = (OperationalError, *errors())
    driver.set_progress_handler(lambda: int(control.cancelled), _STEPS)
    try:
        yield
    except known:
        if control.cancelled:
            raise Cancelled from None
        raise
    finally:
        driver.set_progress_handler(None, 0)
