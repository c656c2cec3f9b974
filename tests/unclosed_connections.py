"""Connections to files that nobody closes: Python says so from 3.13 on, and here it does so on any, with the test."""

from __future__ import annotations

import os
import sqlite3
import warnings
from typing import Any


class Watched(sqlite3.Connection):
    """A connection that warns where it is thrown away without having been closed."""

    opened_in = ""
    """The test that opened it; "" where it is not open."""

    def close(self) -> None:
        """Closes it."""
        self.opened_in = ""
        super().close()

    def __del__(self) -> None:
        if test := self.opened_in:
            self.close()
            warnings.warn(f"a connection was not closed that was opened in {test}", ResourceWarning, stacklevel=1)


def watch() -> None:
    """From now on Python's driver makes watched connections."""
    connect = sqlite3.connect

    def watched(*place: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*place, **{"factory": Watched, **options})
        if isinstance(connection, Watched):
            connection.opened_in = os.environ.get("PYTEST_CURRENT_TEST", "no test")
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = watched  # type: ignore[assignment]
