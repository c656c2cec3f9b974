"""The option ``--section`` of commands that write files: sections by name or label, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from cmdb.model.schema import Schema

ALL = "all"
"""The word for all sections."""


def named_sections(schema: Schema, words: Sequence[str]) -> list[str] | None:
    """The names of the sections that are asked for; None for all. Raises SchemaError."""
    if ALL in words:
        return None
    found: dict[str, None] = {}
    for word in words:
        section = schema.find_section(word)
        if section is None:
            raise SchemaError(Message("There is no section “{name}”.", name=word))
        found[section.name] = None
    return list(found)


def sections_of(schema: Schema, cls: str, words: Sequence[str]) -> list[str]:
    """The same, where all are those that records of a class can have, but the volatile ones. Raises SchemaError."""
    found = named_sections(schema, words) if words else []
    if found is not None:
        return found
    return [one.name for one in schema.sections_of(schema.find_class(cls).name) if not one.volatile]
