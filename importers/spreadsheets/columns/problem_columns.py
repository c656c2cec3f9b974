"""Finds the column of a table that a problem is about."""

from __future__ import annotations

from cmdb.model.schema import Schema, fold
from importers.spreadsheets.columns.fields import fields_of
from importers.spreadsheets.columns.mapping import Mapping
from importers.spreadsheets.columns.section_fields import fields_of_section


def column_of(mapping: Mapping, column: str, schema: Schema) -> int:
    """The index of the column with that header, or mapped to the attribute of that label; -1 for none."""
    wanted = fold(column)
    if not wanted:
        return -1
    for one in mapping.columns:
        if fold(one.header) == wanted:
            return one.index
    labels = {attribute.name: attribute.label for attribute in schema.every_attribute.values()}
    fields = fields_of(mapping.kind)
    if mapping.kind == "section":
        fields = fields_of_section(schema.section(mapping.cls))
    labels.update({field.name: field.label for field in fields})
    for one in mapping.columns:
        name = one.name.partition(".")[0]
        label = labels.get(name, name)
        if name and wanted in (fold(name), fold(label)):
            return one.index
    return -1
