"""The journal in pages; and the changes of a revision or of its undo, line by line. For worker threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.drift.differences import SOFTWARE, counts_text
from app.drift.drift_of_edits import drift_of_edits, is_software, numbers_of_edits
from app.drift.releases import catalogue_for
from app.history.event_words import without_told
from app.history.schema_lines import SCHEMA_ENTRY, schema_lines
from app.history.section_changes import rows_of_others, titles_of
from app.item_search import Names
from app.record_sections import section_label
from app.undo import undo_preview
from cmdb.model.claims import STATED_BY
from cmdb.model.messages import Message, chain, counted, tr
from cmdb.model.record_kinds import records_changed
from cmdb.model.reservations import worded
from cmdb.model.revision import Edit
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from app.drift.differences import DriftLine, SectionDrift
    from cmdb.model.applied_revision import UndoConflict
    from cmdb.model.journal import RevisionHeader
    from cmdb.model.journal_head import JournalHead
    from cmdb.register.difference import Show
    from cmdb.store.reading.reader import Reader

MOST = 2_000
"""Changes of one revision that are listed; the rest is counted."""
MOST_ROWS = 60
"""Rows of sections and installations that are listed; where a revision changes more, they are counted by section."""
MOST_COUNTED = 20_000
"""Where it changes more than so many, they are counted over all items."""
_SEEN = "last_seen"
_LISTED = frozenset(
    {"ci", "relationship", "membership", "assignment", "group", "event", "attachment", "comment", "reservation"}
)


@dataclass(frozen=True)
class ChangeLine:
    """One line of a revision: which item, what of it, before and after; ``attribute``: its name where it is a value."""

    uid: str
    item: str
    icon: str
    what: str
    before: str
    after: str
    attribute: str = ""


@dataclass(frozen=True)
class ChangeLines:
    """A revision's changes: the first lines, how many ``more`` there are, and the number of ``others`` by kind."""

    lines: list[ChangeLine]
    more: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    seen: int = 0
    """Items that were only seen again: a line for each would bury what has changed."""

    def __bool__(self) -> bool:
        return bool(self.lines or self.more or self.others or self.seen)

    @property
    def rest(self) -> Message:
        """The counted changes, in words; empty where nothing is."""
        kinds = (records_changed(kind, number) for kind, number in self.others.items())
        more = [counted("{count} more change", "{count} more changes", self.more)] if self.more else []
        seen = [counted("{count} item seen again", "{count} items seen again", self.seen)] if self.seen else []
        return chain((*more, *kinds, *seen))


@dataclass(frozen=True)
class RevisionChanges:
    """A revision with what it changed."""

    header: RevisionHeader
    changes: ChangeLines
    drafted: bool = False
    """Whether it is the open draft: it is no revision yet."""


@dataclass(frozen=True)
class RevisionUndo:
    """The changes of an undo of a revision, and what would stay because it was changed since."""

    header: RevisionHeader
    changes: ChangeLines
    kept: tuple[UndoConflict, ...]


@dataclass(frozen=True)
class JournalPage:
    """A page of the journal, the time from which on changes are kept (ISO UTC; "" where all of them are), and the
    journal's head.
    """

    headers: list[RevisionHeader]
    kept_from: str
    head: JournalHead


def items_changed_by(reader: Reader, number: int) -> dict[str, str]:
    """Id → class of the items that a revision made or changed and that are there. Raises UserError if what it changed
    is no longer kept.
    """
    uids = list({edit.record.key[0]: None for edit in reader.edits(number) if edit.record.kind == "ci"})
    found = reader.names(uids) if uids else {}
    return {uid: cls for uid, (cls, _) in found.items() if reader.schema.root_of(cls) == "ci"}


def journal(reader: Reader, uid: str | None = None) -> Iterator[RevisionHeader]:
    """All revisions (that touched ``uid``), newest first, read in pages."""
    from cmdb.register.revision_titles import titled

    before: int | None = None
    while page := reader.revisions(limit=200, before=before, uid=uid):
        yield from titled(reader, page)
        before = page[-1].number


def journal_page(reader: Reader, limit: int, before: int | None) -> JournalPage:
    """The latest revisions, or those before one."""
    from cmdb.register.retention import remaining
    from cmdb.register.revision_titles import titled

    return JournalPage(titled(reader, reader.revisions(limit, before)), remaining(reader)[1], reader.head())


