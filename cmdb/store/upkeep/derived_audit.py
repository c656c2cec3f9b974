"""The step of ``check`` that concerns what follows from other values: derived columns, and interned rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table, select

from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import name_key
from cmdb.store.rows import tables
from cmdb.store.rows.codec import NO_DATE, load
from cmdb.store.rows.interned_rows import unnamed_rows
from cmdb.store.upkeep.audits import AuditContext

_BATCH = 5_000


def _said(name: str) -> Callable[[Any], Any]:
    """What a document's body says under a name, if it is a text."""

    def found(body: Any) -> Any:
        fields = load(body)
        value = fields.get(name) if isinstance(fields, dict) else None
        return value if isinstance(value, str) else None

    return found


_RULES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name_key": ("name", lambda name: name_key(name or "")),
    "owner": ("body", _said("owner")),
    "state": ("body", _said("state")),
    "sort_due": ("due", lambda due: due or NO_DATE),
}
"""Derived column → the column that it follows from, and how."""


def check_derived(look: AuditContext) -> Iterator[Message]:
    """Derived columns that do not follow from the others, now or in the past, and interned rows that nothing names."""
    looks = [one for one in tables.metadata.sorted_tables if any(c.info.get("derived") for c in one.columns)]
    for number, table in enumerate(looks):
        look.progress(number, len(looks))
        if wrong := _wrong(look, table):
            yield counted(
                "{count} row of {table} is sorted or found by what it does not hold.",
                "{count} rows of {table} are sorted or found by what they do not hold.",
                wrong,
                table=table.name,
            )
    for table, condition in unnamed_rows():
        if unnamed := look.count(table.name, condition):
            yield counted(
                "{count} row of {table} is named by nothing.",
                "{count} rows of {table} are named by nothing.",
                unnamed,
                table=table.name,
            )


def _wrong(look: AuditContext, table: Table) -> int:
    rules = [(table.c[name], table.c[of], rule) for name, (of, rule) in _RULES.items() if _is_derived(table, name)]
    if not rules:
        return 0
    statement = select(*(column for name, of, _ in rules for column in (of, name)))
    result = look.connection.execute(statement, execution_options={"yield_per": _BATCH})
    wrong = 0
    try:
        for rows in result.partitions():
            look.control.check()
            for row in rows:
                wrong += any(rule(row[2 * n]) != row[2 * n + 1] for n, (_, _, rule) in enumerate(rules))
    finally:
        result.close()
    return wrong


def _is_derived(table: Table, name: str) -> bool:
    return name in table.c and bool(table.c[name].info.get("derived"))
