"""What items have by their models, for those who show it: dates, and what the model says besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from cmdb.model.inherited_dates import inherited_dates, referred

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader

MODEL = "model"
"""The attribute by which an item has a model."""
_BATCH = 500
_NOT_OF_ITEMS = frozenset({"name", "status", "notes", "audit_interval", "useful_life", "warranty_months"})
"""What a model says of itself, or what its items have as a date."""


@dataclass(frozen=True, slots=True)
class InheritedValues:
    """What an item has by its model: ISO dates by attribute, and the model with what it says of its items."""

    dates: Mapping[str, str] = field(default_factory=dict)
    model: CI | None = None
    said: tuple[Attribute, ...] = ()
    """The attributes of the model that have a value, and for which the item has none of its own."""


NOTHING = InheritedValues()


def dates_of(reader: Reader, records: Sequence[CI]) -> dict[str, dict[str, str]]:
    """Record → attribute → the date that it has by its model; those without any are left out."""
    schema = reader.schema
    wanted = referred(schema, records)
    others = reader.by_uid(wanted) if wanted else {}
    found = {one.uid: inherited_dates(schema, one, others) for one in records} if others else {}
    return {uid: dates for uid, dates in found.items() if dates}


def with_inherited(reader: Reader, records: Sequence[CI]) -> list[CI]:
    """The records with the dates that they have by their models: to be shown, not to be written."""
    found = dates_of(reader, records)
    if not found:
        return list(records)
    return [replace(one, values={**one.values, **found[one.uid]}) if one.uid in found else one for one in records]


def each_with_inherited(reader: Reader, records: Iterable[CI]) -> Iterator[CI]:
    """As ``with_inherited``, streamed."""
    left = iter(records)
    while batch := list(islice(left, _BATCH)):
        yield from with_inherited(reader, batch)


def inherited_values(reader: Reader, item: CI) -> InheritedValues:
    """What an item has by its model."""
    schema = reader.schema
    uid = item.text(MODEL)
    model = reader.by_uid([uid]).get(uid) if uid else None
    if model is None or not schema.is_a(model.cls, "hardware_model"):
        return NOTHING
    said = tuple(_said(schema, item, model))
    return InheritedValues(inherited_dates(schema, item, {uid: model}), model, said)


def _said(schema: Schema, item: CI, model: CI) -> Iterator[Attribute]:
    for name, attribute in schema.cls(model.cls).shown_attributes.items():
        own: Value | None = item.values.get(name)
        if name not in _NOT_OF_ITEMS and model.values.get(name) is not None and own is None:
            yield attribute
