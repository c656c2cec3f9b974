"""Mapping: what a sheet holds, and which attribute, relationship or field each column means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute, Schema, fold
from importers.foreign_tables import ForeignTable
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.columns import classes as kinds
from importers.spreadsheets.columns.fields import LABELS, find_field
from importers.spreadsheets.columns.foreign_columns import (
    foreign_classes,
    foreign_table,
    foreign_use,
    in_tools_words,
    not_kept,
    related,
    with_holders_kinds,
    without_repeats,
)
from importers.spreadsheets.columns.header_units import SIZES
from importers.spreadsheets.columns.header_words import sought_names
from importers.spreadsheets.columns.mapping import REST, ColumnUse, Kind, Mapping, Role, apply_mapping
from importers.spreadsheets.columns.type_suggestion import propose
from importers.spreadsheets.meaning.contradictions import read_by_values
from importers.spreadsheets.meaning.mapping_checks import names_below_each_other, several_in_a_row
from importers.spreadsheets.meaning.neighbours import read_by_neighbours
from importers.spreadsheets.meaning.purchases import read_purchases
from importers.spreadsheets.meaning.saved_mappings import saved_for
from importers.spreadsheets.meaning.sheet_content import content_of
from importers.spreadsheets.records.section_sheets import section_mapping, section_of_sheet
from importers.spreadsheets.sheets.header import is_reason
from importers.spreadsheets.sheets.workbook import Sheet, cell_text
from importers.tables.cells import ID_HEADER, RECORD_HEADER, read_base_header

_SAMPLE_ROWS = 500
_SAMPLE_VALUES = 60


def map_columns(sheet: Sheet, schema: Schema, cls: str | None = None, saved: Iterable[Mapping] = ()) -> Mapping:
    """The content of a sheet and the meaning of its columns.

    ``cls`` is the class that the person stated (or Relationship, Installation, Assignment, a section). A ``saved``
    mapping made for the same columns is taken over; several that mean different things are the mapping's ``problem``,
    and so is a class that cannot be found. Raises SchemaError for an unknown class.
    """
    if sheet.empty:
        return Mapping("", problem=Message("{file}, {sheet} is empty.", file=sheet.file, sheet=sheet.name))
    if cls:
        return _map_columns(sheet, schema, cls)
    found = saved_for(sheet, schema, saved)
    if len(found.usable) == 1:
        return apply_mapping(found.usable[0], sheet)
    mapping = replace(_map_columns(sheet, schema, ""), remark=found.remark)
    return replace(mapping, problem=found.problem) if found.usable else mapping


def _map_columns(sheet: Sheet, schema: Schema, cls: str) -> Mapping:
    """The meaning of the columns by what they are called and hold."""
    if (section := section_of_sheet(sheet, schema, cls)) is not None:
        return section_mapping(section, sheet)
    headers = sought_names(schema, sheet.names)
    samples = _samples(sheet)
    foreign = foreign_table(schema, headers, cls)
    if foreign is not None and foreign.holds in ("counted", "nothing"):
        return Mapping("", problem=not_kept(sheet.file, foreign))
    if foreign is not None:
        stated = cls or _of_its_name(sheet, schema, foreign)
        kind, base, classes, class_index = _of_foreign(schema, foreign, headers, stated)
    else:
        kind, base, classes, class_index = content_of(sheet, schema, cls, headers, samples)
    if kind in LABELS:
        columns = [_field_use(schema, kind, i, h, sheet, foreign) for i, h in enumerate(headers)]
        if foreign is not None:
            columns = in_tools_words(foreign, without_repeats(foreign, columns))
        mapping = Mapping(kind, "", _as_shown(sheet, _without_repeats(columns)))
        return mapping if foreign is None else replace(mapping, constants=foreign.constants, tool=foreign.key)
    columns = _class_uses(schema, classes, class_index, sheet, samples, foreign)
    pairs = partial(_pairs, sheet)
    columns = read_by_neighbours(schema, base, columns, samples, pairs, values_only=foreign is not None)
    constants: dict[str, Any] = {}
    if foreign is None:
        columns, constants = read_purchases(schema, base, columns, samples)
    columns = _with_links(schema, base, columns)
    columns = columns if foreign is not None else read_by_values(schema, base, columns, samples)
    columns = [_proposed(schema, base, c, columns, samples) for c in columns]
    columns = list(_as_shown(sheet, columns))
    mapping = Mapping("class", base, tuple(columns), constants)
    if foreign is not None:
        columns = with_holders_kinds(schema, foreign.base, columns, samples)
        used = tuple(in_tools_words(foreign, without_repeats(foreign, columns)))
        mapping = replace(mapping, columns=used, constants=foreign.constants, tool=foreign.key)
    elif cls and class_index >= 0:
        mapping = mapping.settle(REST, _rest(schema, cls))
    return replace(mapping, problem=_problem(schema, sheet, mapping, class_index, samples))


def _as_shown(sheet: Sheet, columns: Iterable[ColumnUse]) -> tuple[ColumnUse, ...]:
    """The columns under the names that the sheet shows: of a header of two rows both."""
    if sheet.names.labels is None:
        return tuple(columns)
    return tuple(replace(one, header=sheet.column(one.index)) for one in columns)


def _rest(schema: Schema, cls: str) -> str:
    """The class of the rows whose own word tells none: the stated one, where it is one that records can have."""
    stated = schema.find_class(cls)
    return "" if stated.abstract else stated.name


def _samples(sheet: Sheet) -> list[list[str]]:
    """Some distinct values of each column, as text."""
    rows = sheet.body[:_SAMPLE_ROWS]
    found: list[list[str]] = []
    for index in range(len(sheet.headers)):
        values = dict.fromkeys(" ".join(cell_text(row[index]).split()) for row in rows)
        values.pop("", None)
        found.append(list(values)[:_SAMPLE_VALUES])
    return found


def _pairs(sheet: Sheet, one: int, other: int) -> Iterable[tuple[str, str]]:
    """The values of two columns, row by row."""
    return ((cell_text(row[one]).strip(), cell_text(row[other]).strip()) for row in sheet.body[:_SAMPLE_ROWS])


def _of_foreign(
    schema: Schema, foreign: ForeignTable, headers: list[str], cls: str
) -> tuple[Kind, str, tuple[str, ...], int]:
    """As ``content_of``, for another tool's table. ``cls``: the class of the rows whose words tell none."""
    if foreign.holds != "class":
        return foreign.holds, "", (), -1  # type: ignore[return-value]
    stated = schema.find_class(cls).name if cls else foreign.base
    base = stated if related(schema, stated, foreign.base) else foreign.base
    return "class", base, foreign_classes(schema, foreign, base), foreign.class_index(headers)


