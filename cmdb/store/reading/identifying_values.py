"""The records that have one of some identifying values, by the indexes of all attributes in one statement.

A scanned code may be any of them. A statement for each attribute would take twenty times as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from cmdb.model.name_keys import name_key
from cmdb.model.record_aliases import ID, alias_kind
from cmdb.model.schema import Schema
from cmdb.store.rows.in_values import OVERLAY
from cmdb.store.rows.indexes import PUT_OFF, extra_text, index_name
from cmdb.store.rows.roots import CI, ROOTS

EVIDENCE = "evidence."
"""Before the kind of an evidence in the place of an attribute: "evidence.mac"."""


class IdentifiedRecord(NamedTuple):
    """The inner id of a record that has a value of an attribute, in lower case; ``former``: by which it was called."""

    attribute: str
    value: str
    id: int
    former: bool = False


def identified(connection: Connection, schema: Schema, wanted: Mapping[str, Collection[str]]) -> list[IdentifiedRecord]:
    """The present records that have one of the values of an attribute, or were called so. Values are in lower case."""
    empty = frozenset() if OVERLAY in connection.get_execution_options() else _without_values(connection)
    asked = {attribute: values for attribute, values in wanted.items() if values}
    parts, sql = _plan(connection.dialect.name, schema, tuple(asked), empty)
    if not parts:
        return []
    sets = [sorted(_written(asked[name]) if part.exact else asked[name]) for part, name in parts]
    sqlite = connection.dialect.name == "sqlite"
    bound = tuple(msgspec.json.encode(one).decode() for one in sets) if sqlite else tuple(sets)
    found = []
    for number, inner, value in _rows(connection, sql, bound):
        part, attribute = parts[number]
        key = name_key(value) if attribute == "name" or part.former else value.casefold()
        found.append(IdentifiedRecord(attribute, key, inner, part.former))
    return found


class _Part(NamedTuple):
    """Where values of an attribute stand. ``exact``: the index holds them as they are written; ``needs``
    is the name of an index that is put off while there is no value.
    """

    table: str
    id: str
    value: str
    where: str
    exact: bool = False
    former: bool = False
    needs: str = ""


@lru_cache(maxsize=64)
def _plan(
    dialect: str, schema: Schema, attributes: tuple[str, ...], empty: frozenset[str]
) -> tuple[tuple[tuple[_Part, str], ...], str]:
    """The parts of the statement that looks attributes up, each with its attribute, and the statement."""
    parts = tuple((part, attribute) for attribute in attributes for part in _parts(dialect, schema, attribute)
                  if part.needs not in empty)  # fmt: skip
    among = "IN (SELECT value FROM json_each(?))" if dialect == "sqlite" else "= ANY(%s)"
    selects = (f"SELECT {number}, {part.id}, {part.value} FROM {part.table} WHERE {part.where} {among}"
               for number, (part, _) in enumerate(parts))  # fmt: skip
    return parts, " UNION ALL ".join(selects)


_COLUMNS = {"id": "uid", "name": "name_key"}
"""What every root has a column for that holds the value as it is compared."""


def _parts(dialect: str, schema: Schema, attribute: str) -> Iterator[_Part]:
    if attribute.startswith(EVIDENCE):
        kind = attribute.removeprefix(EVIDENCE)
        yield _Part("evidence", "ci", "value", f"kind = {_literal(kind)} AND value")
        return
    for root in ROOTS:
        kind = "id" if attribute == ID else "name" if attribute == "name" else root.columns.get(attribute, "")
        column = f'{root.name}."{_COLUMNS.get(kind, attribute)}"'
        needs = index_name(attribute) if root is CI and kind not in _COLUMNS else ""
        if kind == "nocase":
            where = column if dialect == "sqlite" else f"lower({column})"
            yield _Part(root.name, "id", column, where, needs=needs)
        elif kind:
            yield _Part(root.name, "id", column, column, exact=kind not in _COLUMNS, needs=needs)
        elif root is CI:
            column = where = extra_text(dialect, root.name, attribute)
            if not schema.every_attribute[attribute].indexed:
                classes = (_literal(one) for one in schema.family(CI.name) if attribute in schema.cls(one).attributes)
                where = f'{root.name}."class" IN ({", ".join(classes)}) AND {column}'
            yield _Part(root.name, "id", column, where, exact=True, needs=needs)
    yield _Part("alias", "record", "value", f"kind = {_literal(alias_kind(attribute))} AND value", former=True)


def _without_values(connection: Connection) -> frozenset[str]:
    """The names of the indexes of attributes that no item has a value of."""
    found = _rows(connection, f"SELECT value FROM meta WHERE key = '{PUT_OFF}'")
    return frozenset(found[0][0].split()) if found else frozenset()


def _rows(connection: Connection, sql: str, bound: tuple[Any, ...] = ()) -> Sequence[Any]:
    """The rows of a statement. SQLite's driver is called directly: SQLAlchemy would cost as much as the query."""
    if connection.dialect.name != "sqlite":
        return connection.exec_driver_sql(sql, bound).all()
    driver: Any = connection.connection.driver_connection
    over = connection.get_execution_options().get(OVERLAY)
    found: list[Any] = driver.execute(sql if over is None else over(sql), bound).fetchall()
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _written(values: Collection[str]) -> set[str]:
    """The forms that values in lower case may have where an index holds them as they are written."""
    return {form for value in values for form in (value, value.upper(), value.title(), value.capitalize())}
