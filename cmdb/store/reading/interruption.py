"""Ending a query that nobody waits for any more."""

from __future__ import annotations

import threading

from cmdb.store.reading.reader import Reader


def stop(reader: Reader) -> None:
    """Ends what a reader is asking the database, from another thread; what it was asked for raises there.

    Nothing happens where no statement is running. The caller sees to it that the reader is still open.
    """
    driver = reader.connection.connection.driver_connection
    if driver is None:
        return
    if reader.connection.dialect.name == "sqlite":
        driver.interrupt()
    else:
        # A server is asked over a connection of its own, which takes as long as it takes.
        threading.Thread(target=driver.cancel, daemon=True).start()