def _of_its_name(sheet: Sheet, schema: Schema, foreign: ForeignTable) -> str:
    """The class that the name of a sheet or file says, where the tool has a list of that kind for each class."""
    if not foreign.class_by_name:
        return ""
    names = filter(None, (sheet.title, sheet.name, sheet.file.rpartition(".")[0]))
    found = (kinds.class_of_name(schema, name)[0] for name in names)
    return next((one for one in found if one and schema.is_a(one, foreign.base)), "")


def _field_use(
    schema: Schema, kind: str, index: int, header: str, sheet: Sheet, foreign: ForeignTable | None = None
) -> ColumnUse:
    if is_reason(header) or not header:
        return _unnamed(sheet, index, header)
    if foreign is not None:
        if fold(header) in foreign.columns:
            return foreign_use(schema, (), foreign, index, header)
        return ColumnUse(index, header)
    attribute = find_field(kind, header)
    if attribute is None:
        return ColumnUse(index, header)
    exact = fold(header) == fold(attribute.label)
    return ColumnUse(index, header, "field", attribute.name, how="label" if exact else "synonym")


def _without_repeats(columns: list[ColumnUse]) -> list[ColumnUse]:
    """If several columns mean the same, the column with its label is used, otherwise the first."""
    taken: dict[str, int] = {}
    for one in sorted(columns, key=lambda c: (c.how != "label", c.index)):
        if one.role == "field":
            taken.setdefault(one.name, one.index)
    found = []
    for one in columns:
        if one.role == "field" and taken[one.name] != one.index:
            note = Message("The column {column} says it.", column=columns[taken[one.name]].header)
            one = ColumnUse(one.index, one.header, note=note)
        found.append(one)
    return found


