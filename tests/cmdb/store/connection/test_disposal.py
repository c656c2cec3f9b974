"""A store that is closed during a read leaves no connection open."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from cmdb.store.connection.engine import make_engine
from cmdb.store.store import Store


def test_connections_returned_after_the_close_are_closed(store: Store, where: str | Path) -> None:
    engine = make_engine(where)
    with engine.connect() as early:
        driver: Any = early.connection.driver_connection
        engine.dispose()
        assert early.exec_driver_sql("SELECT 1").scalar() == 1, "who reads reads on"
    assert not is_open(driver)
    with engine.connect() as later:
        driver = later.connection.driver_connection
    assert is_open(driver), "one that is made afterwards is kept"
    engine.dispose()
    assert not is_open(driver)


def test_one_that_is_made_while_the_engine_is_disposed_of_is_closed(store: Store, where: str | Path) -> None:
    engine = make_engine(where)
    event.listen(engine, "connect", lambda *_: engine.dispose(), insert=True, once=True)
    with engine.connect() as made:
        driver: Any = made.connection.driver_connection
    assert not is_open(driver)


def is_open(connection: Any) -> bool:
    try:
        connection.execute("SELECT 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return False
    return True
