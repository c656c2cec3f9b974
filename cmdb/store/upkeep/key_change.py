"""An estate's file written with another key: pages of two keys have no common form, so it is copied table by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.store.connection import ciphers
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.sqlite import address, stillness

_STEPS = 100_000
"""The number of SQLite's steps between two checks for cancellation."""


def export(source: Any, part: Path, new: Key | None, control: Control, path: Path) -> None:
    """Copies everything into a file with another key, table by table: pages of the two have no common form."""
    total = path.stat().st_size

    def step() -> int:
        control.progress(min(part.stat().st_size, total), total, Message("Writing {file}", file=path.name))
        return int(control.cancelled)

    uri = f"{part.absolute().as_uri()}?mode=rwc"
    source.execute("ATTACH DATABASE ? AS made KEY ?", (uri, new.literal if new else ""))
    # Nobody uses the file yet. It is synchronised when it replaces the old one.
    source.execute("PRAGMA made.synchronous=OFF")
    source.set_progress_handler(step, _STEPS)
    try:
        source.execute(f"PRAGMA made.application_id={engines.APPLICATION_ID}")
        source.execute("SELECT sqlcipher_export('made')").fetchall()
    except ciphers.errors():
        control.check()
        raise
    finally:
        source.set_progress_handler(None, 0)
        source.execute("DETACH DATABASE made")


def opened(path: Path, key: Key | None, driver: Key | None, *, made: bool = True) -> Any:
    """A connection to an estate's file, with the driver that the key requires; ``made``: the file is made with it."""
    uri = f"{path.absolute().as_uri()}?mode=rwc"
    if not made:  # as ``engines.look`` does: what may be written to is left without side files
        read_only = engines.is_read_only(path)
        uri = address(path, read_only=read_only, still=read_only and stillness(path) is not None)
    connection = ciphers.driver(driver).connect(uri, uri=True, isolation_level=None)
    if key is not None:
        ciphers.unlock(connection, key)
    return connection


def summary(connection: Any) -> dict[str, Any]:
    """The values that must be equal in both files: the layout, the number of rows of each table, and the last hash."""
    layout = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    names = [row[1] for row in layout if row[0] == "table"]
    found = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    latest = "SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1"
    last = connection.execute(latest).fetchall() if "revision" in found else []
    return {**found, "": (layout, last, connection.execute("PRAGMA application_id").fetchone())}
