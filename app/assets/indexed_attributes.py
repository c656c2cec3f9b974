"""The attributes that are fast to sort and filter by; another one is made fast by a mark in the estate's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from cmdb.model import query
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Attribute, Schema

if TYPE_CHECKING:
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader


def is_quick(schema: Schema, name: str) -> bool:
    """Whether the schema marks an attribute as indexed. Names and classes always have theirs."""
    from cmdb.store.rows.indexes import of_attribute

    attribute = schema.all_attributes().get(name)
    return name in ("name", "class") or (attribute is not None and any(of_attribute(attribute, "sqlite")))


def can_be_marked(attribute: Attribute) -> bool:
    """Whether people cannot change it: names, classes, references and unique values are always indexed."""
    return attribute.name not in ("name", "class") and attribute.type != "reference" and not attribute.unique


def slow_parts(schema: Schema, selection: Selection) -> Iterator[tuple[Literal["sort", "filter"], Attribute]]:
    """The reason why a selection is slow: ("sort" or "filter", the attribute without an index)."""
    if schema.root_of(selection.cls) != "ci":
        return  # the lists of other roots are short, and no further index can be built for them
    known = schema.all_attributes()
    for part in selection.sort.split(","):
        found = known.get(part.strip().lstrip("-+"))
        if found is not None and not is_quick(schema, found.name):
            yield "sort", found
    for leaf in query.leaves(query.parse(selection.where)):
        found = schema.find_attribute(selection.cls, leaf.path[0]) or known.get(leaf.path[0])
        if found is not None and not is_quick(schema, found.name):
            yield "filter", found


def marking(reader: Reader, attribute: Attribute, on: bool, author: str) -> Revision:
    """The revision that marks an attribute as indexed, by a schema entry, or removes that entry."""
    schema = reader.schema
    owner = next(cls.name for cls in schema.tree() if attribute.name in cls.attributes)
    label = attribute.label
    reason = Message("{label} is indexed", label=label) if on else Message("{label} is not indexed", label=label)

    def entry(value: bool) -> dict[str, object]:
        return {"class": {owner: {"attributes": {attribute.name: {"indexed": value}}}}}

    for key, fields in reader.records("schema_entry").items():
        if fields.get("document") == entry(not on):
            return Revision([Edit(Record("schema_entry", key), "", fields, None)], author, reason=reason)
    record = Record("schema_entry", (new_id(),))
    return Revision([Edit(record, "", None, {"document": entry(on)})], author, reason=reason)