def revision_changes(reader: Reader, number: int, show: Show) -> RevisionChanges:
    """The changes of a revision; ``show`` words values. Raises NotFound, and UserError if they aren't kept."""
    from cmdb.register.revision_titles import titled_revision

    header = titled_revision(reader, number)
    drafted = bool(reader.draft) and number == reader.number
    before = None if drafted else reader.as_of(number - 1)
    return RevisionChanges(header, change_lines(reader, reader.edits(number), show, before), drafted)


def revision_undo(reader: Reader, number: int, author: str, show: Show) -> RevisionUndo:
    """The changes of its undo, and what would stay. Raises UserError where it is undone already."""
    from cmdb.register.revision_titles import titled_revision

    preview = undo_preview(reader, number, author)
    header = titled_revision(reader, number)
    if not preview.edits:
        return RevisionUndo(header, ChangeLines([]), preview.kept)
    edits = [Edit(e.record, e.field, e.after, e.before) for e in reader.edits(number)]
    held = {(k.uid, k.field) for k in preview.kept}
    whole = {k.uid for k in preview.kept if not k.field}
    edits = [e for e in edits if e.record.key[0] not in whole and (e.record.key[0], e.field) not in held]
    return RevisionUndo(header, change_lines(reader, edits, show, reader), preview.kept)


def change_lines(reader: Reader, edits: list[Edit], show: Show, before: Reader | None = None) -> ChangeLines:
    """Edits line by line; ``show`` words values, ``before`` is what was known before them, where that can be asked."""
    schema = reader.schema
    edits = without_told(edits)
    listed = [e for e in edits if e.record.kind in _LISTED and e.field != STATED_BY]
    seen = {e.record.key[0] for e in listed if e.record.kind == "ci" and e.field == _SEEN and e.before and e.after}
    listed = [e for e in listed if e.field != _SEEN or e.record.key[0] not in seen]
    shown = listed[:MOST]
    rows = _row_lines(reader, edits, before)
    names = reader.last_names(_named(schema, shown) | {one.uid for one in rows if one.uid})
    lines = [line for edit in shown if (line := _line(schema, edit, names, show)) is not None]
    lines += [_named_row(schema, one, names) for one in rows]
    lines += [ChangeLine("", one.item, "list", one.what, one.before, one.after) for one in schema_lines(schema, edits)]
    others = Counter(
        STATED_BY if e.field == STATED_BY else e.record.kind
        for e in edits
        if e.field == STATED_BY or (e.record.kind not in (*_LISTED, "section", SCHEMA_ENTRY) and not is_software(e))
    )
    return ChangeLines(lines, len(listed) - len(shown), others, len(seen))


def _named(schema: Schema, edits: list[Edit]) -> set[str]:
    """The ids of all records in some edits."""
    references = schema.reference_names
    wanted: set[str] = set()
    for edit in edits:
        wanted.update(k for k in edit.record.key if len(k) == 36)
        for value in (edit.before, edit.after):
            if edit.field in references and isinstance(value, str):
                wanted.add(value)
            elif isinstance(value, dict):
                wanted.update(v for v in value.values() if isinstance(v, str) and len(v) == 36)
    return wanted


def _line(schema: Schema, edit: Edit, names: Names, show: Show) -> ChangeLine | None:
    key = edit.record.key
    if edit.record.kind == "ci":
        return _ci_line(schema, edit, names, show)
    if edit.record.kind == "group":
        fields: Any = edit.after or edit.before
        if edit.field:
            what = _field_label(edit.field)
            return ChangeLine("", tr("Redundancy group"), "link", what, str(edit.before or ""), str(edit.after or ""))
        owner = fields.get("owner", "")
        text = tr("{group}: needs {number}", group=fields.get("label", ""), number=str(fields.get("needs", "")))
        return ChangeLine(owner, _name(names, owner), "link", tr("Redundancy group"), *_whole(edit, text))
    if edit.record.kind == "attachment":
        return _file_line(edit, names)
    if edit.record.kind == "comment":
        return _comment_line(edit, names)
    if edit.record.kind == "reservation":
        return _reservation_line(edit, names)
    if edit.record.kind == "event":
        return _event_line(schema, edit, names, show)
    if edit.record.kind == "membership":
        _, name, source, target = key
        kind = schema.relationships.get(name)
        what = _of_relationship(kind.label if kind is not None else name, target, "group", names)
        return ChangeLine(source, _name(names, source), "link", what, *_whole(edit, tr("in a group")))
    if edit.record.kind == "relationship":
        kind = schema.relationships.get(key[0])
        label = kind.label if kind is not None else key[0]
        if edit.field:
            return _relationship_line(edit, label, names)
        return ChangeLine(key[1], _name(names, key[1]), "link", label, *_whole(edit, _name(names, key[2])))
    return ChangeLine(
        key[0], _name(names, key[0]), "entitlement", tr("Assigned to"), *_whole(edit, _name(names, key[1]))
    )


