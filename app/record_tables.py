"""Records as tables for files: one table per class, so that they can be edited and imported again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.name_keys import name_key
from cmdb.model.schema import CIClass, Schema
from importers.spreadsheets.columns.fields import FIELDS, LABELS, fields_of
from importers.tables import Column, Table, columns_of
from importers.tables.model import column_of

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

_CHUNK = 1000
_INSTALLED = attrgetter(
    "product", "publisher", "edition", "version", "scope", "user", "environment", "installed_on", "last_used",
    "computer",
)  # fmt: skip


def class_tables(
    reader: Reader, classes: Sequence[str], where: str = "", *, ids: bool = True, columns: Sequence[str] | None = None
) -> list[Table]:
    """A table for each class with records: of ``classes`` and their subclasses, all by default.

    ``where`` filters in the query language. With ``ids``, an import of the tables updates the same records. If one
    class is named and has no records, it gives an empty table. Raises QueryError, SchemaError.
    """
    from cmdb.model.selection import Selection

    schema = reader.schema
    named = list(classes) or [root for root in ROOT_CLASSES if root in schema.classes]
    found: dict[str, Selection] = {}
    for root in named:
        reader.count(Selection(root, where))  # raises for a filter that doesn't fit the named class
        for one in schema.tree(root):
            if not one.abstract:
                found.setdefault(
                    one.name, Selection(root, f"({where}) and class = {one.name}" if where else f"class = {one.name}")
                )
    counts = {
        name: number for root in {schema.root_of(one) for one in named} for name, number in reader.counts(root).items()
    }
    made = [
        _class_table(reader, schema.cls(name), selection, ids, columns)
        for name, selection in found.items()
        if counts.get(name) and reader.count(selection)
    ]
    if not made and len(named) == 1 and named[0] not in ROOT_CLASSES:
        one = schema.cls(named[0])
        made.append(Table(one.plural, columns_of(one, columns, reader.schema), (), None, one.name))
    return made


def ids_of(reader: Reader, classes: Sequence[str], where: str = "") -> set[str]:
    """The records of ``classes`` and their subclasses that a filter leaves. Raises QueryError, SchemaError."""
    from cmdb.model.selection import Selection

    named = list(classes) or [root for root in ROOT_CLASSES if root in reader.schema.classes]
    return {one.uid for root in named for one in reader.all(Selection(root, where))}


def _class_table(reader: Reader, one: CIClass, selection: Selection, ids: bool, names: Sequence[str] | None) -> Table:
    columns = columns_of(one, [n for n in names if n in one.attributes] if names is not None else None, reader.schema)
    uids: list[str] = []
    places = {column.name: place for place, column in enumerate(columns)}
    named = {name for name in places if one.attributes[name].type == "reference"}
    blank: list[Any] = [None] * len(columns)

    def lines() -> Iterator[list[Any]]:
        # ``class = computer`` selects laptops too, but they have a table of their own.
        for batch in _chunks(record for record in reader.all(selection) if record.cls == one.name):
            references = _reference_names(reader, one, batch)
            for record in batch:
                uids.append(record.uid)
                cells = blank.copy()
                for name, value in record.values.items():
                    if name in places:
                        is_named = name in named and value is not None
                        cells[places[name]] = references.get(str(value), ("", ""))[1] if is_named else value
                yield cells

    return Table(one.plural, columns, lines(), _following(uids) if ids else None, one.name)


def _following(uids: list[str]) -> Iterator[str]:
    """Returns at each call the id of the row that was created last."""
    while True:
        yield uids.pop()


def _reference_names(reader: Reader, one: CIClass, batch: Iterable[CI]) -> dict[str, tuple[str, str]]:
    names = [a.name for a in one.attributes.values() if a.type == "reference"]
    wanted = {record.text(name) for record in batch for name in names if name in record.values}
    return reader.last_names(wanted) if wanted else {}


def _chunks(records: Iterator[CI]) -> Iterator[list[CI]]:
    while batch := list(islice(records, _CHUNK)):
        yield batch


def estate_tables(reader: Reader, *, ids: bool = True) -> list[Table]:
    """The whole estate: its classes, relationships, installed software and licence assignments."""
    others = (relationship_table(reader), installation_table(reader), assignment_table(reader))
    return class_tables(reader, (), ids=ids) + [table for table in others if table is not None]


def _field_columns(kind: str) -> list[Column]:
    return [column_of(attribute) for attribute in fields_of(kind)]


def relationship_table(reader: Reader) -> Table | None:
    """The relationships that are records of their own (references are columns of their classes' tables).

    Each has a row for every dependency group that it is in, and one without a group where it stands alone.
    """
    found = reader.records("relationship")
    if not found:
        return None
    groups = {key[0]: fields for key, fields in reader.records("group").items()}
    rows_of: dict[tuple[str, ...], list[str]] = {
        key: [] if fields.get("alone") is False else [""] for key, fields in found.items()
    }
    for group, *ends in reader.records("membership"):
        rows_of[tuple(ends)].append(group)
    names = reader.names({uid for key in found for uid in key[1:]})
    schema = reader.schema

    def line(key: tuple[str, ...], of: str) -> list[Any]:
        kind, source, target = key
        group = groups.get(of, {})
        row = {
            "source": names[source][1],
            "relationship": schema.relationship(kind).label,
            "target": names[target][1],
            "group": group.get("label"),
            "needs": group.get("needs"),
            "source_class": _label(schema, names[source][0]),
            "target_class": _label(schema, names[target][0]),
        }
        return [row.get(a.name) for a in FIELDS["relationship"]]

    lines = (line(key, of) for key, its in rows_of.items() for of in its)
    rows = sorted(lines, key=lambda row: [str(c or "") for c in row[:4]])
    return Table(str(LABELS["relationship"]), _field_columns("relationship"), rows)


def installation_table(reader: Reader) -> Table | None:
    """Installed software."""
    installed = list(reader.all_installations())
    if not installed:
        return None
    names = reader.names({one.computer for one in installed} | {one.user for one in installed if one.user})
    # A database has no order of its own: without one, two exports of the same estate would differ.
    installed.sort(key=lambda one: (name_key(names[one.computer][1]), *_INSTALLED(one)))

    def line(one: Any) -> list[Any]:
        row = {a.name: getattr(one, a.name, "") for a in FIELDS["installation"]}
        row["computer"] = names[one.computer][1]
        row["user"] = names.get(one.user, ("", one.user))[1]
        return [row[a.name] or None for a in FIELDS["installation"]]

    return Table(str(LABELS["installation"]), _field_columns("installation"), map(line, installed))


def assignment_table(reader: Reader) -> Table | None:
    """The licence assignments: licence and holder."""
    found = reader.assignments()
    if not found:
        return None
    names = reader.names({uid for licence, holder, _ in found for uid in (licence, holder)})
    schema = reader.schema

    def line(licence: str, holder: str) -> list[Any]:
        cls, name = names[holder]
        row = {"entitlement": names[licence][1], "person" if schema.is_a(cls, "person") else "computer": name}
        return [row.get(a.name) for a in FIELDS["assignment"]]

    return Table(
        str(LABELS["assignment"]), _field_columns("assignment"), [line(licence, holder) for licence, holder, _ in found]
    )


def _label(schema: Schema, cls: str) -> str:
    return schema.cls(cls).label
