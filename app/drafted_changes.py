"""What a draft does, line by line, and what of it does not fit the estate any more: before, in the draft, now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.history.revisions import ChangeLines, change_lines
from cmdb.model.drafts import Draft, DraftConflict, FieldConflict
from cmdb.model.messages import Message, tr
from cmdb.model.record_kinds import field_of, one_of
from cmdb.model.revision import Content
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from app.item_search import Names
    from cmdb.register.difference import Show
    from cmdb.store.drafts.draft_store import DraftStore


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One field of a record that others have changed meanwhile; or, without a field, why the record does not fit."""

    record: str
    item: str
    icon: str
    reason: str
    what: str
    before: str
    drafted: str
    present: str


@dataclass(frozen=True, slots=True)
class DraftedChanges:
    """A draft, its changes, and its conflicts."""

    draft: Draft
    changes: ChangeLines
    conflicts: tuple[ConflictLine, ...]
    number: int
    """The number of the revision that the draft would be."""


def drafted_changes(store: DraftStore, show: Show) -> DraftedChanges:
    """What a draft does and what of it does not fit; ``show`` words values. Not for the GUI's thread."""
    found = store.conflicts()
    edits = store.edits()
    with store.read() as reader:
        number = reader.number
        changes = change_lines(reader, reader.edits(number), show) if edits else ChangeLines([])
        values = {
            value
            for one in found
            for each in one.fields
            for value in (each.before, each.drafted, each.present)
            if isinstance(value, str)
        }
        names = reader.last_names(value for value in values if len(value) == 36)
        lines = tuple(line for one in found for line in _of(reader.schema, one, names, show))
    return DraftedChanges(store.draft, changes, lines, number)


def _of(schema: Schema, one: DraftConflict, names: Names, show: Show) -> Iterator[ConflictLine]:
    icon = schema.classes[one.cls].icon if one.cls in schema.classes else "box"
    item, reason = one.name or tr("an item that is gone"), str(one.reason)
    if not one.fields:
        gone = tr("deleted") if one.deleted else ""
        yield ConflictLine(one.record, item, icon, reason, "", "", "", gone)
    for each in one.fields:
        values = (_worded(schema, each, value, names, show) for value in (each.before, each.drafted, each.present))
        yield ConflictLine(one.record, item, icon, reason, _label(schema, each.field), *values)


def _label(schema: Schema, field: str) -> str:
    if field == "class":
        return tr("Class")
    attribute = schema.every_attribute.get(field)
    if attribute is not None:
        return attribute.label
    kind, _, part = field.partition(".")
    label, what = one_of(kind) or Message("Record"), field_of(part)
    return tr("{record}: {field}", record=label, field=what) if what is not None else str(label)


def _worded(schema: Schema, each: FieldConflict, value: Content, names: Names, show: Show) -> str:
    if value is None:
        return ""
    if each.field == "class":
        return schema.classes[str(value)].label if str(value) in schema.classes else str(value)
    if isinstance(value, Mapping):
        told = {name: one for name, one in value.items() if one not in (None, "", [])}
        words = [
            tr("{record}: {field}", record=word, field=names[str(one)][1] if str(one) in names else str(one))
            for name, one in told.items()
            if (word := field_of(name)) is not None and isinstance(one, str | int)
        ]
        return ", ".join(words) or tr("there")
    attribute = schema.every_attribute.get(each.field)
    if attribute is not None and isinstance(value, str | int | Decimal):
        return show(attribute, value, names)
    return str(value)
