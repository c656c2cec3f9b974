"""What a recipe keeps of new names: each is taken for a known record again, or left out again. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.imports.new_records import Key, key_of, rows_naming, with_choices
from importers.spreadsheets.columns.mapping import Mapping as ColumnMapping
from importers.spreadsheets.columns.mapping import NameChoice
from importers.spreadsheets.sheet_checks import SheetReading

if TYPE_CHECKING:
    from cmdb.model.observation import Reading
    from cmdb.model.schema import Schema
    from cmdb.reconciliation.lookup import Lookup
    from cmdb.store.reading.reader import Reader


def with_kept_names(lookup: Lookup, schema: Schema, readings: Iterable[Reading]) -> list[Reading]:
    """The readings with the answers that the mappings of their sheets keep. Those given are not changed."""
    found: list[Reading] = []
    for reading in readings:
        mapping = reading.mapping if isinstance(reading, SheetReading) else None
        choices = kept_names(lookup, mapping) if mapping is not None and mapping.names else {}
        found += with_choices(schema, [reading], choices)
    return found


def kept_names(lookup: Lookup, mapping: ColumnMapping) -> dict[Key, NameChoice]:
    """The answers that a mapping keeps, by the name that each is about. One about a record that is gone, or of another
    estate, holds no more; a record that was merged is the one that it was merged into.
    """
    named = {one.uid for one in mapping.names if one.uid}
    merged = lookup.merged_into(named) if named else {}
    known = lookup.cis(sorted({merged.get(uid, uid) for uid in named})) if named else {}
    found: dict[Key, NameChoice] = {}
    for one in mapping.names:
        uid = merged.get(one.uid, one.uid)
        if not one.uid or uid in known:
            found[key_of(one)] = replace(one, uid=uid)
    return found


def names_of_sheets(reader: Reader, mappings: Iterable[ColumnMapping]) -> dict[Key, NameChoice]:
    """The answers that the mappings of some sheets keep and that hold in an estate."""
    from cmdb.store.reading.lookup import StoreLookup

    found: dict[Key, NameChoice] = {}
    for one in mappings:
        if one.names:
            found.update(kept_names(StoreLookup(reader), one))
    return found


def names_to_keep(
    schema: Schema, reading: Reading, before: Sequence[NameChoice], choices: Mapping[Key, NameChoice]
) -> tuple[NameChoice, ...]:
    """The answers of an import that belong to a sheet's mapping: of names in it, and those that it kept ``before``,
    where they still hold.
    """
    named, _ = rows_naming(schema, [reading], choices)
    old = set(map(key_of, before))
    return tuple(choice for key, choice in choices.items() if named[key] or key in old)