def _row_lines(reader: Reader, edits: list[Edit], before: Reader | None) -> list[ChangeLine]:
    """Lines for rows of sections and for software: each, or their numbers by item and section, or by section. Rows that
    another source has are no change, as in drift.

    Names and icons of items are still missing.
    """
    schema = reader.schema
    concerned = [e for e in edits if e.record.kind == "section" or is_software(e)]
    if not concerned:
        return []
    if len(concerned) > MOST_COUNTED:
        numbers = numbers_of_edits(schema, concerned)
        return [ChangeLine("", "", "list", _part(schema, n), "", counts_text(c)) for n, c in numbers.items()]
    others = rows_of_others(before, concerned) if before is not None else set()
    concerned = [e for e in concerned if e.record not in others]
    rows = {e.record for e in concerned if e.record.kind == "section" and e.field}
    titles = titles_of(reader, concerned) if len(rows) <= MOST_ROWS else {}  # more are only counted
    found = drift_of_edits(schema, concerned, catalogue_for(reader), titles)
    parts = [(uid, one) for uid, its in found.items() for one in its]
    if sum(len(one.lines) for _, one in parts) <= MOST_ROWS:
        return [
            ChangeLine(uid, "", "", _what(one, line), line.then, line.now) for uid, one in parts for line in one.lines
        ]
    if len(parts) <= MOST_ROWS:
        return [ChangeLine(uid, "", "", one.title, "", one.counts_text) for uid, one in parts]
    summed: dict[str, Counter[str]] = {}
    for _, one in parts:
        summed.setdefault(one.title, Counter()).update(one.counts)
    return [ChangeLine("", "", "list", title, "", counts_text(counts)) for title, counts in summed.items()]


def _what(part: SectionDrift, line: DriftLine) -> str:
    """What a line of a section is about; a product says that it is software."""
    return tr("{section}: {what}", section=part.title, what=line.what) if part.name == SOFTWARE else line.what


def _part(schema: Schema, name: str) -> str:
    return tr("Installed software") if name == SOFTWARE else str(section_label(schema, name))


def _named_row(schema: Schema, line: ChangeLine, names: Names) -> ChangeLine:
    """A line of a row with its item's name and icon."""
    if not line.uid:
        return replace(line, item=tr("Several items"))
    cls = schema.classes.get(names[line.uid][0]) if line.uid in names else None
    return replace(line, item=_name(names, line.uid), icon=cls.icon if cls else "box")


def _file_line(edit: Edit, names: Names) -> ChangeLine:
    """A line for a file that is kept with an item."""
    whole: Any = edit.after or edit.before
    if edit.field:
        shown = [_name(names, str(v)) if edit.field == "record" else v for v in (edit.before, edit.after)]
        return ChangeLine("", tr("File"), "document", _field_label(edit.field), *(str(v or "") for v in shown))
    owner = str(whole.get("record", ""))
    return ChangeLine(owner, _name(names, owner), "document", tr("File"), *_whole(edit, str(whole.get("name", ""))))


def _comment_line(edit: Edit, names: Names) -> ChangeLine:
    """A line for a comment on an item."""
    whole: Any = edit.after or edit.before
    if edit.field:
        return ChangeLine(
            "", tr("Comment"), "note", _field_label(edit.field), str(edit.before or ""), str(edit.after or "")
        )
    owner = str(whole.get("owner", ""))
    return ChangeLine(owner, _name(names, owner), "note", tr("Comment"), *_whole(edit, str(whole.get("text", ""))))


