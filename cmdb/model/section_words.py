"""Rows of sections in words: what a row is called, its values, and what an edit changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cmdb.model.declarations import CUT, RecordSection, SectionColumn
from cmdb.model.formats import measured
from cmdb.model.messages import tr
from cmdb.model.revision import Record
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import Value, show

if TYPE_CHECKING:
    from cmdb.model.section_rows import Columns

_HASH = 10
_TITLE = 2
"""So many values name a row that nothing identifies."""
_TOLD = 3
"""So many other values are told of a row that came or went."""


def shown_value(column: Attribute, value: Value | None) -> str:
    """A value as text, with its unit; "" where there is none."""
    if column.unit and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return measured(value, column.unit)
    return show(column, value)


def row_title(section: RecordSection, key: str, columns: Columns | None = None) -> str:
    """What a row is called: its identifying values, else its first ones; by its key alone where that is all one has.

    A number among the identifying values has its column's label: "Slot 2 DIMM B".
    """
    if not columns:
        return _key_title(section, key)
    named = [name for name in section.identifies if name in columns]
    named = named or [name for name in section.columns if name in columns][:_TITLE]
    known = [section.columns[name] for name in named if name in section.columns]
    return " ".join(_called(column, shown_value(column, columns[column.name])) for column in known)


def _key_title(section: RecordSection, key: str) -> str:
    whole, cut, rest = key.partition(CUT)
    shown = f"{whole}{cut}{rest[_HASH:]}" if cut else whole
    parts = shown.replace("#", " #").split("|")
    if len(parts) != len(section.identifies):
        return " ".join(part for part in parts if part.strip())
    columns = (section.columns.get(name) for name in section.identifies)
    pairs = zip(columns, parts, strict=True)
    return " ".join(part if column is None else _called(column, part) for column, part in pairs if part.strip())


def _called(column: SectionColumn, text: str) -> str:
    return f"{column.label} {text}" if column.type == "integer" and not column.unit else text


def row_text(section: RecordSection, key: str, columns: Columns) -> str:
    """A row that came or went: what it is called, and its most telling other values with their labels."""
    title = row_title(section, key, columns)
    others = [c for n, c in section.columns.items() if n in columns and n not in section.identifies]
    told = sorted(others, key=lambda c: (not c.searched, not c.unit))[:_TOLD] if section.identifies else []
    return ", ".join([title, *(f"{c.label} {shown_value(c, columns[c.name])}" for c in others if c in told)])


def row_words(
    schema: Schema, record: Record, before: Columns | None, after: Columns | None, title: str | None = None
) -> tuple[str, str, str]:
    """What differs in a row, then and now: of a row that stays, the columns that differ with their values.

    With a ``title``, what the row is called ("": only its key is known), the columns are only those that differ. A
    section without a history says only that rows are known.
    """
    _, name, _, key = record.key
    section = schema.sections.get(name)
    if section is None:
        return name, _raw(before), _raw(after)
    if section.volatile:
        said = tr("rows, the last ones only")
        return section.plural or section.label, "" if before is None else said, "" if after is None else said
    if before is None or after is None:
        then, now = ("" if columns is None else row_text(section, key, columns) for columns in (before, after))
        return section.label, then, now
    differing = _differing(section, before, after)
    then, now = (
        ", ".join(f"{column.label} {shown_value(column, values.get(column.name)) or '–'}" for column in differing)
        for values in (before, after)
    )
    called = row_title(section, key, after) if title is None else title or row_title(section, key)
    return f"{section.label} {called}".rstrip(), then, now


def change_words(section: RecordSection, key: str, before: Columns | None, after: Columns | None) -> str:
    """What happened to a row: "Size 16 GiB → 32 GiB" of the columns that differ; what came or went is told whole."""
    if before is None:
        return tr("added {row}", row=row_text(section, key, after or {}))
    if after is None:
        return tr("removed {row}", row=row_text(section, key, before))
    return ", ".join(
        tr(
            "{attribute} {before} → {after}",
            attribute=column.label,
            before=shown_value(column, before.get(column.name)) or "–",
            after=shown_value(column, after.get(column.name)) or "–",
        )
        for column in _differing(section, before, after)
    )


def row_words_beside(section: RecordSection, shown: Columns, other: Columns) -> str:
    """What another source says of a row where it says something else: "Size 16 GiB, Type DDR4"."""
    said = [column for column in _differing(section, shown, other) if column.name in other]
    return ", ".join(f"{column.label} {shown_value(column, other[column.name])}" for column in said)


def _differing(section: RecordSection, before: Columns, after: Columns) -> list[SectionColumn]:
    return [
        section.columns.get(one) or SectionColumn(name=one, label=one)
        for one in dict.fromkeys((*section.columns, *before, *after))
        if before.get(one) != after.get(one)
    ]


def _raw(columns: Columns | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (columns or {}).items())
