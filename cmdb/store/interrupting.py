"""Stopping a statement that takes long, when the person cancels."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from cmdb.errors import Cancelled
from cmdb.jobs import Control

_STEPS = 100_000
"""How many of SQLite's steps pass between two looks: some milliseconds."""


@contextmanager
def cancellable(connection: Connection, control: Control) -> Iterator[None]:
    """SQLite's statements within end when ``control`` is cancelled; PostgreSQL's run to their end. Raises Cancelled."""
    control.check()
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        control.check()
        return
    driver.set_progress_handler(lambda: int(control.cancelled), _STEPS)
    try:
        yield
    except (OperationalError, sqlite3.OperationalError):
        if control.cancelled:
            raise Cancelled from None
        raise
    finally:
        driver.set_progress_handler(None, 0)
