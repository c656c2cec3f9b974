"""The first hash chain, of formats 1 and 2, as it was. An estate is proved with it before it is brought to format 3.

A link was the hash of the previous link, of eight values of the revision's header, and of the sum of the hashes of the
rows that the revision made, and of the keys of those that it ended without replacing them. Rows were hashed as they
were stored, with inner ids. This module never changes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from cmdb.model.control import Control
from cmdb.model.messages import Message

#: Table → its columns in their order, without those of the journal, and the number of those that are the key.
_TABLES: dict[str, tuple[int, tuple[str, ...]]] = {
    "ci": (1, (
        "id", "uid", "class", "name_key", "name", "status", "notes", "asset_tag", "serial_number", "host_name", "uuid",
        "machine_id", "email", "user_name", "cost_centre", "operating_system", "environment", "purchase_date",
        "purchase_cost", "currency", "order_number", "warranty_until", "last_seen", "start", "end", "manufacturer",
        "model", "assigned_to", "main_user", "department", "legal_owner", "location", "supplier", "host", "extra",
    )),
    "claim": (2, ("ci", "source", "said")),
    "relationship": (3, ("type", "source", "target", "group_id", "note")),
    "dependency_group": (1, ("uid", "owner", "label", "needs", "strength")),
    "installation": (3, (
        "computer", "release", "scope", "user", "environment", "installed_on", "last_used", "origin",
    )),
    "sighting": (3, ("ci", "source", "section", "observed")),
    "assignment": (2, ("licence", "holder", "since")),
    "document": (2, ("kind", "uid", "body")),
}  # fmt: skip
_HEADER = "number, uid, time, recorded, author, source, reason, undoes"
_ALL = f"{_HEADER}, created, updated, deleted, hash"
_BATCH = 5_000
_AT_ONCE = 100_000
"""The number of revisions whose sums are held at once, to limit memory."""
_SIZE = 1 << 256
LAST_FORMAT = 2
"""The last format whose estates have this chain."""

_dump = msgspec.json.Encoder(order=None).encode
_load = msgspec.json.Decoder().decode


def proves(connection: Connection, control: Control | None = None) -> list[int]:
    """The numbers of the revisions that do not hold what was written; empty for a sound journal.

    Revisions up to the retention's checkpoint are left out: their rows may be gone, and the checkpoint proves them.
    Raises Cancelled.
    """
    control = control or Control()
    point = checkpoint(connection)
    last = int(connection.exec_driver_sql("SELECT max(number) FROM revision").scalar() or 0)
    gone = int(point["number"]) if point else 0
    link = connection.exec_driver_sql(f"SELECT hash FROM revision WHERE number = {gone}").scalar()
    previous = str(link or "")
    wrong: list[int] = []
    for low in range(gone, last, _AT_ONCE):
        high = min(low + _AT_ONCE, last)
        sums = _sums(connection, low, high, control)
        sql = f"SELECT {_HEADER}, hash FROM revision WHERE number > {low} AND number <= {high} ORDER BY number"
        for *header, found in _streamed(connection, sql, control):
            if _link(previous, header, sums.get(header[0], 0)) != found:
                wrong.append(header[0])
            previous = found
    return wrong


def checkpoint(connection: Connection) -> dict[str, Any] | None:
    """The latest checkpoint of the retention: its number, state and headers; None if the whole history is kept."""
    rows = connection.exec_driver_sql("SELECT body FROM document WHERE kind = 'checkpoint'").scalars()
    return max((_load(row) for row in rows), key=lambda one: int(one["number"]), default=None)


def checkpoint_holds(connection: Connection, control: Control | None = None) -> bool:
    """Whether the retention's checkpoint, if there is one, proves what it was written for. Raises Cancelled."""
    control = control or Control()
    point = checkpoint(connection)
    if point is None:
        return True
    number = int(point["number"])
    headers = hashlib.sha256()
    for row in _streamed(connection, f"SELECT {_ALL} FROM revision WHERE number <= {number} ORDER BY number", control):
        headers.update(_dump(list(row)))
    total = 0
    for table, (_, columns) in _TABLES.items():
        prefix, names = table.encode(), ", ".join(f'"{c}"' for c in (*columns, "revision"))
        for name, more in ((table, ""), (f"{table}_version", f" AND ended > {number}")):
            sql = f"SELECT {names} FROM {name} WHERE revision <= {number}{more}"
            total += sum(_row_sum(prefix, row) for row in _streamed(connection, sql, control))
    return bool(headers.hexdigest() == point["headers"] and f"{total % _SIZE:064x}" == point["state"])


def _link(previous: str, header: list[Any], total: int) -> str:
    parts = [previous, _dump(header).decode(), f"{total % _SIZE:064x}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _row_sum(prefix: bytes, values: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.sha256(prefix + _dump(values)).digest(), "big")


def _sums(connection: Connection, low: int, high: int, control: Control) -> dict[int, int]:
    """The sum of each revision after ``low`` up to ``high``, over the rows that it made and those that it ended."""
    sums: dict[int, int] = defaultdict(int)
    parts = [part for table in _TABLES for part in _statements(table)]
    for number, (prefix, select, column) in enumerate(parts):
        control.progress(number, len(parts), Message("Proving the journal"))
        sql = f"{select} t.{column} > {low} AND t.{column} <= {high}"
        for *values, revision in _streamed(connection, sql, control):
            sums[revision] = (sums[revision] + _row_sum(prefix, tuple(values))) % _SIZE
    return sums


def _statements(table: str) -> Iterator[tuple[bytes, str, str]]:
    """What to read of a table: the prefix of its hashes, a statement up to its last condition, and its column."""
    keys, columns = _TABLES[table]
    names = ", ".join(f't."{c}"' for c in columns)
    for name in (table, f"{table}_version"):
        yield table.encode(), f"SELECT {names}, t.revision FROM {name} AS t WHERE", "revision"
    names = ", ".join(f't."{c}"' for c in columns[:keys])
    same = " AND ".join(f'm."{c}" = t."{c}"' for c in columns[:keys])
    made = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {name} AS m WHERE {same} AND m.revision = t.ended)"
        for name in (table, f"{table}_version")
    )
    yield table.encode() + b"ended", f"SELECT {names}, t.ended FROM {table}_version AS t WHERE {made} AND", "ended"


def _streamed(connection: Connection, sql: str, control: Control) -> Iterator[tuple[Any, ...]]:
    """All rows of a statement, with only a few in memory."""
    for part in connection.exec_driver_sql(sql, execution_options={"stream_results": True}).partitions(_BATCH):
        control.check()
        yield from (tuple(row) for row in part)
