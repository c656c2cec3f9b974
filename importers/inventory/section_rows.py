"""The rows of sections in an inventory, their values canonical by the types of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.messages import Message
from cmdb.model.observation import Problem
from cmdb.model.resources import RESOURCES
from cmdb.model.schema_documents import read_sections
from cmdb.model.values import MAX_TEXT, Value, in_form, parse
from importers.inventory import fields
from importers.inventory.fields import OFTEN, Entry, line, mapping, objects, text
from importers.inventory.section_entries import entries
from importers.inventory.section_sources import SOURCES, SectionSource

_AGENT = "versionclient"
"""What every inventory names: the program that made it."""

_MOST = 1 << 53
"""Whole numbers from here on are not exact everywhere."""
_TEXTS = ("text", "long_text")
_TRUE = ("true", "yes", "1", "on")
_FALSE = ("false", "no", "0", "off")


class SeenDetails(NamedTuple):
    """Section → rows, the sections that were seen whole, and what was left out."""

    rows: dict[str, list[dict[str, Value]]]
    whole: tuple[str, ...]
    problems: list[Problem]


@cache
def _declared() -> Mapping[str, RecordSection]:
    return read_sections(RESOURCES / "schema", ())


def details(content: Entry, file: str, *, partial: bool = False) -> SeenDetails:
    """All rows that an inventory has. One that is ``partial`` has the whole of its lists, and parts of its objects."""
    found = SeenDetails({}, (), [])
    offset = text(mapping(mapping(content, "operatingsystem"), "timezone"), "offset")
    present: list[str] = []
    for name, source in SOURCES.items():
        if not _is_there(content, source) and not (name == "neighbours" and _own_neighbours(content)):
            continue
        present.append(name)
        rows = []
        for entry in entries(content, name, source.path):
            row = _row(_declared()[name], entry, offset, file, found.problems)
            if row:
                rows.append(row)
        found.rows[name] = rows
    if partial:
        present = [name for name in present if _is_list(content, name)]
    return found._replace(whole=tuple(_whole(content, present)))


def _is_list(content: Entry, name: str) -> bool:
    """Whether a section is a list, of which a partial inventory has the whole."""
    if name == "neighbours" and _own_neighbours(content):
        return True
    return isinstance(content.get(SOURCES[name].path), list)


def _own_neighbours(content: Entry) -> bool:
    """Whether neighbours are listed apart from ports: a computer has interfaces, and none of a switch's ports."""
    return isinstance(mapping(content, "terrier").get("neighbours"), list)


def _is_there(content: Entry, source: SectionSource) -> bool:
    *above, name = source.path.split(".")
    for key in above:
        content = mapping(content, key)
    if name == "databases_services" and isinstance(content.get("databases_servers"), list):
        return True
    return isinstance(content.get(name), list | dict) or (name == _AGENT and bool(text(content, name)))


def _whole(content: Entry, present: list[str]) -> Iterator[str]:
    """The sections that were seen whole. Terrier's scans say so of each; the lists of other agents are whole."""
    outcomes = objects(mapping(content, "terrier"), "collectors")
    if not outcomes:
        yield from present
        return
    seen = {name for one in outcomes for name in _names(one, "complete")}
    missed = {name for one in outcomes for name in _names(one, "incomplete")}
    for name, source in SOURCES.items():
        if source.path == _AGENT or (source.path in seen and source.path not in missed):
            yield name


def _names(outcome: Entry, key: str) -> list[str]:
    found = outcome.get(key)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


class _Place(NamedTuple):
    """The column that a field is the value of; ``plain``: a text there is its value as it is read."""

    column: SectionColumn
    factor: int
    plain: bool


@cache
def _places(section: str) -> Mapping[str, _Place]:
    """The fields of a section's entries. No two columns are read from one."""
    declared = _declared()[section].columns
    found = {}
    for name, place in SOURCES[section].fields.items():
        key, factor = place if isinstance(place, tuple) else (place, 1)
        column = declared[name]
        found[key] = _Place(column, factor, column.type in _TEXTS and not column.form)
    return found


def _row(section: RecordSection, entry: Entry, offset: str, file: str, problems: list[Problem]) -> dict[str, Value]:
    row: dict[str, Value] = {}
    place_of = _places(section.name).get
    for key, said in entry.items():
        place = place_of(key)
        if place is None or said is None or said == "" or said == []:
            continue
        column, factor, plain = place
        value: Value | None
        if plain and type(said) is str:
            value = line(said) or None if len(said) < OFTEN else fields.text(entry, key)[:MAX_TEXT] or None
        elif type(said) is int and column.type == "integer" and 0 <= said * factor < _MOST:
            value = said * factor
        elif type(said) is str and len(said) < OFTEN and (offset or column.type != "time"):
            value = _value_often(section.name, key, said, offset)
        else:
            value = _value(column, said, factor, offset)
        if value is not None:
            row[column.name] = value
        elif str(said).strip():
            problems.append(_left_out(section, column, said, file))
    return row


@lru_cache(1 << 13)
def _value_often(section: str, key: str, said: str, offset: str) -> Value | None:
    """The value of a text that many entries have, of days for example."""
    place = _places(section)[key]
    return _value(place.column, said, place.factor, offset)


def _left_out(section: RecordSection, column: SectionColumn, said: Any, file: str) -> Problem:
    label = f"{section.label}: {column.label}"
    message = Message("“{value}” is no value of {column}; it was left out.", value=str(said)[:80], column=label)
    return Problem(file, "", 0, label, str(said)[:80], message, "warning", "section", code="section.value")


def _value(column: SectionColumn, said: Any, factor: int, offset: str) -> Value | None:
    """The canonical value of what an inventory says; None where it is none of the column."""
    kind = column.type
    if kind == "integer":
        return _integer(said, factor)
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
    if isinstance(said, float) and factor > 1:
        return round(said * factor)
    found = fields.whole({"": said}, "")
    if found is None and isinstance(said, str):
        number, _, rest = said.strip().partition(" ")
        found = fields.whole({"": number}, "") if rest.isalpha() else None
    return None if found is None or found * factor >= _MOST else found * factor
