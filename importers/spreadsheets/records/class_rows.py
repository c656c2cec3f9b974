"""Rows of a class's sheet: one observation each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from msgspec import structs

from cmdb.model.messages import Message
from cmdb.model.observation import Link, NamedReference, Observation, Reading
from cmdb.model.schema import Attribute, Schema
from importers.foreign_tables import table_named, tag_in
from importers.spreadsheets.cells.amounts import currencies_of_amounts
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.durations import counted_dates, counts_from
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.foreign_columns import class_of_target
from importers.spreadsheets.columns.mapping import OF_ROW, ColumnUse
from importers.spreadsheets.columns.transforms import apply_transforms
from importers.spreadsheets.records.described_references import describe_reference
from importers.spreadsheets.records.foreign_rows import settle_foreign_rows
from importers.spreadsheets.records.group_cells import say_group_cells
from importers.spreadsheets.records.group_rows import fill_from_groups
from importers.spreadsheets.records.link_rows import needs_of, split_cell
from importers.spreadsheets.records.people_rows import settle_people
from importers.spreadsheets.records.place_paths import with_paths
from importers.spreadsheets.records.product_metrics import fill_metrics
from importers.spreadsheets.records.round_trip import UID, ExportColumns
from importers.spreadsheets.records.row_classes import rows_by_class
from importers.spreadsheets.records.seats import seats_of
from importers.spreadsheets.records.site_quantities import site_quantities
from importers.spreadsheets.records.stand_in_names import say_stand_ins
from importers.tables.cells import RECORD_HEADER

#: Attributes that can replace a missing name, best first, before any other identifying attribute.
_NAMES = ("host_name", "asset_tag", "serial_number", "email", "user_name")
_COMPOSED = {
    "entitlement": ("product", "edition", "version", "metric", "channel", "purchase_order", "invoice", "start"),
}


def read_class_rows(table: SheetTable, reading: Reading) -> None:
    """Adds an observation for each good row; problems are noted in the table."""
    exported = ExportColumns.of(table)
    by_class = rows_by_class(table)
    found: dict[int, Observation] = {}
    for cls, indices in by_class.items():
        only = None if len(indices) == len(table.rows) else indices
        _read_one_class(table, cls, indices, only, exported, found)
    if exported is not None:
        exported.refuse_copies(table, found)
    _name_records(table, found)
    _without_own_managers(table, found)
    say_stand_ins(table, found)
    say_group_cells(table)
    _links(table, found)
    foreign = table_named(table.mapping.tool)
    if foreign is not None:
        settle_foreign_rows(table, foreign, found)
    reading.assignments = seats_of(table, found)
    reading.observations = [found[i] for i in sorted(found) if i not in table.rejected]


def _name_records(table: SheetTable, found: dict[int, Observation]) -> None:
    """Says of the rows of a person's own workbook which records they are, where their ids were written into it."""
    if RECORD_HEADER not in table.sheet.headers:
        return
    cells = table.cells[table.sheet.headers.index(RECORD_HEADER)]
    for index, observation in found.items():
        uid = str(cells[index]).strip().casefold()
        if UID.fullmatch(uid) and "record" not in observation.evidence:
            observation.add_evidence("record", [uid])


def _without_own_managers(table: SheetTable, found: dict[int, Observation]) -> None:
    """Leaves out the cell of a row that names its own person as the manager: the rest of the row is right."""
    use = next((u for u in table.mapping.columns if u.role == "attribute" and u.name == "manager"), None)
    if use is None:
        return
    for index, observation in found.items():
        manager = observation.values.get("manager")
        if observation.cls != "person" or not isinstance(manager, NamedReference) or manager.values:
            continue
        if manager.name.casefold() == str(observation.values.get("name", "")).casefold():
            message = Message("{name} would be their own manager.", name=manager.name)
            refuse = table.refuse if table.options.strict else table.leave_out
            refuse(index, use.header, manager.name, CellError(message, "reference", code="reference.own-manager"))
            del observation.values["manager"]


