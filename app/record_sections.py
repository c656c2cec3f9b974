"""The sections of a record as they are shown: their titles, the columns that have values, and when they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from cmdb.model.claims import source_text
from cmdb.model.messages import tr
from cmdb.model.values import Value, show

if TYPE_CHECKING:
    from cmdb.model.declarations import RecordSection, SectionColumn
    from cmdb.model.schema import Schema
    from cmdb.model.section_rows import SectionRow


def section_label(schema: Schema, name: str) -> str:
    """What a section is called: its plural, else its label; its name where the schema no longer has it."""
    section = schema.sections.get(name)
    return name if section is None else section.plural or section.label


def columns_with_values(section: RecordSection, rows: Sequence[SectionRow]) -> list[SectionColumn]:
    """The columns in which some row has a value, whichever source says it, as they are shown."""
    named: set[str] = set()
    for row in rows:
        for one in (row, *row.also):
            named.update(one.columns, one.now)
    return [column for column in section.shown_columns if column.name in named]


def headings(section: RecordSection, columns: Sequence[SectionColumn]) -> list[str]:
    """The titles of columns; one with a volatile value has a star, but not where all of the section is volatile."""
    marked = not section.volatile
    return [f"{one.label} *" if marked and one.volatile else str(one.label) for one in columns]


def seen_at(rows: Sequence[SectionRow]) -> str:
    """When rows were last seen by any source (ISO UTC); "" where nothing says so."""
    return max((one.observed or one.now_observed for row in rows for one in (row, *row.also)), default="")


def in_order(section: RecordSection | None, rows: Sequence[SectionRow]) -> list[SectionRow]:
    """Rows by the values that identify them, numbers by their size; by their keys where nothing identifies them."""
    if section is None or not section.identifies:
        return list(rows)
    columns = [section.columns[name] for name in section.identifies]

    def place(row: SectionRow) -> tuple[list[tuple[bool, Decimal, str]], str]:
        values = row.values()
        return [sort_place(column, values.get(column.name)) for column in columns], row.key

    return sorted(rows, key=place)


def sort_place(column: SectionColumn, value: Value | None) -> tuple[bool, Decimal, str]:
    """By what a column is sorted: numbers by their size, texts without regard to case, blanks last."""
    if isinstance(value, int | Decimal):
        return False, Decimal(value), ""
    return value is None, Decimal(0), show(column, value).casefold()


def source_words(row: SectionRow) -> str:
    """The source of a row; one that is held says so."""
    source = source_text(row.source)
    return tr("{source} (held)", source=source) if row.held else str(source)
