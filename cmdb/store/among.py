"""``among(column, values)``: a column's value is one of many, bound as one parameter however many there are.

An IN list binds every value by itself, which costs more than the query once there are thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, Dialect, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType


class _Values(UserDefinedType[list[Any]]):
    """A list, as JSON in SQLite and as an array in PostgreSQL."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What the driver is given."""
        return (lambda values: msgspec.json.encode(values).decode()) if dialect.name == "sqlite" else None


class _Among(FunctionElement[bool]):
    inherit_cache = True
    name = "among"
    type = Boolean()

    def self_group(self, against: Any = None) -> _Among:
        """As it stands: "= 1" after it, which SQLAlchemy adds to functions, would keep SQLite from the index."""
        return self


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """The condition that ``column`` is one of ``values`` (all texts, or all integers)."""
    return _Among(column, bindparam(None, list(values), type_=_Values(), unique=True))


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"