@dataclass
class _Columns:
    """The converted columns of one class's rows: attribute name → values, in the order of the rows."""

    attributes: dict[str, list[Any]]
    headers: dict[str, str]
    missing: dict[str, list[int]] = field(default_factory=dict)
    """Required attributes without a column → the rows that lack them."""


def _read_one_class(
    table: SheetTable,
    cls: str,
    indices: list[int],
    only: Sequence[int] | None,
    exported: ExportColumns | None,
    found: dict[int, Observation],
) -> None:
    columns = _convert_columns(table, cls, only, exported)
    _fill_constants(table, cls, columns, indices)
    fill_from_groups(table, cls, columns.attributes, indices, list(columns.headers))
    if exported is None and cls == "entitlement":
        fill_metrics(table, columns.attributes, columns.headers)
    _check_order(table, cls, columns, indices, exported)
    names = list(columns.attributes)
    rows = zip(*columns.attributes.values(), strict=True) if names else iter([()] * len(indices))
    required = [a for a in table.schema.classes[cls].attributes.values() if a.required]
    required_names = {a.name for a in required}
    clearable = [n for n in names if n in columns.headers and n not in required_names]
    kinds = {name: set(map(type, column)) for name, column in columns.attributes.items()}
    gaps = [name for name in names if type(None) in kinds[name]]
    clean = all(_shows_all(column) for name, column in columns.attributes.items() if str in kinds[name])
    # All at once: what goes on living stands together in memory, and the rest can be given back.
    origins = list(map(table.origin, indices))
    for index, origin, row in zip(indices, origins, rows, strict=True):
        values = dict(zip(names, row, strict=True))
        for name in gaps:
            if values[name] is None:
                del values[name]
        observation = Observation(cls, values, origin, clean=clean)
        known = exported is not None and exported.restore(table, index, observation, columns.headers)
        if not known:
            if "name" not in values:
                _name(table, observation)
            if not required_names <= values.keys():
                _require(table, index, observation, required, columns)
            if table.options.clear_blanks:
                left = table.left_out
                observation.clears = tuple(
                    n for n in clearable if n not in values and (index, columns.headers[n]) not in left
                )
        found[index] = observation
    if exported is None and table.schema.is_a(cls, "person"):
        settle_people(table, columns.headers.get("name", ""), indices, found)
    _say_missing(table, required, columns)


def _shows_all(values: Collection[Any]) -> bool:
    """Whether a column has no text with characters that nobody sees."""
    said = "".join([value for value in {*values} if type(value) is str])
    return said.isascii() and said.isprintable()


def _check_order(
    table: SheetTable, cls: str, columns: _Columns, indices: Sequence[int], exported: ExportColumns | None
) -> None:
    """Warns of dates in the wrong order, such as an end before its start, unless both are as they were exported."""
    kept = exported.kept if exported is not None else set()
    attributes = table.schema.classes[cls].attributes
    for name, values in columns.attributes.items():
        first = attributes[name].not_before
        if first in columns.attributes and name in columns.headers:
            others = columns.attributes[first]
            rows = [(i, v, o) for i, v, o in zip(indices, values, others, strict=True) if v is not None]
            if kept:
                rows = [row for row in rows if (name, row[0]) not in kept or (first, row[0]) not in kept]
            table.check_order(attributes[name], columns.headers[name], rows, attributes[first])


def _convert_columns(
    table: SheetTable, cls: str, only: Sequence[int] | None, exported: ExportColumns | None
) -> _Columns:
    attributes = table.schema.classes[cls].attributes
    columns = _Columns({}, {})
    later: list[tuple[ColumnUse, Attribute]] = []
    for use in table.mapping.columns:
        if use.role != "attribute":
            continue
        attribute = attributes.get(use.name)
        if attribute is None:
            _not_of_class(table, cls, use, only)
            continue
        columns.headers[use.name] = use.header
        if counts_from(use)[0]:
            later.append((use, attribute))
        else:
            convert = table.convert if exported is None else partial(exported.values, table)
            columns.attributes.update(site_quantities(table, cls, convert, use, attribute, only))
            if exported is None and attribute.target == "place" and attribute.type == "reference":
                columns.attributes[use.name] = with_paths(columns.attributes[use.name], table.distinct[use.index])
    for use, attribute in later:
        starts = columns.attributes.get(counts_from(use)[1]) or [None] * (
            len(table.rows) if only is None else len(only)
        )
        columns.attributes[use.name] = counted_dates(table, use, attribute, starts, only)
    columns.attributes.update(currencies_of_amounts(table, attributes, columns.attributes, only))
    _describe_references(table, cls, columns, only)
    return columns


