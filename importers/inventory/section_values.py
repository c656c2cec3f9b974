"""A row of a section of an entry of an inventory: its values are canonical by the types of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from math import isfinite
from typing import Any, NamedTuple

from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.resources import RESOURCES
from cmdb.model.schema_documents import read_sections
from cmdb.model.values import MAX_TEXT, Value, in_form, parse
from importers.inventory import fields
from importers.inventory.fields import OFTEN, Entry, line, text
from importers.inventory.section_sources import SOURCES

_MOST = 1 << 53
"""Whole numbers from here on are not exact everywhere."""
_TEXTS = ("text", "long_text")
_TRUE = ("true", "yes", "1", "on")
_FALSE = ("false", "no", "0", "off")


class EntryRow(NamedTuple):
    """The values of an entry, and what it says that is no value of its column: the column, and what is said.

    It has no values where one that it is nothing without cannot be: ``impossible`` is that column, and what is said.
    """

    values: dict[str, Value]
    wrong: tuple[tuple[SectionColumn, Any], ...] = ()
    impossible: tuple[str, str] | None = None


@cache
def declared() -> Mapping[str, RecordSection]:
    """The sections that Terrier brings along."""
    return read_sections(RESOURCES / "schema", ())


class _Place(NamedTuple):
    """The column that a field is the value of; ``plain``: a text there is its value as it is read.

    A whole number there is from ``least`` to ``most``.
    """

    column: SectionColumn
    factor: int
    plain: bool
    least: int
    most: int


@cache
def _places(section: str) -> Mapping[str, _Place]:
    """The fields of a section's entries. No two columns are read from one."""
    columns = declared()[section].columns
    found = {}
    for name, place in SOURCES[section].fields.items():
        key, factor = place if isinstance(place, tuple) else (place, 1)
        column = columns[name]
        least, most = column.minimum or 0, _MOST - 1 if column.maximum is None else column.maximum
        found[key] = _Place(column, factor, column.type in _TEXTS and not column.form, least, most)
    return found


def row_of(section: str, entry: Entry, offset: str) -> EntryRow:
    """The row of an entry. ``offset``: of the machine's local time, such as "+0200"; "" if it is not known."""
    row: dict[str, Value] = {}
    wrong: list[tuple[SectionColumn, Any]] = []
    place_of = _places(section).get
    for key, said in entry.items():
        place = place_of(key)
        if place is None or said is None or said == "" or said == []:
            continue
        column, factor, plain, least, most = place
        value: Value | None
        if plain and type(said) is str:
            value = line(said) or None if len(said) < OFTEN else fields.text(entry, key)[:MAX_TEXT] or None
        elif type(said) is int and column.type == "integer" and least <= said * factor <= most:
            value = said * factor
        elif type(said) is str and len(said) < OFTEN and (offset or column.type != "time"):
            value = _value_often(section, key, said, offset)
        else:
            value = _value(place, said, offset)
        if value is not None:
            row[column.name] = value
        elif column.decisive:
            return EntryRow({}, (), (column.label, str(said)[:80]))
        elif str(said).strip():
            wrong.append((column, said))
    return EntryRow(row, tuple(wrong))


@lru_cache(1 << 13)
def _value_often(section: str, key: str, said: str, offset: str) -> Value | None:
    """The value of a text that many entries have, of days for example."""
    place = _places(section)[key]
    return _value(place, said, offset)


def _value(place: _Place, said: Any, offset: str) -> Value | None:
    """The canonical value of what an inventory says; None where it is none of the column."""
    column, kind = place.column, place.column.type
    if kind == "integer":
        number = _integer(said, place.factor)
        return number if number is not None and place.least <= number <= place.most else None
    if kind == "boolean":
        word = str(said).casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    if kind == "date":
        return fields.day({"": said}, "") or None
    if kind == "time":
        words = text({"": said}, "")
        return fields.moment(words, offset) or None
    if isinstance(said, list):
        parts = (text({"": one}, "") for one in said)
        return ", ".join(in_form(column, part) for part in parts if part)[:MAX_TEXT] or None
    if isinstance(said, bool):
        return parse(column, said)
    words = text({"": said}, "")[:MAX_TEXT]
    return in_form(column, words) or None


def _integer(said: Any, factor: int) -> int | None:
    if isinstance(said, float) and factor > 1 and isfinite(said * factor):
        return round(said * factor)
    found = fields.whole({"": said}, "")
    if found is None and isinstance(said, str):
        number, _, rest = said.strip().partition(" ")
        found = fields.whole({"": number}, "") if rest.isalpha() else None
    return None if found is None or found * factor >= _MOST else found * factor