def _unnamed(sheet: Sheet, index: int, header: str) -> ColumnUse:
    if header:
        return ColumnUse(index, header, "ignored")
    filled = any(row[index] != "" for row in sheet.body)
    role: Role = "unmapped" if filled else "ignored"
    return ColumnUse(index, sheet.column(index), role, note=Message("The column has no name."))


def _class_uses(
    schema: Schema,
    classes: tuple[str, ...],
    class_index: int,
    sheet: Sheet,
    samples: list[list[str]],
    foreign: ForeignTable | None = None,
) -> list[ColumnUse]:
    headers = sought_names(schema, sheet.names)
    columns: list[ColumnUse] = []
    claims: list[tuple[int, int, kinds.HeaderMatch]] = []
    has_link = any(_relationship(schema, classes[0], h) for h in headers)
    for index, header in enumerate(headers):
        columns.append(ColumnUse(index, header))
        if not header or is_reason(header):
            columns[-1] = _unnamed(sheet, index, header)
        elif header == RECORD_HEADER:
            columns[-1] = ColumnUse(index, header, "ignored", how="label")
        elif header == ID_HEADER:
            columns[-1] = ColumnUse(index, header, "id", how="label")
        elif read_base_header(header) is not None:
            columns[-1] = ColumnUse(index, header, "base", how="label")
        elif foreign is not None and fold(header) in foreign.columns:
            columns[-1] = foreign_use(schema, classes, foreign, index, header)
        elif index == class_index:
            columns[-1] = ColumnUse(index, header, "class", how="label")
        elif has_link and fold(header) in ("group", "needs", "dependency group", "quorum"):
            role = "needs" if fold(header) in ("needs", "quorum") else "group"
            columns[-1] = ColumnUse(index, header, role, how="label")  # type: ignore[arg-type]
        else:
            found = kinds.find_attribute(schema, classes, header)
            if found is not None:
                claims.append((found.rank, index, found))
    winners = {c.name: c.index for c in columns if c.role == "attribute"}
    claimed = Counter(found.attribute.name for _, _, found in claims)
    if contested := {name for name, count in claimed.items() if count > 1}:
        claims.sort(key=lambda c: c[2].attribute.name in contested and not _readable(c[2].attribute, samples[c[1]]))
    for rank, index, found in sorted(claims, key=itemgetter(0)):
        name = found.attribute.name
        if name in winners:
            columns[index] = replace(columns[index], note=_note(headers, winners[name], index, found.attribute.label))
            continue
        winners[name] = index
        unit = (f"unit:{found.unit}",) if found.unit in SIZES and found.attribute.unit in ("MiB", "GiB") else ()
        how = "label" if rank < 2 else "synonym"
        columns[index] = ColumnUse(index, headers[index], "attribute", name, transforms=unit, how=how)
    return columns


def _readable(attribute: Attribute, values: list[str]) -> bool:
    """Whether a column's values can be dates or numbers, if the attribute is: "36 months" is no date."""
    if attribute.type not in ("date", "time", "number", "money", "integer", "choice"):
        return True
    return not values or any(not isinstance(Converter(attribute)(value), CellError) for value in values)


def _note(headers: list[str], winner: int, index: int, label: str) -> Message:
    if fold(headers[winner]) == fold(headers[index]):
        return Message("Another column is called {column}, too.", column=headers[winner])
    return Message("The column {column} is {attribute} already.", column=headers[winner], attribute=label)


