"""What a revision changed of the estate's own schema, line by line: of which class or type, which property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from app.schema.source_orders import OrderPlace, order_words
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.model.revision import Edit
from cmdb.model.schema import Schema
from cmdb.model.source_orders import APPLY, RankedSource

SCHEMA_ENTRY = "schema_entry"

_WORDS: Mapping[str, Message] = {
    "label": Message("Name"),
    "plural": Message("Plural"),
    "inverse": Message("Name from the second record"),
    "icon": Message("Icon"),
    "parent": Message("Class above"),
    "type": Message("Type"),
    "unit": Message("Unit"),
    "choices": Message("Choices"),
    "target": Message("Refers to"),
    "required": Message("Required"),
    "unique": Message("Unique"),
    "indexed": Message("Fast to sort and filter by"),
    "hidden": Message("Hidden"),
    "section": Message("Group in forms"),
    "help": Message("What it means"),
    "subjects": Message("What stands first"),
    "objects": Message("What stands second"),
    "impact": Message("A failure"),
    "of": Message("Records that can have it"),
    "sources": Message("Order of sources"),
}


class SchemaLine(NamedTuple):
    """One property of the schema before and after."""

    item: str
    what: str
    before: str
    after: str


def schema_lines(schema: Schema, edits: Iterable[Edit]) -> Iterator[SchemaLine]:
    """What edits of entries of the schema changed. What no longer has a label is called by its name."""
    for edit in edits:
        if edit.record.kind != SCHEMA_ENTRY:
            continue
        before, after = (dict(_leaves(_document(edit, value))) for value in (edit.before, edit.after))
        for path in dict.fromkeys((*before, *after)):
            if before.get(path) != after.get(path):
                yield SchemaLine(
                    _item(schema, path), _what(schema, path), _shown(before.get(path)), _shown(after.get(path))
                )


def _document(edit: Edit, value: Any) -> Any:
    return value if edit.field or value is None else value.get("document")


def _leaves(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in part.items() if isinstance(part, Mapping) else ():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, str(name)))
        else:
            yield (*path, str(name)), value


def _item(schema: Schema, path: tuple[str, ...]) -> str:
    """The class, relationship type or section."""
    kind, name = path[0], path[1] if len(path) > 1 else ""
    if kind == "class" and name in schema.classes:
        return str(schema.classes[name].label)
    if kind == "relationship" and name in schema.relationships:
        return str(schema.relationships[name].label)
    if kind == "sources":
        return tr("All classes")
    if kind == "section" and name in schema.sections:
        return str(schema.sections[name].plural or schema.sections[name].label)
    return name or kind


def _what(schema: Schema, path: tuple[str, ...]) -> str:
    """The property, of the attribute or column that it is of."""
    if path[0] == "sources":
        place = OrderPlace(name=path[-1])
        return tr("{attribute}: {property}", attribute=str(place.label(schema)), property=str(_WORDS["sources"]))
    if len(path) == 4 and path[2] == "section_sources":
        section = schema.sections.get(path[3])
        owner = str(section.plural or section.label) if section is not None else path[3]
        return tr("{attribute}: {property}", attribute=owner, property=str(_WORDS["sources"]))
    known = _WORDS.get(path[-1])
    word = str(known) if known is not None else path[-1]
    if len(path) <= 3:
        return word
    attribute = schema.every_attribute.get(path[3]) if path[2] == "attributes" else None
    owner = str(attribute.label) if attribute is not None else path[3]
    return tr("{attribute}: {property}", attribute=owner, property=word)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if isinstance(value, list | tuple):
        return listing([_one(one) for one in value], "unit")
    return str(value)


def _one(value: Any) -> str:
    if isinstance(value, Mapping) and "source" in value:
        return str(order_words([RankedSource(value["source"], value.get("does", APPLY))]))
    if isinstance(value, Mapping):
        return str(value.get("label") or value.get("value") or "")
    return _shown(value)
