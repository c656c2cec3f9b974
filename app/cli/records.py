"""Records as the command line shows them: JSON documents and lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from cmdb.model.currencies import digits, minor_units
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import show_with_unit

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader
    from importers.tables import Column

Names = Mapping[str, tuple[str, str]]
"""A record's id → its class's label and its name, for showing references."""


def item(reader: Reader, word: str) -> CI:
    """The item that a word names, as the graph knows it. Raises InvalidValue for other records, NotFound, Ambiguous."""
    found = reader.find(word)
    if reader.schema.root_of(found.cls) != "ci":
        label = reader.schema.cls(found.cls).label
        raise InvalidValue(
            Message("{name} is of class {cls}: nothing depends on it, and it is on no map.", name=found.name, cls=label)
        )
    return found


def reference_names(reader: Reader, records: Iterable[CI]) -> Names:
    """The names of everything that the records refer to."""
    wanted: set[str] = set()
    for record in records:
        attributes = reader.schema.cls(record.cls).attributes
        for name, value in record.values.items():
            attribute = attributes.get(name)
            if attribute is not None and attribute.type == "reference":
                wanted.add(str(value))
    return labelled(reader, wanted)


def labelled(reader: Reader, uids: Iterable[str]) -> Names:
    """Record id → its class as people call it ("Virtual machine") and its name, of a deleted one its last."""
    schema = reader.schema
    return {uid: (class_label(schema, cls), name) for uid, (cls, name) in reader.last_names(uids).items()}


def class_label(schema: Schema, cls: str) -> str:
    """The label of a class; its name where the schema no longer has it."""
    return schema.classes[cls].label if cls in schema.classes else cls


def brief(record_id: str, names: Names) -> dict[str, str]:
    """``{id, class, name}`` of a record that is referred to."""
    cls, name = names.get(record_id, ("", ""))
    return {"id": record_id, "class": cls, "name": name}


def attributes(schema: Schema, record: CI, names: Names) -> dict[str, Any]:
    """The record's values by attribute name; references as ``{id, class, name}``; absent left out."""
    declared = schema.cls(record.cls).attributes

    from cmdb.model.money import in_minor_units  # only now: a command's help needs none of it

    def written(attribute: Attribute | None, value: Any) -> Any:
        if attribute is None or attribute.type not in ("reference", "money"):
            return value
        if attribute.type == "reference":
            return brief(str(value), names)
        return in_minor_units(value, record.text(attribute.currency))

    return {name: written(declared.get(name), value) for name, value in record.values.items()}


def documents(reader: Reader, records: Iterable[CI], chunk: int = 500) -> Iterator[dict[str, Any]]:
    """``{id, class, name, attributes}`` of each record, streamed; ``inherited`` is what it has by its model."""
    from app.inherited import dates_of

    records = iter(records)
    while batch := list(islice(records, chunk)):
        names, dates = reference_names(reader, batch), dates_of(reader, batch)
        for record in batch:
            document = {
                "id": record.uid,
                "class": reader.schema.cls(record.cls).label,
                "name": record.name,
                "attributes": attributes(reader.schema, record, names),
            }
            yield {**document, "inherited": dates[record.uid]} if record.uid in dates else document


def shown(schema: Schema, cls: str, name: str, value: Any, names: Names, currency: str = "") -> str:
    """One value as text for people, with its unit; an amount with the decimals of its ``currency``."""
    if value is None:
        return ""
    attribute = schema.all_attributes(cls).get(name)
    if attribute is None:
        return str(value)
    if attribute.type == "reference":
        return names.get(value, ("", str(value)))[1]
    return show_with_unit(attribute, value, currency)


def shown_of(schema: Schema, record: CI, name: str, names: Names) -> str:
    """One value of a record as text for people."""
    attribute = schema.all_attributes(record.cls).get(name)
    currency = record.text(attribute.currency) if attribute is not None else ""
    return shown(schema, record.cls, name, record.values.get(name), names, currency)


def rows(reader: Reader, records: Iterable[CI], columns: Sequence[str], chunk: int = 500) -> Iterator[list[str]]:
    """Class label, then the columns, of each record as text, with what it has by its model."""
    from app.inherited import with_inherited

    records = iter(records)
    while batch := with_inherited(reader, list(islice(records, chunk))):
        names = reference_names(reader, batch)
        for record in batch:
            label = reader.schema.cls(record.cls).label
            yield [label, *(shown_of(reader.schema, record, c, names) for c in columns)]


def cell(column: Column, value: Any) -> str:
    """A value in a report's column as text for people."""
    value = column.worded(value)
    if value is None or value == "":
        return ""
    if column.type == "money" and not isinstance(value, str):
        return digits(value, minor_units(""))
    if column.type == "boolean":
        return tr("Yes") if value else tr("No")
    return str(value["name"] if isinstance(value, dict) else value)