def _relationship(schema: Schema, base: str, header: str) -> tuple[str, bool] | None:
    """The relationship type that a header names, if the class may be at that end of it."""
    try:
        found, inverse = schema.find_relationship(header)
    except SchemaError:
        return None
    ends = found.objects if inverse else found.subjects
    if any(schema.is_a(base, end) or schema.is_a(end, base) for end in ends):
        return found.name, inverse
    return None


def _with_links(schema: Schema, base: str, columns: list[ColumnUse]) -> list[ColumnUse]:
    """Columns named after relationship types, and after attributes of what a reference names ("User email")."""
    if not base:
        return columns
    taken = {c.name for c in columns if c.role == "attribute"}
    references: dict[str, str] = {}
    for name, relationship in schema.reference_types(base).items():
        references.setdefault(relationship, name)
    mapped: list[ColumnUse] = []
    last_link = -1
    for one in columns:
        if one.role == "unmapped" and one.header and not one.note and not one.how:
            found = _relationship(schema, base, one.header)
            reference = references.get(found[0], "") if found and not found[1] else ""
            if reference and reference not in taken:
                one = replace(one, role="attribute", name=reference, how="synonym")
                taken.add(reference)
            elif found:
                one = replace(one, role="link", name=found[0], inverse=found[1], how="label")
                last_link = one.index
            else:
                path = _path(schema, base, one.header)
                one = replace(one, role="mention", name=path, how="label") if path else one
        elif one.role in ("group", "needs"):
            one = replace(one, link=last_link)
        mapped.append(one)
    first = next((c.index for c in mapped if c.role == "link"), -1)
    return [replace(c, link=first) if c.role in ("group", "needs") and c.link < 0 else c for c in mapped]


def _path(schema: Schema, base: str, header: str) -> str:
    """``reference.attribute`` for headers such as "Assigned to email" or ``assigned_to.email``, or ""."""
    words = fold(header).split()
    for cut in range(len(words) - 1, 0, -1):
        reference = schema.find_attribute(base, " ".join(words[:cut]))
        if reference is None or reference.type != "reference":
            continue
        attribute = schema.find_attribute(reference.target, " ".join(words[cut:]))
        if attribute is not None and attribute.name != "status":
            return f"{reference.name}.{attribute.name}"
    return ""


def _proposed(
    schema: Schema, base: str, one: ColumnUse, columns: list[ColumnUse], samples: list[list[str]]
) -> ColumnUse:
    if one.role != "unmapped" or not samples[one.index]:
        return one
    taken = {c.name for c in columns if c.role == "attribute"}
    free: list[Any] = [a for a in schema.classes[base].shown_attributes.values() if a.name not in taken] if base else []
    suggestion, kind = propose(samples[one.index], free)
    return replace(one, suggestion=suggestion, proposed_type=kind)


def _problem(
    schema: Schema, sheet: Sheet, mapping: Mapping, class_index: int, samples: list[list[str]]
) -> Message | None:
    where = sheet.file if sheet.text else Message("{file}, {sheet}", file=sheet.file, sheet=sheet.name)
    if names := names_below_each_other(sheet, mapping, samples):
        return Message(
            "{where}: the names of its columns stand below each other ({names}). "
            "Transpose the table, so that each record has a row.",
            where=where,
            names=names,
        )
    if not mapping.cls:
        return Message(
            "{where}: its columns tell no class. "
            "Name the class ({option} on the command line), or add a column “Class”.",
            where=where,
            option="--class",
        )
    if headers := several_in_a_row(schema, sheet, mapping):
        return Message(
            "{where}: each row has several things ({columns}). Give each of them a row of its own.",
            where=where,
            columns=headers,
        )
    placed = mapping.tool and mapping.cls == "place"  # its rows' depth tells their classes
    if class_index < 0 and not mapping.exported and not placed and schema.classes[mapping.cls].abstract:
        one = schema.classes[mapping.cls]
        return Message(
            "{where}: {cls} is not one class but several. Name one, or add a column “Class”: {classes}.",
            where=where,
            cls=one.label,
            classes=tuple(c.label for c in schema.tree(one.name) if not c.abstract),
        )
    return None
