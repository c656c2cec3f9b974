"""The condition that a column's value is one of many, bound as one parameter.

An IN list binds every value separately. With thousands of values this costs more than the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, Connection, Dialect, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

OVERLAY = "overlay"
"""The option of a connection that reads with a draft: a function that rewrites statements."""
KEPT, MADE, GONE, STORED = "kept", "made", "gone", "stored"
"""What such a connection calls parts of a table: the rows that the draft leaves (``ci_kept``), makes, and takes away;
and all that are stored without the draft.
"""


class _Values(UserDefinedType[list[Any]]):
    """A list, as JSON in SQLite and as an array in PostgreSQL."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Converts the list for the driver."""
        return (lambda values: msgspec.json.encode(values).decode()) if dialect.name == "sqlite" else None


class _InValues(FunctionElement[bool]):
    inherit_cache = True
    name = "among"
    type = Boolean()

    def self_group(self, against: Any = None) -> _InValues:
        """Unchanged: SQLAlchemy adds "= 1" to functions, which would prevent SQLite from using the index."""
        return self


def in_values(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """The condition that ``column`` is one of ``values`` (all texts, or all integers)."""
    return _InValues(column, bindparam(None, list(values), type_=_Values(), unique=True))


def rows_among(
    connection: Connection,
    tables: Sequence[tuple[str, str]],
    columns: str,
    column: str,
    values: Iterable[Any],
    order: str = "",
) -> Any:
    """Rows of ``tables``, each with further conditions (" AND …"), whose ``column`` is one of ``values``, as tuples.

    A page of a list is mostly this query, so the driver is called directly: SQLAlchemy would cost as much as the query.
    """
    sqlite = connection.dialect.name == "sqlite"
    condition = f"{column} IN (SELECT value FROM json_each(?))" if sqlite else f"{column} = ANY(%s)"
    sql = " UNION ALL ".join(f"SELECT {columns} FROM {table} WHERE {condition}{also}" for table, also in tables)
    sql += order
    wanted = (msgspec.json.encode(list(values)).decode() if sqlite else list(values),) * len(tables)
    if not sqlite:
        return connection.exec_driver_sql(sql, wanted).all()
    driver: Any = connection.connection.driver_connection
    over = connection.get_execution_options().get(OVERLAY)
    return driver.execute(sql if over is None else over(sql), wanted).fetchall()


@compiles(_InValues, "sqlite")
def _in_json(element: _InValues, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_InValues, "postgresql")
def _in_array(element: _InValues, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"
