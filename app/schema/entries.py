"""The entries of an estate's own schema as documents, and what a change of the schema makes of them.

The documents are laid over Terrier's schema in the order of their ids, so that the last one that says something wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.revision import Edit, Record

Path = tuple[str, ...]
"""Where something stands in a document: ("class", "laptop", "attributes", "colour")."""

Documents = Mapping[str, Mapping[str, Any]]
"""Id → document, of all entries."""

KIND = "schema_entry"


@dataclass(frozen=True)
class Put:
    """Properties that are said of what stands at a path; others that an entry says there stay."""

    path: Path
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remove:
    """What stands at a path is no longer said by any entry."""

    path: Path


Step = Put | Remove


def laid(documents: Documents, steps: Iterable[Step], new: str) -> dict[str, dict[str, Any]]:
    """The documents after some steps, without those that are empty then.

    What an entry says of the same thing already is changed there; the rest comes into a document with the id ``new``,
    which must be later than all others.
    """
    found: dict[str, dict[str, Any]] = {key: deepcopy(dict(documents[key])) for key in sorted(documents)}
    for step in steps:
        if isinstance(step, Remove):
            for document in found.values():
                _take_out(document, step.path)
            continue
        holder = next((d for d in reversed(found.values()) if _at(d, step.path) is not None), None)
        if holder is None:
            holder = found.setdefault(new, {})
        _put_in(holder, step.path, step.properties)
    return {key: document for key, document in found.items() if document}


def entry_edits(before: Documents, after: Documents) -> list[Edit]:
    """The edits that make the entries what they are after a change."""
    edits = []
    for key in sorted(before.keys() | after.keys()):
        record = Record(KIND, (key,))
        if key not in after:
            edits.append(Edit(record, "", {"document": before[key]}, None))
        elif key not in before:
            edits.append(Edit(record, "", None, {"document": after[key]}))
        elif before[key] != after[key]:
            edits.append(Edit(record, "document", before[key], after[key]))
    return edits


def _at(document: Mapping[str, Any], path: Path) -> Mapping[str, Any] | None:
    found: Any = document
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _put_in(document: dict[str, Any], path: Path, properties: Mapping[str, Any]) -> None:
    for name in path:
        document = document.setdefault(name, {})
    document.update(deepcopy(dict(properties)))


def _take_out(document: dict[str, Any], path: Path) -> None:
    """Takes out what stands at a path, and the tables that are empty then."""
    trail = [document]
    for name in path[:-1]:
        inner = trail[-1].get(name)
        if not isinstance(inner, dict):
            return
        trail.append(inner)
    trail[-1].pop(path[-1], None)
    for holder, name in zip(reversed(trail[:-1]), reversed(path[:-1]), strict=True):
        if not holder[name]:
            del holder[name]
