"""Columns of other tools' tables as those tools mean them (``importers.foreign_tables``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, Schema, fold
from importers.foreign_tables import ForeignTable, recognise, table_named
from importers.spreadsheets.columns.classes import find_class
from importers.spreadsheets.columns.fields import find_kind
from importers.spreadsheets.columns.mapping import ColumnUse, Mapping, Role
from importers.spreadsheets.columns.transforms import apply_transforms
from importers.tables.cells import ID_HEADER, read_base_header


def not_kept(file: str, table: ForeignTable) -> Message:
    """Why a list of what has no records is not read: of pieces that are only counted, or of words of the tool."""
    if table.holds == "nothing":
        return Message(
            "{file} is the list “{table}” of {tool}. Terrier keeps no records of that kind, so it was not read.",
            file=file,
            table=table.name,
            tool=table.tool,
        )
    return Message(
        "{file} is the list “{table}” of {tool}: pieces that are only counted. "
        "Terrier keeps things one by one, so it was not read.",
        file=file,
        table=table.name,
        tool=table.tool,
    )


def foreign_table(schema: Schema, headers: Iterable[str], cls: str) -> ForeignTable | None:
    """The table of another tool that has these columns, unless the person stated a class (``cls``, or "") that is like
    its own and not it.

    A class of another kind is that of the command's other files: a list of suppliers has no laptops. A sheet with
    columns of Terrier's own (its ids, a class) is none, whatever else it has.
    """
    headers = list(headers)
    table = recognise(headers)
    if table is None or _is_own(table, headers):
        return None
    if not cls:
        return table
    kind = find_kind(cls)
    if kind or table.holds != "class":
        return table if not kind or kind == table.holds else None
    stated = schema.class_of(cls)
    if stated is None:
        return None
    other_kind = schema.kin(stated.name) != schema.kin(table.base)
    return table if other_kind or related(schema, stated.name, table.base) else None


def related(schema: Schema, cls: str, other: str) -> bool:
    """Whether one of two classes is the other or a subclass of it."""
    return schema.is_a(cls, other) or schema.is_a(other, cls)


def _is_own(table: ForeignTable, headers: list[str]) -> bool:
    words = {"class", fold(tr("Class"))}.difference(table.class_column, table.columns)
    return any(h == ID_HEADER or read_base_header(h) is not None or fold(h) in words for h in headers)


def foreign_classes(schema: Schema, table: ForeignTable, base: str) -> tuple[str, ...]:
    """The classes whose attributes the table's columns may name, the most likely first."""
    return tuple(dict.fromkeys((base, table.base, *schema.family(table.base))))


def foreign_use(schema: Schema, classes: tuple[str, ...], table: ForeignTable, index: int, header: str) -> ColumnUse:
    """A column as the tool means it; left out where no class has a place for it."""
    meaning = table.columns[fold(header)]
    reference = meaning.name.partition(".")[0]
    known = meaning.role in ("link", "seat", "number", "field") or any(
        reference in schema.classes[c].attributes for c in classes
    )
    if not meaning.role or not known:
        return ColumnUse(index, header, how="synonym")
    role = cast(Role, meaning.role)
    return ColumnUse(index, header, role, meaning.name, meaning.inverse, transforms=meaning.transforms, how="synonym")


def with_holders_kinds(
    schema: Schema, base: str, columns: list[ColumnUse], samples: list[list[str]]
) -> list[ColumnUse]:
    """The columns; one for the kind of a holder is left out where none of its values is such a kind."""
    found = []
    for one in columns:
        if one.role == "mention" and one.name.endswith(".class") and samples[one.index]:
            reference = schema.all_attributes(base)[one.name.partition(".")[0]]
            words = [apply_transforms(value, one.transforms) for value in samples[one.index]]
            if not any(class_of_target(schema, reference, word) for word in words):
                one = ColumnUse(one.index, one.header, how="synonym")
        found.append(one)
    return found


def class_of_target(schema: Schema, reference: Attribute, word: Any) -> str:
    """Which of the classes that a reference allows a word names, "" if none: person, place, hardware."""
    found = word if word in schema.classes else find_class(schema, str(word))
    return found if found in reference.targets else ""


def without_repeats(table: ForeignTable, columns: list[ColumnUse]) -> list[ColumnUse]:
    """Of columns that mean the same the one that the table names first is used."""
    order = {header: place for place, header in enumerate(table.columns)}
    first: dict[tuple[str, str], ColumnUse] = {}
    for one in sorted(columns, key=lambda one: (order.get(fold(one.header), len(order)), one.index)):
        first.setdefault((one.role, one.name), one)
    found = []
    for one in columns:
        if one.role in ("attribute", "mention", "field", "seat") and one.how == "synonym":
            winner = first[one.role, one.name]
            if winner is not one:
                one = ColumnUse(one.index, one.header)
        found.append(one)
    return found


def in_tools_words(table: ForeignTable, columns: list[ColumnUse]) -> list[ColumnUse]:
    """The columns with what undoes the tool's escapes, and with its words for a status."""
    found = []
    for one in columns:
        if one.role in ("attribute", "mention", "link", "field", "seat"):
            status = one.role == "attribute" and one.name == "status" and not one.transforms
            words = (table.status_words,) if status and table.status_words else ()
            one = replace(one, transforms=(*table.cleaned, *one.transforms, *words))
        found.append(one)
    return found


def class_column_of(mapping: Mapping) -> int:
    """The index of the column with each row's class, or -1."""
    for one in mapping.columns:
        if one.role == "class":
            return one.index
    table = table_named(mapping.tool)
    return -1 if table is None else table.class_index([c.header for c in mapping.columns])
