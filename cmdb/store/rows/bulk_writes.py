"""Writing many rows at once.

SQLite: the driver's executemany. PostgreSQL: COPY, and statements on all rows together, which are passed as one array
for each column. The driver is called directly: a layer above it would cost more than the writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, Integer, Table
from sqlalchemy.exc import DBAPIError

FEW = 8
"""The number of rows up to which an INSERT is faster than starting a COPY."""

BATCH = 5_000
"""The maximum number of rows in one statement, to limit its memory."""

Row = Sequence[Any]


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """New rows, in the order of ``columns``."""
    if not rows:
        return
    names = ", ".join(f'"{c}"' for c in columns)
    if connection.dialect.name != "sqlite" and len(rows) > FEW:
        _copy(connection, f"COPY {table} ({names}) FROM STDIN", rows)
        return
    marks = ", ".join([_mark(connection)] * len(columns))
    _many(connection, f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def update(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row], also: str) -> None:
    """Sets ``columns`` of rows given as values followed by the key; ``also`` is one more assignment, for all."""
    if connection.dialect.name == "sqlite":
        sets = ", ".join(f'"{c}" = ?' for c in columns)
        _many(connection, f"UPDATE {table.name} SET {sets}, {also} WHERE {_keyed(table)}", rows)
        return
    sets = ", ".join(f'"{c}" = new.v{n}' for n, c in enumerate(columns))
    keys = list(table.primary_key.columns)
    where = " AND ".join(f'{table.name}."{c.name}" = new.v{n}' for n, c in enumerate(keys, len(columns)))
    _together(
        connection, f"UPDATE {table.name} SET {sets}, {also} FROM {{new}} WHERE {where}",
        [*(table.c[c] for c in columns), *keys], rows,
    )  # fmt: skip


def supersede(connection: Connection, table: Table, past: Table, keys: Sequence[Row], number: int) -> None:
    """Copies current rows to the past, as ended by a revision. Rows that the same revision created are not copied."""
    names = [f'"{c.name}"' for c in table.columns]
    into = f"INSERT INTO {past.name} ({', '.join(names)}, ended) SELECT"
    if connection.dialect.name == "sqlite":
        rows = f"FROM {table.name} WHERE {_keyed(table)} AND revision < {number}"
        _many(connection, f"{into} {', '.join(names)}, {number} {rows}", keys)
        return
    where = " AND ".join(f't."{c.name}" = new.v{n}' for n, c in enumerate(table.primary_key.columns))
    _together(
        connection,
        f"{into} {', '.join(f't.{n}' for n in names)}, {number} FROM {table.name} AS t, {{new}} "
        f"WHERE {where} AND t.revision < {number}",
        list(table.primary_key.columns), keys,
    )  # fmt: skip


def delete(connection: Connection, table: Table, columns: Sequence[str], keys: Sequence[Row]) -> None:
    """Deletes the rows whose ``columns`` have one of the values."""
    if connection.dialect.name == "sqlite":
        where = " AND ".join(f'"{c}" = ?' for c in columns)
        _many(connection, f"DELETE FROM {table.name} WHERE {where}", keys)
        return
    where = " AND ".join(f't."{c}" = new.v{n}' for n, c in enumerate(columns))
    _together(
        connection, f"DELETE FROM {table.name} AS t USING {{new}} WHERE {where}", [table.c[c] for c in columns], keys
    )


def together(connection: Connection, sql: str, types: Sequence[str], rows: Sequence[Row]) -> None:
    """PostgreSQL only: runs one statement for all rows. In it ``{new}`` is a table with the columns v0, v1, …"""
    names = ", ".join(f"v{n}" for n in range(len(types)))
    new = f"unnest({', '.join(f'%s::{t}[]' for t in types)}) AS new({names})"
    for batch in _batches(rows):
        values = tuple(
            [v if v is None else float(v) for v in column] if kind == "float8" else list(column)
            for kind, column in zip(types, zip(*batch, strict=True), strict=True)
        )
        connection.exec_driver_sql(sql.format(new=new), values)


def _together(connection: Connection, sql: str, columns: Sequence[Column[Any]], rows: Sequence[Row]) -> None:
    together(connection, sql, [_array_type(c) for c in columns], rows)


def _array_type(column: Column[Any]) -> str:
    if isinstance(column.type, Float):
        return "float8"
    return "bigint" if isinstance(column.type, BigInteger | Integer) else "text"


def _many(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    for batch in _batches(rows):
        connection.exec_driver_sql(sql, batch)


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _keyed(table: Table) -> str:
    return " AND ".join(f'"{c.name}" = ?' for c in table.primary_key.columns)


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _copy(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with _as_sqlalchemy_says(connection, sql), driver.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _as_sqlalchemy_says(connection: Connection, sql: str) -> Iterator[None]:
    """Raises the driver's errors as SQLAlchemy's errors. A lost connection is not used again."""
    errors: Any = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        lost = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if lost:
            connection.invalidate()
        raise DBAPIError.instance(sql, None, error, errors, connection_invalidated=lost) from error
