"""Whether a saved mapping still fits: the estate's schema, and a sheet's columns."""

from __future__ import annotations

import re

from cmdb.model.messages import Message, counted
from cmdb.model.schema import Attribute, Schema, fold
from importers.spreadsheets.cells.durations import counts_from
from importers.spreadsheets.columns.fields import FIELDS
from importers.spreadsheets.columns.mapping import LEFT_OUT, PLACE_LEVELS, ColumnUse, Mapping
from importers.spreadsheets.columns.section_fields import fields_of_section
from importers.spreadsheets.sheets.workbook import Sheet

_NOT_USED = ("unmapped", "ignored")


def unknown_in(mapping: Mapping, schema: Schema) -> Message | None:
    """What a mapping names that the estate does not have (a class, an attribute, a relationship type), as a problem."""
    name = mapping.name or Message("The mapping")
    if not mapping.kind or (mapping.kind == "class" and not mapping.cls):
        return Message("{mapping} does not say what its rows are.", mapping=name)
    found = next(iter(_unknown(mapping, schema)), "")
    if not found:
        return None
    return Message("{mapping} names “{word}”, which this estate does not have.", mapping=name, word=found)


def does_not_fit(mapping: Mapping, sheet: Sheet) -> Message | None:
    """The columns that a mapping uses and a sheet does not have, as a problem."""
    missing = missing_columns(mapping, sheet)
    if not missing:
        return None
    return counted(
        "{file}, {sheet} does not fit {mapping} any more: the column {columns} is missing.",
        "{file}, {sheet} does not fit {mapping} any more: the columns {columns} are missing.",
        len(missing),
        file=sheet.file,
        sheet=sheet.name,
        mapping=mapping.name or Message("the mapping"),
        columns=tuple(missing),
    )


def shares_columns(mapping: Mapping, sheet: Sheet) -> bool:
    """Whether a sheet has one of the columns that a mapping uses."""
    used = [one for one in mapping.columns if one.role not in (*_NOT_USED, "id", "base")]
    return len(missing_columns(mapping, sheet)) < len(used)


def missing_columns(mapping: Mapping, sheet: Sheet) -> list[str]:
    """The columns that a mapping uses and a sheet does not have."""
    headers = [fold(header) for header in sheet.headers]
    missing = []
    for one in mapping.columns:
        if one.role in (*_NOT_USED, "id", "base"):
            continue
        if fold(one.header) in headers:
            headers.remove(fold(one.header))
        else:
            missing.append(one.header)
    return missing


def _unknown(mapping: Mapping, schema: Schema) -> list[str]:
    if mapping.kind == "section":
        if mapping.cls not in schema.sections:
            return [mapping.cls]
        return _unknown_fields(mapping, {one.name for one in fields_of_section(schema.section(mapping.cls))})
    if mapping.kind in FIELDS:
        return _unknown_fields(mapping, {one.name for one in FIELDS[mapping.kind]})
    if mapping.cls not in schema.classes:
        return [mapping.cls]
    attributes = schema.all_attributes(mapping.cls)
    found = [word for one in mapping.columns if (word := _unknown_use(schema, attributes, one))]
    found += [cls for cls in mapping.class_words.values() if cls not in schema.classes and cls != LEFT_OUT]
    return found + [name for name in mapping.constants if name not in attributes]


def _unknown_fields(mapping: Mapping, fields: set[str]) -> list[str]:
    named = [one.name for one in mapping.columns if one.role == "field"] + list(mapping.constants)
    return [name for name in named if name not in fields]


def _unknown_use(schema: Schema, attributes: dict[str, Attribute], one: ColumnUse) -> str:
    """What the use of a column names that is not there, or ""."""
    start = counts_from(one)[1]
    if start and start not in attributes:
        return start
    if one.role == "attribute":
        return "" if one.name in attributes else one.name
    if one.role == "link":
        return "" if one.name in schema.relationships else one.name
    if one.role != "mention":
        return ""
    name, _, detail = one.name.partition(".")
    reference = attributes.get(name)
    if reference is None or reference.type != "reference":
        return one.name
    known = detail in (*PLACE_LEVELS, "class") or detail in schema.all_attributes(reference.target)
    return "" if known else one.name


def names_below_each_other(sheet: Sheet, mapping: Mapping, samples: list[list[str]]) -> tuple[str, ...]:
    """What a table that is turned round has in its first column: names of columns, one below the other; else nothing.

    ``samples``: some values of each column. Of such a table no other column is used.
    """
    named = [one for one in mapping.columns if sheet.headers[one.index]]
    used = [one for one in named if one.role not in ("unmapped", "ignored")]
    if sheet.known is None or len(named) < 2 or used != named[:1]:
        return ()
    values = samples[used[0].index]
    found = [value for value in values if sheet.known(value)]
    if len(found) < _LEAST_NAMES or len(found) * 3 < len(values) * 2:
        return ()
    return (used[0].header, *found[:_TOLD_NAMES])


#: The fewest names of columns below the first one, by which a table that is turned round is known.
_LEAST_NAMES = 2
#: The most of them that a text lists.
_TOLD_NAMES = 3


def several_in_a_row(schema: Schema, sheet: Sheet, mapping: Mapping) -> tuple[str, ...]:
    """The columns of things that stand side by side in a row ("Monitor 1, Serial 1, Monitor 2, Serial 2"), else none.

    That is, if no other column says what the row itself is.
    """
    identifying = {a.name for a in schema.all_attributes(mapping.cls).values() if a.identifying} | {"name"}
    if any(one.role in ("attribute", "id") and one.name in ("", *identifying) for one in mapping.columns):
        return ()
    numbered: dict[str, dict[str, str]] = {}
    for header in sheet.headers:
        if found := _NUMBERED.fullmatch(header):
            numbered.setdefault(fold(found[1]), {})[found[2]] = header
    groups = [columns for columns in numbered.values() if {"1", "2"} <= columns.keys()]
    return tuple(header for columns in groups for header in columns.values()) if len(groups) > 1 else ()


_NUMBERED = re.compile(r"(.*[^\W\d])[\s_#.]*(\d{1,2})")
"""A column of the first, second, … of several things."""
