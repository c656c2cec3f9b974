"""The rows of sections in an inventory, their values canonical by the types of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.messages import Message, counted
from cmdb.model.observation import Problem
from cmdb.model.resources import RESOURCES
from cmdb.model.schema_documents import read_sections
from cmdb.model.values import MAX_TEXT, Value, in_form, parse
from importers.inventory import fields
from importers.inventory.fields import OFTEN, Entry, line, mapping, objects, text
from importers.inventory.neighbours import MOST_NEIGHBOURS
from importers.inventory.section_entries import entries
from importers.inventory.section_source import SectionSource
from importers.inventory.section_sources import SOURCES

_AGENT = "versionclient"
"""What every inventory names: the program that made it."""

_OF_PORTS = ("neighbours", "connected_addresses")
_MOST = 1 << 53
"""Whole numbers from here on are not exact everywhere."""
_FEW = 3
"""Values that are named of those that cannot be."""
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
    for name, source in _told(content).items():
        if not _is_there(content, source) and not (name == "neighbours" and _own_neighbours(content)):
            continue
        rows = []
        impossible: Counter[tuple[str, str]] = Counter()
        for entry in entries(content, name, source.path):
            row = _row(_declared()[name], entry, offset, file, found.problems, impossible)
            if row:
                rows.append(row)
        if name in _OF_PORTS and not rows and not _own_neighbours(content):
            continue  # a device that was not asked what is connected lists its ports all the same
        if name != "neighbours" or len(rows) <= MOST_NEIGHBOURS:  # of more, not all are looked up
            present.append(name)
        found.rows[name] = rows
        found.problems.extend(_rows_left_out(_declared()[name], impossible, file))
    if partial:
        present = [name for name in present if _is_list(content, name)]
    return found._replace(whole=tuple(_whole(content, present)))


def _told(content: Entry) -> Mapping[str, SectionSource]:
    """The sections whose rows an inventory tells. One that was written of a register names them: its other objects
    only hold values of the record.
    """
    named = mapping(content, "terrier").get("sections")
    if not isinstance(named, list):
        return SOURCES
    return {name: source for name, source in SOURCES.items() if name in named}


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
    declared = _declared()[section].columns
    found = {}
    for name, place in SOURCES[section].fields.items():
        key, factor = place if isinstance(place, tuple) else (place, 1)
        column = declared[name]
        least, most = column.minimum or 0, _MOST - 1 if column.maximum is None else column.maximum
        found[key] = _Place(column, factor, column.type in _TEXTS and not column.form, least, most)
    return found


def _row(
    section: RecordSection, entry: Entry, offset: str, file: str, problems: list[Problem],
    impossible: Counter[tuple[str, str]],
) -> dict[str, Value]:  # fmt: skip
    """A row; without columns where there is none, or where a decisive value is impossible (column, value)."""
    row: dict[str, Value] = {}
    place_of = _places(section.name).get
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
            value = _value_often(section.name, key, said, offset)
        else:
            value = _value(place, said, offset)
        if value is not None:
            row[column.name] = value
        elif column.decisive:
            impossible[column.label, str(said)[:80]] += 1
            return {}
        elif str(said).strip():
            problems.append(_left_out(section, column, said, file))
    return row


@lru_cache(1 << 13)
def _value_often(section: str, key: str, said: str, offset: str) -> Value | None:
    """The value of a text that many entries have, of days for example."""
    place = _places(section)[key]
    return _value(place, said, offset)


def _left_out(section: RecordSection, column: SectionColumn, said: Any, file: str) -> Problem:
    label = f"{section.label}: {column.label}"
    message = Message("“{value}” is no value of {column}; it was left out.", value=str(said)[:80], column=label)
    return Problem(file, "", 0, label, str(said)[:80], message, "warning", "section", code="section.value")


def _rows_left_out(section: RecordSection, impossible: Counter[tuple[str, str]], file: str) -> Iterator[Problem]:
    """What is said of rows that were left out, as a value that they are nothing without cannot be: once a column."""
    for label in sorted({label for label, _ in impossible}):
        said = sorted(value for of, value in impossible if of == label)
        message = counted(
            "{count} row of “{section}” was left out: “{column}” cannot be {values}.",
            "{count} rows of “{section}” were left out: “{column}” cannot be {values}.",
            sum(number for (of, _), number in impossible.items() if of == label),
            section=section.plural, column=label, values=(*said[:_FEW], *("…" for _ in said[_FEW:][:1])),
        )  # fmt: skip
        yield Problem(
            file, "", 0, f"{section.label}: {label}", said[0], message, "warning", "section", code="section.row"
        )


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
    if isinstance(said, float) and factor > 1:
        return round(said * factor)
    found = fields.whole({"": said}, "")
    if found is None and isinstance(said, str):
        number, _, rest = said.strip().partition(" ")
        found = fields.whole({"": number}, "") if rest.isalpha() else None
    return None if found is None or found * factor >= _MOST else found * factor
