"""A connection that nobody closes is said, and by which test; one that is closed is not."""

from __future__ import annotations

import gc
import sqlite3
import warnings
from collections.abc import Callable

import pytest

from cmdb.store.connection.ciphers import driver
from tests.unclosed_connections import Watched


def closed() -> None:
    sqlite3.connect(":memory:").close()


def forgotten() -> None:
    sqlite3.connect(":memory:").execute("SELECT 1")


@pytest.mark.parametrize(("use", "said"), [(closed, 0), (forgotten, 1)])
def test_who_does_not_close_is_named(use: Callable[[], None], said: int, request: pytest.FixtureRequest) -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        use()
        gc.collect()
    found = [str(one.message) for one in heard if one.category is ResourceWarning]
    assert len(found) == said
    assert all(request.node.name in line for line in found)


def test_the_store_is_watched_too() -> None:
    connection = driver(None).connect(":memory:")
    connection.close()
    assert isinstance(connection, Watched)
