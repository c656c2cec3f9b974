"""What many revisions changed, in brief: items by name, and the number of records of the other kinds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal, select, union_all

from cmdb.store.rows.codec import KIND_TABLES, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS, Root


class ItemChange(NamedTuple):
    """An item that a revision created, deleted or changed: its name at that time, and the attributes that changed.

    ``fields`` contains "class" if the class changed. It is empty for an item that was created or deleted.
    """

    name: str
    created: bool
    deleted: bool
    fields: frozenset[str]


def item_changes(connection: Connection, numbers: Collection[int]) -> dict[int, list[ItemChange]]:
    """The items that revisions changed, by revision. It reads all their rows: use it for small revisions only."""
    found: dict[int, list[ItemChange]] = defaultdict(list)
    for root in ROOTS:
        made: dict[tuple[int, int], Any] = {}
        ended: dict[tuple[int, int], Any] = {}
        for table, column, rows in (
            (root.table, "revision", made),
            (root.past, "revision", made),
            (root.past, "ended", ended),
        ):
            columns = (table.c[name] for name in root.row)
            statement = select(*columns, table.c[column].label("at")).where(in_values(table.c[column], numbers))
            rows.update({(row[-1], row[0]): row for row in connection.execute(statement).all()})
        for key in sorted({*ended, *made}):
            found[key[0]].append(_item_change(root, ended.get(key), made.get(key)))
    return found


def _item_change(root: Root, before: Sequence[Any] | None, after: Sequence[Any] | None) -> ItemChange:
    name = str((after if after is not None else before or ())[root.place["name"]] or "")
    if before is None or after is None:
        return ItemChange(name, before is None, after is None, frozenset())
    compared = ("class", *root.columns)
    fields = {field for field in compared if before[root.place[field]] != after[root.place[field]]}
    place = root.place["extra"]
    if before[place] != after[place]:
        old, new = (_extra(row[place]) for row in (before, after))
        fields |= {field for field in old.keys() | new.keys() if old.get(field) != new.get(field)}
    return ItemChange(name, False, False, frozenset(fields))


def _extra(text: str | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = load(text) if text else {}
    return found


def record_counts(connection: Connection, numbers: Collection[int]) -> dict[int, Counter[str]]:
    """The number of records, without items, that revisions created, changed or deleted, by revision and kind."""
    counts: list[Select[Any]] = []
    for table, past, kind in _other_tables():
        for source, column in ((table, "revision"), (past, "revision"), (past, "ended")):
            named = source.c.kind if kind is None else literal(kind, String)
            keys = (source.c[c.name] for c in table.primary_key.columns)
            counts.append(
                select(source.c[column].label("number"), named.label("kind"), _key(*keys).label("record")).where(
                    in_values(source.c[column], numbers)
                )
            )
    every = union_all(*counts).subquery()
    statement = select(every.c.number, every.c.kind, func.count(every.c.record.distinct()))
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for number, kind, count in connection.execute(statement.group_by(every.c.number, every.c.kind)):
        found[number][kind] = count
    return found


def _other_tables() -> list[tuple[Any, Any, str | None]]:
    """The tables of kinds other than items, each once. The kind is None if the rows contain it."""
    kinds = {one.table.name: one for one in KIND_TABLES.values()}.values()
    return [(one.table, one.past, None if one.document else one.name) for one in kinds if one.name != "sighting"]


def _key(*parts: Any) -> Any:
    """The parts of a key as one text."""
    found: ColumnElement[str] = cast(parts[0], String)
    for part in parts[1:]:
        found = found + " " + cast(part, String)
    return found
