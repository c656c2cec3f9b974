"""The journal as a feed for other programs: a document or a line for each field that a revision changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from cmdb.model.formats import moment
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, Schema
from cmdb.model.section_words import shown_value
from cmdb.model.values import show

if TYPE_CHECKING:
    from cmdb.model.journal import FieldChange
    from cmdb.store.reading.reader import Reader

_BATCH = 1_000
"""Changes whose records are named at once."""

_KINDS = {
    "relationship": Message("Relationship"), "group": Message("Redundancy group"),
    "installation": Message("Installation"), "assignment": Message("Assignment"), "sighting": Message("Sighting"),
    "alias": Message("Former name"), "section": Message("Row of a section"),
    "event": Message("Event"),
    "attachment": Message("File"), "result": Message("Result of an audit"),
    "reservation": Message("Reservation"),
}  # fmt: skip
_UNSAID = ("group", "stated_by", "digest")
"""What of the value of a kind is for programs only."""

_Names = Mapping[str, tuple[str, str]]
"""Record → its class and name, also of one that was deleted since."""


def documents(reader: Reader, since: int) -> Iterator[dict[str, Any]]:
    """What was changed after a revision, as JSON values: a document for each field, in order; streamed.

    Raises UserError where it is no longer kept.
    """
    for change, names in _named(reader, since):
        cls, name = (change.cls, change.name) if change.cls else names.get(change.uid, ("", ""))
        yield {
            "revision": change.number,
            "time": change.time,
            "author": change.author,
            "id": change.uid,
            "class": _label(reader.schema, cls),
            "name": name,
            "field": change.field,
            "before": _value(reader.schema, change, change.before, names),
            "after": _value(reader.schema, change, change.after, names),
        }


def lines(reader: Reader, since: int) -> Iterator[str]:
    """The same as text for people."""
    for change, names in _named(reader, since):
        cls, name = (change.cls, change.name) if change.cls else names.get(change.uid, ("", ""))
        yield tr(
            "{revision}  {time}  {author}  {cls} {name}  {field}: {before} → {after}",
            revision=str(change.number),
            time=moment(change.time),
            author=change.author,
            cls=_label(reader.schema, cls),
            name=name,
            field=_field(reader.schema, cls, change.field),
            before=_text(reader.schema, cls, change, change.before, names),
            after=_text(reader.schema, cls, change, change.after, names),
        )


def _named(reader: Reader, since: int) -> Iterator[tuple[FieldChange, _Names]]:
    """The changes, each with the names of all records that it is about."""
    changes = reader.changes(since)
    while batch := list(islice(changes, _BATCH)):
        names = reader.last_names({uid for change in batch for uid in _mentioned(reader.schema, change)})
        yield from ((change, names) for change in batch)


def _mentioned(schema: Schema, change: FieldChange) -> Iterator[str]:
    if not change.cls:
        yield change.uid
    for value in (change.before, change.after):
        if isinstance(value, Mapping):
            yield from (str(value[field]) for field in _references(change.field) if field in value)
        elif value is not None and _refers(schema, change.cls, change.field):
            yield str(value)


def _references(kind: str) -> Iterable[str]:
    from cmdb.store.reading.feed import reference_fields

    return reference_fields(kind)


def _attribute(schema: Schema, cls: str, field: str) -> Attribute | None:
    """The attribute of a class, or of another one where the record has changed its class."""
    own = schema.classes[cls].attributes.get(field) if cls in schema.classes else None
    return own or schema.every_attribute.get(field)


def _refers(schema: Schema, cls: str, field: str) -> bool:
    attribute = _attribute(schema, cls, field)
    return attribute is not None and attribute.type == "reference"


def _label(schema: Schema, cls: str) -> str:
    return schema.classes[cls].label if cls in schema.classes else cls


def _field(schema: Schema, cls: str, field: str) -> str:
    if field == "class":
        return tr("Class")
    found = _attribute(schema, cls, field)
    return found.label if found is not None else str(_KINDS.get(field, field))


# -- values -----------------------------------------------------------------------------------------------------------


def _value(schema: Schema, change: FieldChange, value: Any, names: _Names) -> Any:
    """A value as JSON: references, and records in the value of a kind, as ``{id, class, name}``."""
    if value is None:
        return None
    if change.field == "class":
        return _label(schema, value)
    if isinstance(value, Mapping):
        refs = frozenset(_references(change.field))
        return {field: _brief(schema, one, names) if field in refs else one for field, one in value.items()}
    return _brief(schema, value, names) if _refers(schema, change.cls, change.field) else value


def _brief(schema: Schema, uid: str, names: _Names) -> dict[str, str]:
    cls, name = names.get(uid, ("", ""))
    return {"id": uid, "class": _label(schema, cls), "name": name}


def _text(schema: Schema, cls: str, change: FieldChange, value: Any, names: _Names) -> str:
    if value is None:
        return "—"
    if change.field == "class":
        return _label(schema, value)
    if change.field == "event":
        return _event_text(schema, cls, value, names)
    if change.field == "attachment":
        return str(value.get("name", ""))
    if change.field == "section":
        return _row_text(schema, value)
    if isinstance(value, Mapping):
        refs = frozenset(_references(change.field))
        shown = {field: names.get(one, ("", str(one)))[1] if field in refs else one for field, one in value.items()}
        if change.field == "relationship" and shown.get("type") in schema.relationships:
            shown["type"] = schema.relationships[str(shown["type"])].label
        return " ".join(str(one) for field, one in shown.items() if field not in _UNSAID)
    if _refers(schema, cls, change.field):
        return names.get(str(value), ("", str(value)))[1]
    found = _attribute(schema, cls, change.field)
    return str(show(found, value)) if found is not None else str(value)


def _row_text(schema: Schema, row: Mapping[str, Any]) -> str:
    """A row of a section in words: the section's label and its values."""
    section = schema.sections.get(str(row["section"]))
    if section is None:
        return " ".join(str(one) for one in row.values())
    values = [shown_value(column, row[name]) for name, column in section.columns.items() if name in row]
    return " ".join((section.label, *values))


def _event_text(schema: Schema, cls: str, fields: Mapping[str, Any], names: _Names) -> str:
    """An event in words: what changed, when, and the value from then on."""
    from cmdb.register.difference import event_label

    label = event_label(schema, fields)
    attribute = _attribute(schema, cls, str(fields.get("field", "")))
    if attribute is None:
        return label
    after = fields.get("after_ref", fields.get("after"))
    shown = names.get(str(after), ("", str(after)))[1] if "after_ref" in fields else str(show(attribute, after))
    return tr("{attribute}: {value}", attribute=label, value=shown or "—")
