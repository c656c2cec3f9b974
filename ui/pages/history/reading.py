"""What the history page reads of a revision, in a worker thread, put into lines a person understands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.finding import Names
from cmdb.model.revision import Edit
from cmdb.model.schema import Schema
from ui.widgets.dates import plural
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.applied import Kept
    from cmdb.model.journal import Header
    from cmdb.store.reading.reader import Reader

MOST = 2_000
"""Changes of one revision that are listed; the rest is counted."""


@dataclass(frozen=True)
class Change:
    """One line of a revision: which item, what of it, before and after."""

    uid: str
    item: str
    icon: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """A revision with its lines; ``counted`` says in words what is not listed one by one."""

    header: Header
    lines: list[Change]
    counted: str


@dataclass(frozen=True)
class UndoPreview:
    """What taking a revision back would do."""

    header: Header
    lines: list[Change]
    counted: str
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Journal:
    """A page of the journal, and since when what was changed is kept (ISO UTC; "" where all of it is)."""

    headers: list[Header]
    kept_from: str


def journal(reader: Reader, limit: int, before: int | None) -> Journal:
    """A page of the journal."""
    from cmdb.register.retention import remaining

    return Journal(reader.revisions(limit, before), remaining(reader)[1])


def changes(reader: Reader, number: int) -> Changes:
    """What a revision changed."""
    header = reader.revision(number)
    return Changes(header, *_lines(reader, reader.edits(number)))


def undo_preview(reader: Reader, number: int, author: str) -> UndoPreview:
    """What taking it back would change, and what would stay. Raises UserError where it is taken back already."""
    from cmdb.register.history import preview_undo

    revision, kept = preview_undo(reader, number, author)
    header = reader.revision(number)
    edits = [_inverted(e) for e in reader.edits(number)]
    held = {(k.uid, k.field) for k in kept}
    whole = {k.uid for k in kept if not k.field}
    edits = [e for e in edits if e.record.key[0] not in whole and (e.record.key[0], e.field) not in held]
    lines, counted = _lines(reader, edits)
    if not list(revision.edits):
        lines, counted = [], ""
    return UndoPreview(header, lines, counted, kept)


def _inverted(edit: Edit) -> Edit:
    return Edit(edit.record, edit.field, edit.after, edit.before)


def _lines(reader: Reader, edits: list[Edit]) -> tuple[list[Change], str]:
    schema = reader.schema
    listed = [e for e in edits if e.record.kind in ("ci", "relationship", "assignment", "group")]
    counts = Counter(e.record.kind for e in edits if e.record.kind not in ("ci", "relationship", "assignment", "group"))
    shown = listed[:MOST]
    references = {n for n, a in schema.all_attributes().items() if a.type == "reference"}
    wanted: set[str] = set()
    for edit in shown:
        wanted.update(k for k in edit.record.key if len(k) == 36)
        for value in (edit.before, edit.after):
            if edit.field in references and isinstance(value, str):
                wanted.add(value)
            elif isinstance(value, dict):
                wanted.update(v for n, v in value.items() if isinstance(v, str) and len(v) == 36)
    names = reader.last_names(wanted)
    lines = [line for edit in shown if (line := _line(schema, edit, names)) is not None]
    words = {"installation": "installation", "sighting": "sighting", "decision": "decision", "saved_view": "saved view"}
    parts = [plural(n, words.get(kind, kind.replace("_", " "))) for kind, n in counts.items()]
    if len(listed) > MOST:
        parts.insert(0, f"{plural(len(listed) - MOST, 'more change')}")
    return lines, ", ".join(parts)


def _line(schema: Schema, edit: Edit, names: Names) -> Change | None:
    key = edit.record.key
    if edit.record.kind == "ci":
        return _ci_line(schema, edit, names)
    if edit.record.kind == "group":
        fields = edit.after or edit.before
        if edit.field:
            return Change("", "Dependency group", "link", edit.field, str(edit.before or ""), str(edit.after or ""))
        owner = fields.get("owner", "")
        text = f"{fields.get('label', '')}: needs {fields.get('needs', '')}"
        return Change(owner, _name(names, owner), "link", "Dependency group", *_whole(edit, text))
    if edit.record.kind == "relationship":
        kind = schema.relationships.get(key[0])
        label = kind.label if kind is not None else key[0]
        if edit.field:
            return Change(
                key[1], _name(names, key[1]), "link", f"{label} {_name(names, key[2])}", f"{edit.field}", "changed"
            )
        return Change(key[1], _name(names, key[1]), "link", label, *_whole(edit, _name(names, key[2])))
    return Change(key[0], _name(names, key[0]), "entitlement", "Assigned to", *_whole(edit, _name(names, key[1])))


def _ci_line(schema: Schema, edit: Edit, names: Names) -> Change | None:
    uid = edit.record.key[0]
    if not edit.field:
        whole: dict[str, Any] = edit.after or edit.before
        cls = schema.classes.get(str(whole.get("class", "")))
        label = cls.label if cls is not None else ""
        name = str(whole.get("name", "")) or _name(names, uid)
        return Change(
            uid, name, cls.icon if cls else "box", "Created" if edit.before is None else "Deleted", *_whole(edit, label)
        )
    known = names.get(uid)
    icon = schema.classes[known[0]].icon if known and known[0] in schema.classes else "box"
    if edit.field == "class":
        before, after = (schema.classes[c].label if c in schema.classes else str(c) for c in (edit.before, edit.after))
        return Change(uid, _name(names, uid), icon, "Class", before, after)
    attribute = schema.all_attributes().get(edit.field)
    if attribute is None:
        return Change(uid, _name(names, uid), icon, edit.field, str(edit.before or ""), str(edit.after or ""))
    before, after = (text_of(attribute, v, names) for v in (edit.before, edit.after))
    return Change(uid, _name(names, uid), icon, attribute.label, before, after)


def _whole(edit: Edit, text: str) -> tuple[str, str]:
    return ("", text) if edit.before is None else (text, "")


def _name(names: Names, uid: str) -> str:
    return names.get(uid, ("", "an item that is gone"))[1]
