"""The rows of sections in an inventory, and which sections it has the whole of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cmdb.model.declarations import RecordSection, SectionColumn
from cmdb.model.messages import Message, counted
from cmdb.model.observation import Problem
from cmdb.model.values import Value
from importers.inventory.fields import Entry, mapping, objects, text
from importers.inventory.neighbours import MOST_NEIGHBOURS
from importers.inventory.section_entries import entries
from importers.inventory.section_source import SectionSource
from importers.inventory.section_sources import SOURCES
from importers.inventory.section_values import declared, row_of
from importers.inventory.software import DETAILS, ListedSoftware, software_list

_AGENT = "versionclient"
"""What every inventory names: the program that made it."""

_OF_PORTS = ("neighbours", "connected_addresses")
_FEW = 3
"""Values that are named of those that cannot be."""


class SeenDetails(NamedTuple):
    """Section → rows, the sections that were seen whole, and what was left out."""

    rows: dict[str, list[dict[str, Value]]]
    whole: tuple[str, ...]
    problems: list[Problem]


def details(content: Entry, file: str, *, partial: bool = False, software: ListedSoftware | None = None) -> SeenDetails:
    """All rows that an inventory has. One that is ``partial`` has the whole of its lists, and parts of its objects.

    ``software``: its list of software, where that was read already.
    """
    found = SeenDetails({}, (), [])
    offset = text(mapping(mapping(content, "operatingsystem"), "timezone"), "offset")
    present: list[str] = []
    for name, source in _told(content).items():
        if not _is_there(content, source) and not (name == "neighbours" and _own_neighbours(content)):
            continue
        if name == DETAILS:
            listed = software if software is not None else software_list(content)
            seen = listed.rows
        else:
            seen = [row_of(name, entry, offset) for entry in entries(content, name, source.path)]
        rows = [one.values for one in seen if one.values]
        if name in _OF_PORTS and not rows and not _own_neighbours(content):
            continue  # a device that was not asked what is connected lists its ports all the same
        if name != "neighbours" or len(rows) <= MOST_NEIGHBOURS:  # of more, not all are looked up
            present.append(name)
        found.rows[name] = rows
        section = declared()[name]
        found.problems.extend(_left_out(section, *wrong, file) for one in seen for wrong in one.wrong)
        impossible = Counter(one.impossible for one in seen if one.impossible is not None)
        found.problems.extend(_rows_left_out(section, impossible, file))
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
            section=section.plural, column=label, values=(*said[:_FEW], *(("…",) if len(said) > _FEW else ())),
        )  # fmt: skip
        yield Problem(
            file, "", 0, f"{section.label}: {label}", said[0], message, "warning", "section", code="section.row"
        )
