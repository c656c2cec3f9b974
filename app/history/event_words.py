"""Events in the lists of what revisions changed: which of them say something new, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from cmdb.model.messages import tr
from cmdb.model.revision import Edit
from cmdb.model.schema import Attribute, Schema


def without_told(edits: Sequence[Edit]) -> list[Edit]:
    """The edits without those of events that say no more than an item's own: that it was changed by this revision."""
    changed = {(e.record.key[0], e.field) for e in edits if e.record.kind == "ci"}
    touched = {uid for uid, _ in changed}
    return [e for e in edits if e.record.kind != "event" or not _is_told(e, changed, touched)]


def event_text(schema: Schema, edit: Edit, show: Callable[[Attribute, Any], str]) -> str:
    """An event in one line: "Assigned to: Ann → Bob, 27 Nov 2026, 12:00"; of one that is taken back, that it is."""
    from cmdb.register.difference import event_label

    fields: Any = edit.after or edit.before or {}
    attribute = schema.every_attribute.get(str(fields.get("field", "")))
    label = event_label(schema, fields)
    if attribute is not None:
        before, after = (show(attribute, fields.get(f"{end}_ref", fields.get(end))) for end in ("before", "after"))
        label = tr("{attribute}: {before} → {after}", attribute=label, before=before, after=after)
    return tr("Taken back: {event}", event=label) if edit.after is None else label


def _is_told(edit: Edit, changed: Collection[tuple[str, str]], touched: Collection[str]) -> bool:
    fields: Any = edit.after or edit.before or {}
    if edit.field or "field" not in fields:
        return edit.field != "" or fields.get("record") in touched
    return (fields.get("record"), fields["field"]) in changed
