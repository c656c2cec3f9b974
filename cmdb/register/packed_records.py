"""What goes along in a pack: the chosen records with what they name, and what belongs to them; settings and views."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from cmdb.model.revision import Edit, Record
from cmdb.model.state_tables import STATE, is_closed
from cmdb.store.reading.audit_results import results_of
from cmdb.store.reading.difference import RecordDifference, RevisionDifference
from cmdb.store.reading.naming import referring
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import KIND_TABLES, RecordKind

_STAYS = frozenset({"baseline", "checkpoint", "draft", "lock", "migration", "pack", "retention", "snapshot"})
"""The kinds that stay behind: they are of the estate's own history and files."""


def with_named(reader: Reader, chosen: Collection[str]) -> set[str]:
    """Records with open work about them, and all that they name, in turn: models, places, people, parents."""
    found = set(chosen)
    work = reader.by_uid(referring(reader, found))
    root = {name for name in reader.schema.classes if reader.schema.root_of(name) == "work"}
    found |= {
        uid for uid, one in work.items()
        if one.cls in root and not is_closed(reader.schema, one.cls, one.values.get(STATE))
    }  # fmt: skip
    frontier = set(found)
    references = reader.schema.reference_names
    while frontier:
        named = {
            str(value)
            for said in reader.said(frontier).values()
            for own in said.values()
            for name, (value, *_) in own.items()
            if name in references and value
        }
        frontier = named - found
        found |= frontier
    return found & reader.names(found).keys()


def of_audit(reader: Reader, audit: str) -> set[str]:
    """An audit and the records that it expects or has seen."""
    results = results_of(reader, audit)
    words = {*results, *(str(fields.get("record")) for fields in results.values())}
    return {audit, *reader.names(words)}


def packed_edits(reader: Reader, chosen: Collection[str]) -> Iterator[Edit]:
    """The edits that make the chosen records in an empty estate, each with all that is said of it."""
    there = reader.between(0, stated=True)
    for one in _all(there, "schema_entry"):
        yield from one.edits()
    said: dict[str, list[Edit]] = {}
    for one in _all(there, "claim"):
        if one.record.key[0] in chosen:
            said.setdefault(one.record.key[0], []).extend(one.edits())
    for one in _all(there, "ci"):
        uid = one.record.key[0]
        if uid in chosen and one.after is not None:
            yield Edit(one.record, "", None, {"class": one.after["class"]})
            yield from said.pop(uid, ())
    groups = {one.record.key[0] for one in _all(there, "group") if (one.after or {}).get("owner") in chosen}
    for name, kind in KIND_TABLES.items():
        if name in _STAYS or name == "schema_entry":
            continue
        for one in _all(there, name):
            if name == "membership" and one.record.key[0] not in groups:
                continue
            fields = _fitting(kind, one.record, one.after or {}, chosen)
            if fields is not None:
                yield Edit(one.record, "", None, fields)


def _all(there: RevisionDifference, kind: str) -> Iterable[RecordDifference]:
    return (one for batch in there.of(kind) for one in batch if one.after is not None)


def _fitting(
    kind: RecordKind, record: Record, fields: Mapping[str, Any], chosen: Collection[str]
) -> dict[str, Any] | None:
    """The fields of a record as it goes along; None where it stays, as what it belongs to does."""
    parts = zip(kind.parts[-len(record.key) :], record.key, strict=False)  # The key of a release is one column.
    if any(refers and part not in chosen for (_, refers), part in parts):
        return None
    if kind.owner and fields.get(kind.owner) not in chosen:
        return None
    if kind.name == "result" and record.key[0] not in chosen:
        return None
    if kind.name == "decision" and not _about(fields, chosen):
        return None
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name in kind.fields and kind.fields[name].refers and value not in chosen:
            if kind.lasting and name == "record":
                return None
            continue
        found[name] = value
    return found


def _about(decision: Mapping[str, Any], chosen: Collection[str]) -> bool:
    """Whether a question or a decision is about records that go along, or about none."""
    named = {str(one.get("uid") or "") for one in decision.get("candidates", ())} | {str(decision.get("record") or "")}
    return named - {""} <= set(chosen)
