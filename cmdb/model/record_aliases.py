"""Former names: by what records that were merged into another one are still found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cmdb.model.records import CI
from cmdb.model.schema import Schema

ID = "id"
"""The kind of a former name that is the id of a record."""
_KINDS = {"asset_tag": "tag", "serial_number": "serial"}


class FormerName(NamedTuple):
    """A name by which a record is found: its kind, its value as it is compared, and as it was written."""

    kind: str
    value: str
    spelling: str


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that was merged into another one: as it was before, and the revision that merged it."""

    record: CI
    number: int


def alias_kind(attribute: str) -> str:
    """The kind of the former names that are values of an attribute: "tag" for asset tags, else the attribute's name."""
    return _KINDS.get(attribute, attribute)


def alias_attribute(kind: str) -> str:
    """The attribute whose values are former names of a kind."""
    return next((attribute for attribute, its in _KINDS.items() if its == kind), kind)


def folded(value: str) -> str:
    """A name as it is compared: without case and extra spaces."""
    return " ".join(value.casefold().split())


def aliases_of(schema: Schema, cls: str, values: Mapping[str, object]) -> Iterator[FormerName]:
    """By which values a record is found: its name, its number, and what identifies records of its class."""
    for attribute in schema.cls(cls).attributes.values():
        value = values.get(attribute.name)
        if isinstance(value, str) and (attribute.identifying or attribute.name in ("name", "number")):
            yield FormerName(alias_kind(attribute.name), folded(value), value)