def _not_of_class(table: SheetTable, cls: str, use: ColumnUse, only: Sequence[int] | None) -> None:
    """A column of another class of the same sheet: its values for this class are left out, with a warning.

    Of another tool's table, whose columns the person did not choose, it is said once.
    """
    label = table.schema.classes[cls].label
    once = bool(table.mapping.tool)
    for index in only if only is not None else range(len(table.rows)):
        cell = table.rows[index][use.index]
        if cell != "" and not (isinstance(cell, str) and not cell.strip()):
            message = Message(
                "{cls} has no attribute for {column}; the cell was left out.", cls=label, column=use.header
            )
            table.warn(table.numbers[index], use.header, cell, message, "class", "class.no-attribute")
            if once:
                return


def _describe_references(table: SheetTable, cls: str, columns: _Columns, only: Sequence[int] | None) -> None:
    """Adds what columns say of what references name ("Assigned to email") to their mentions."""
    uses: dict[str, list[ColumnUse]] = {}
    for use in table.mapping.columns:
        if use.role == "mention":
            uses.setdefault(use.name.partition(".")[0], []).append(use)
    count = len(table.rows) if only is None else len(only)
    for name, own in uses.items():
        reference = table.schema.classes[cls].attributes.get(name)
        if reference is not None:
            named = columns.attributes.get(name) or [None] * count
            details = [use for use in own if not use.name.endswith(".class")]
            columns.attributes[name] = describe_reference(table, reference, details, named, only)
            for use in own:
                if use not in details:
                    _class_of_reference(table, reference, use, columns, only)


def _class_of_reference(
    table: SheetTable, reference: Attribute, use: ColumnUse, columns: _Columns, only: Sequence[int] | None
) -> None:
    """Gives the mentions of a reference the class that a column says: whom, or what, a thing was handed to.

    A word that names no class of those that the reference allows leaves the mention out: nobody is made of it.
    """
    mentions = columns.attributes.get(reference.name)
    if mentions is None:
        return
    cells = table.cells[use.index]
    said = [cells[i] for i in only] if only is not None else cells
    converter = Converter(reference, schema=table.schema, mentions=table.mentions)
    classes = {
        cell: _target_class(table.schema, reference, apply_transforms(cell, use.transforms)) for cell in set(said)
    }
    for place, (cell, mention) in enumerate(zip(said, mentions, strict=True)):
        target = classes[cell]
        if mention is None or target is None:
            continue
        if not target:
            message = Message("{attribute} cannot be “{value}”.", attribute=use.header, value=str(cell))
            index = place if only is None else only[place]
            table.warn(table.numbers[index], use.header, cell, message, "class", "class.no-holder")
            mentions[place] = None
        elif not table.schema.is_a(mention.cls or target, target):
            details = mention.values if table.schema.is_a(target, reference.target) else ()
            tag = tag_in(mention.name) if table.schema.is_a(target, "hardware") else ""
            name = tag or mention.name
            mentions[place] = converter.intern(structs.replace(mention, cls=target, name=name, values=details))


def _target_class(schema: Schema, reference: Attribute, word: Any) -> str | None:
    """The class that a word names, "" if the reference does not allow it; None for a blank cell."""
    if not isinstance(word, str) or not word.strip():
        return None
    return class_of_target(schema, reference, word)


def _fill_constants(table: SheetTable, cls: str, columns: _Columns, indices: list[int]) -> None:
    """Constants of the mapping, as if each blank cell of a column held them."""
    for name, raw in table.mapping.constants.items():
        attribute = table.schema.classes[cls].attributes.get(name)
        if attribute is None:
            continue
        if isinstance(raw, str) and raw.startswith(OF_ROW):
            copied = columns.attributes.get(raw.removeprefix(OF_ROW))
            if copied is not None:
                columns.attributes.setdefault(name, list(copied))
            continue
        value = Converter(attribute, schema=table.schema, mentions=table.mentions)(raw)
        if isinstance(value, CellError):
            table.refuse_alike(indices, attribute.label, raw, value, row=table.sheet.header_row)
        elif name in columns.attributes:
            columns.attributes[name] = [value if v is None else v for v in columns.attributes[name]]
        else:
            columns.attributes[name] = [value] * len(indices)


