"""Rows of sections in words: what a row is called, its values, and what an edit changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.formats import measured
from cmdb.model.messages import tr
from cmdb.model.revision import Edit
from cmdb.model.schema import Schema
from cmdb.model.section_rows import Columns
from cmdb.model.values import Value, show

_TITLE = 2
"""So many values name a row that nothing identifies."""


def shown_value(column: SectionColumn, value: Value | None) -> str:
    """A value as text, with its unit; "" where there is none."""
    if column.unit and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return measured(value, column.unit)
    return show(column, value)


def row_title(section: RecordSection, key: str, columns: Columns | None = None) -> str:
    """What a row is called: its identifying values, else its first ones; by its key alone where that is all one has."""
    if not columns:
        return " ".join(part for part in key.replace("#", " #").split("|") if part.strip())
    named = [name for name in section.identifies if name in columns]
    named = named or [name for name in section.columns if name in columns][:_TITLE]
    return " ".join(shown_value(section.columns[name], columns[name]) for name in named if name in section.columns)


def edit_words(schema: Schema, edit: Edit) -> tuple[str, str, str]:
    """What an edit of a row changed, with the values before and after: of one column, or what the row is called."""
    _, name, _, key = edit.record.key
    section = schema.sections.get(name)
    if section is None:
        return name, str(edit.before or ""), str(edit.after or "")
    values: Any = (edit.before, edit.after)
    if not edit.field:
        before, after = ("" if value is None else row_title(section, key, value) or section.label for value in values)
        return section.label, before, after
    column = section.columns.get(edit.field)
    label = column.label if column is not None else edit.field
    before, after = (str(v or "") if column is None else shown_value(column, v) for v in values)
    what = tr("{section} {row}: {column}", section=section.label, row=row_title(section, key), column=label)
    return what, before, after