def _reservation_line(edit: Edit, names: Names) -> ChangeLine:
    """A line for a reservation of an item."""
    whole: Any = edit.after or edit.before
    if edit.field:
        shown = [_name(names, str(v)) if edit.field in ("by", "subject") else v for v in (edit.before, edit.after)]
        return ChangeLine("", tr("Reservation"), "calendar", _field_label(edit.field), *(str(v or "") for v in shown))
    subject = str(whole["subject"])
    return ChangeLine(
        subject, _name(names, subject), "calendar", tr("Reserved"), *_whole(edit, str(worded(whole, names)))
    )


def _relationship_line(edit: Edit, label: str, names: Names) -> ChangeLine:
    """A line for a field of a relationship that stays."""
    _, source, target = edit.record.key
    what = _of_relationship(label, target, edit.field, names)
    if edit.field == "alone":
        shown = [tr("no") if value is False else tr("yes") for value in (edit.before, edit.after)]
    else:
        shown = [str(value) if value else "" for value in (edit.before, edit.after)]
    return ChangeLine(source, _name(names, source), "link", what, *shown)


def _of_relationship(label: str, target: str, field: str, names: Names) -> str:
    """What of a relationship differs."""
    return tr(
        "{relationship} {item}: {field}", relationship=label, item=_name(names, target), field=_field_label(field)
    )


def _field_label(field: str) -> str:
    """The label of a field of a relationship or a dependency group."""
    return str(_FIELDS[field]) if field in _FIELDS else field


_FIELDS = {
    "group": Message("Redundancy group"),
    "alone": Message("Stands alone"),
    "note": Message("Note"),
    "owner": Message("Owner"),
    "label": Message("Name"),
    "needs": Message("Needs"),
    "strength": Message("Strength"),
    "record": Message("Item"),
    "about": Message("About"),
    "text": Message("Text"),
    "edited": Message("Changed at"),
}


def _ci_line(schema: Schema, edit: Edit, names: Names, show: Show) -> ChangeLine | None:
    uid = edit.record.key[0]
    if not edit.field:
        whole: Any = edit.after or edit.before
        cls = schema.classes.get(str(whole.get("class", "")))
        label = cls.label if cls is not None else ""
        name = str(whole.get("name", "")) or _name(names, uid)
        return ChangeLine(
            uid,
            name,
            cls.icon if cls else "box",
            tr("Created") if edit.before is None else tr("Deleted"),
            *_whole(edit, label),
        )
    known = names.get(uid)
    icon = schema.classes[known[0]].icon if known and known[0] in schema.classes else "box"
    if edit.field == "class":
        before, after = (_class_label(schema, str(c)) for c in (edit.before, edit.after))
        return ChangeLine(uid, _name(names, uid), icon, tr("Class"), before, after, "class")
    attribute = schema.every_attribute.get(edit.field)
    if attribute is None:
        return ChangeLine(uid, _name(names, uid), icon, edit.field, str(edit.before or ""), str(edit.after or ""))
    values: Any = (edit.before, edit.after)
    before, after = (show(attribute, v, names) for v in values)
    return ChangeLine(uid, _name(names, uid), icon, attribute.label, before, after, edit.field)


def _event_line(schema: Schema, edit: Edit, names: Names, show: Show) -> ChangeLine:
    """What an event says: it happened earlier than what is known of the item already, or it is taken back."""
    from cmdb.register.difference import event_label

    fields: Any = edit.after or edit.before
    uid = str(fields["record"])
    cls = schema.classes.get(names[uid][0]) if uid in names else None
    attribute = schema.every_attribute.get(str(fields.get("field", "")))
    values = (fields.get(f"{end}_ref", fields.get(end)) for end in ("before", "after"))
    before, after = ("" if attribute is None else show(attribute, value, names) for value in values)
    if edit.after is None:
        before, after = after, ""
    return ChangeLine(uid, _name(names, uid), cls.icon if cls else "box", event_label(schema, fields), before, after)


def _whole(edit: Edit, text: str) -> tuple[str, str]:
    return ("", text) if edit.before is None else (text, "")


def _name(names: Names, uid: str) -> str:
    return names[uid][1] if uid in names else tr("an item that is gone")


def _class_label(schema: Schema, cls: str) -> str:
    return schema.classes[cls].label if cls in schema.classes else cls
