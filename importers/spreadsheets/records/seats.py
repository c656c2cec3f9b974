"""Seats of licences in sheets of something else: who has a licence, in its own row or in the person's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from cmdb.model.observation import NamedReference, Observation, ObservedAssignment
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import ColumnUse
from importers.spreadsheets.columns.transforms import apply_transforms
from importers.spreadsheets.records.link_rows import split_cell

_PARTS = "parts:"


def seats_of(table: SheetTable, found: dict[int, Observation]) -> list[ObservedAssignment]:
    """The assignments that the rows' "seat" columns state, beside the rows' own records (``found``, by index)."""
    uses = [use for use in table.mapping.columns if use.role == "seat"]
    if not uses:
        return []
    assignments: list[ObservedAssignment] = []
    for use in (u for u in uses if u.name == "licence"):
        assignments += _licences_of_holders(table, use, found)
    holder = [use for use in uses if use.name != "licence"]
    return assignments + (_holders_of_licences(table, holder, found) if holder else [])


def _holders_of_licences(
    table: SheetTable, uses: list[ColumnUse], found: dict[int, Observation]
) -> list[ObservedAssignment]:
    person = table.schema.classes["person"].attributes
    columns = {use.name: table.convert(use, person[use.name]) for use in uses if use.name in person}
    names = Counter(str(observation.values.get("name", "")).casefold() for observation in found.values())
    assignments = []
    for index, observation in found.items():
        said = {name: values[index] for name, values in columns.items() if values[index] is not None}
        if index in table.rejected or not said:
            continue
        name = str(said.pop("name", "") or " ".join(str(said[n]) for n in ("first_name", "last_name") if n in said))
        name = name or str(next(iter(said.values())))
        holder = NamedReference("person", name, tuple(sorted(said.items())))
        licence = NamedReference("entitlement", _named(observation, names))
        holder = table.mentions.setdefault(holder, holder)
        assignments.append(ObservedAssignment(licence, holder, observation.origin, beside=True))
    return assignments


def _named(observation: Observation, names: Counter[str]) -> str:
    """A licence as others name it: by its purchase, where several in the sheet are called alike."""
    name = str(observation.values.get("name", ""))
    return name if names[name.casefold()] < 2 else str(observation.values.get("purchase_order", name))


def _licences_of_holders(table: SheetTable, use: ColumnUse, found: dict[int, Observation]) -> list[ObservedAssignment]:
    mark = next((t.removeprefix(_PARTS) for t in use.transforms if t.startswith(_PARTS)), "")
    plain = replace(use, transforms=tuple(t for t in use.transforms if not t.startswith(_PARTS)))
    licence = Attribute("product", use.header, "reference", target="software_product")
    converter = Converter(licence, transforms=plain.transforms, schema=table.schema, mentions=table.mentions)
    assignments = []
    for index, observation in found.items():
        cell = table.cells[use.index][index]
        if cell == "" or index in table.rejected:
            continue
        for part in _parts(cell, mark, plain.transforms):
            mention = converter(part)
            if isinstance(mention, CellError):
                table.warn(table.numbers[index], use.header, cell, mention.message, mention.kind, mention.code)
            elif mention is not None:
                assignments.append(ObservedAssignment(mention, _self(observation), observation.origin, beside=True))
    return assignments


def _parts(cell: Any, mark: str, transforms: tuple[str, ...]) -> list[Any]:
    if mark and isinstance(cell, str):
        return [part for part in str(apply_transforms(cell, transforms)).split(mark) if part.strip()]
    return split_cell(cell)


def _self(observation: Observation) -> NamedReference:
    """The row's own record, as others name it."""
    known = [(n, v) for n in ("email", "employee_number", "user_name") if (v := observation.values.get(n)) is not None]
    values = tuple((n, v) for n, v in known if not isinstance(v, NamedReference)) if observation.cls == "person" else ()
    return NamedReference(observation.cls, str(observation.values.get("name", "")), values)