def _name(table: SheetTable, observation: Observation) -> None:
    """Gives an observation without a name one: a person's two names, or what else it is known by.

    A replacement name is in ``evidence["fallback_name"]``, too: it must not rename a known record.
    """
    values, attributes = observation.values, table.schema.classes[observation.cls].attributes
    if "first_name" in attributes and ("first_name" in values or "last_name" in values):
        values["name"] = " ".join(str(values[n]) for n in ("first_name", "last_name") if values.get(n))
        return
    parts = [_text(values[n]) for n in _COMPOSED.get(observation.cls, ()) if n in values]
    if parts:
        name = ", ".join(parts)
    else:
        others = (a.name for a in attributes.values() if (a.identifying or a.unique) and a.type == "text")
        name = next((str(values[n]) for n in (*_NAMES, *others) if n in values), "")
    if name:
        values["name"] = name
        observation.add_evidence("fallback_name", [name])


def _text(value: Any) -> str:
    return value.name if isinstance(value, NamedReference) else str(value)


def _require(
    table: SheetTable, index: int, observation: Observation, required: list[Attribute], columns: _Columns
) -> None:
    for attribute in required:
        header = columns.headers.get(attribute.name, "")
        if attribute.name in observation.values or (index, header) in table.refused:
            continue
        if not header:
            columns.missing.setdefault(attribute.name, []).append(index)
            continue
        accepted = Message("a value for “{attribute}”", attribute=attribute.label)
        message = Message("{attribute} is missing.", attribute=attribute.label)
        table.refuse(index, header, "", CellError(message, "required", accepted))


def _say_missing(table: SheetTable, required: list[Attribute], columns: _Columns) -> None:
    """Says once for all rows that a column is missing."""
    for attribute in required:
        if indices := columns.missing.get(attribute.name):
            message = Message("There is no column for {attribute}.", attribute=attribute.label)
            accepted = Message("a value for “{attribute}”", attribute=attribute.label)
            error = CellError(message, "required", accepted, code="required.no-column")
            table.refuse_alike(indices, attribute.label, "", error, row=table.sheet.header_row)


def _links(table: SheetTable, found: dict[int, Observation]) -> None:
    """Adds the links that columns named after relationship types make."""
    for use in table.mapping.columns:
        if use.role != "link":
            continue
        kind = table.schema.relationships[use.name]
        ends = kind.subjects if use.inverse else kind.objects
        other = Attribute(use.name, use.header, "reference", target=ends[0] if len(ends) == 1 else "ci")
        converter = Converter(other, transforms=use.transforms, schema=table.schema, mentions=table.mentions)
        columns: dict[str, int] = {
            c.role: c.index for c in table.mapping.columns if c.role in ("group", "needs") and c.link == use.index
        }
        for index, cell in enumerate(table.cells[use.index]):
            if cell == "" or index not in found:
                continue
            group, needs = _group(table, index, columns)
            for part in split_cell(cell):
                mention = converter(part)
                if isinstance(mention, CellError):
                    table.refuse(index, use.header, cell, mention)
                elif mention is not None:
                    link = Link(use.name, mention, use.inverse, group, needs, use.header)
                    found[index].links = (*found[index].links, link)


def _group(table: SheetTable, index: int, columns: dict[str, int]) -> tuple[str, str]:
    group = str(table.rows[index][columns["group"]]).strip() if "group" in columns else ""
    if "needs" not in columns:
        return group, ""
    needs = needs_of(table.rows[index][columns["needs"]])
    if isinstance(needs, CellError):
        header, cell = table.sheet.headers[columns["needs"]], table.rows[index][columns["needs"]]
        table.refuse(index, header, cell, needs)
        return group, ""
    return group, needs
