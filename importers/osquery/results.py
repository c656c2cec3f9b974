"""The forms of osquery's results: rows of a query, tables by name, and the log of a scheduler."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.json_text import JsonProblem, parsed
from importers.inventory.fields import Entry, mapping, objects, text, whole
from importers.osquery.tables import table_named, table_of_columns

_OF_TABLE = re.compile(r"^pack([_/:-])[^_/:-]+\1")
"""What stands before the query's name in the log: the pack that it is in."""


@dataclass(slots=True)
class HostResults:
    """What is known of a host: table → rows, which tables are whole, and when it was seen (seconds since 1970)."""

    host: str
    tables: dict[str, list[Entry]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    """The tables that a snapshot or a file lists in full. The query is named as its table: others may choose rows."""
    seen: int = 0
    unknown: set[str] = field(default_factory=set)
    """Queries whose rows are of no table that is known."""


def results_of_value(value: Any, host: str) -> list[HostResults]:
    """The results in a JSON value: rows of one query, tables by their names, or entries of a log."""
    if isinstance(value, dict) and _is_entry(value):
        return results_of_log([value])
    if isinstance(value, dict) and isinstance(value.get("data"), list):  # as a server of osquery gets a log
        return results_of_log(objects(value, "data"))
    if isinstance(value, list) and any(isinstance(one, dict) and _is_entry(one) for one in value):
        return results_of_log(one for one in value if isinstance(one, dict))
    found = HostResults(host)
    if isinstance(value, dict):
        for name, rows in value.items():
            if isinstance(rows, list):
                _add(found, name, rows)
                found.whole.add(table_named(name))
                found.listed.add(name)
    elif isinstance(value, list):
        _add(found, "", value)
    return [found] if found.tables else []


def results_of_log(entries: Iterable[Entry]) -> list[HostResults]:
    """The results of a log, by host: the last snapshot of each query, and what was added and not removed again."""
    hosts: dict[str, HostResults] = {}
    rows: dict[tuple[str, str], dict[str, Entry]] = {}
    names: dict[tuple[str, str], str] = {}
    for entry in sorted(entries, key=lambda one: whole(one, "unixTime") or 0):
        host, name = _host(entry), text(entry, "name")
        if not host or not name:
            continue
        found = hosts.setdefault(host, HostResults(host))
        found.seen = max(found.seen, whole(entry, "unixTime") or 0)
        key = (host, name)
        known = rows.setdefault(key, {})
        whole_of = table_named(name)
        if isinstance(entry.get("snapshot"), list):
            known.clear()
            known.update((_key(one), one) for one in objects(entry, "snapshot"))
            found.whole.add(whole_of)
            if _OF_TABLE.sub("", name) == whole_of:
                found.listed.add(whole_of)
        elif whole_of and key not in names and whole(entry, "counter") == 0:
            found.whole.add(whole_of)
        names[key] = name
        _apply(entry, known)
    for (host, name), known in rows.items():
        _add(hosts[host], name, [*known.values()])
    return [one for one in hosts.values() if one.tables or one.unknown]


def log_of(text_: str) -> list[Entry] | None:
    """The entries of a log: a JSON object on each line. None where a line is none."""
    found: list[Entry] = []
    for line in text_.splitlines():
        if not line.strip():
            continue
        try:
            one = parsed(line)
        except JsonProblem:
            return None
        if isinstance(one, dict):
            found.append(one)
    return found


def _is_entry(value: Mapping[str, Any]) -> bool:
    return "hostIdentifier" in value and any(key in value for key in ("columns", "snapshot", "diffResults"))


def _host(entry: Entry) -> str:
    """The host of an entry: what decorates it says the name; the identifier may be a UUID."""
    decorations = mapping(entry, "decorations")
    return text(decorations, "hostname") or text(entry, "hostIdentifier")


def _apply(entry: Entry, known: dict[str, Entry]) -> None:
    """Adds and removes the rows of an entry of differences."""
    difference = mapping(entry, "diffResults")
    added, removed = objects(difference, "added"), objects(difference, "removed")
    if isinstance(entry.get("columns"), dict):
        (removed if text(entry, "action") == "removed" else added).append(entry["columns"])
    for one in removed:
        known.pop(_key(one), None)
    known.update((_key(one), one) for one in added)


def _key(row: Entry) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def _add(found: HostResults, name: str, rows: list[Any]) -> None:
    entries = [one for one in rows if isinstance(one, dict)]
    table = table_named(name) or (table_of_columns(frozenset(entries[0])) if entries else "")
    if table:
        found.tables.setdefault(table, []).extend(entries)
    elif name:
        found.unknown.add(name)
