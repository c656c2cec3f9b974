"""What another tool's table says between its columns: holders of other kinds, what is handed over, what stands in."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from cmdb.model.messages import counted
from cmdb.model.observation import ONLY_NEW, SOURCE_ID, NamedReference, Observation
from cmdb.model.schema import Schema, fold
from importers.foreign_tables import ForeignTable, tag_in
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.sheets.workbook import cell_text

_HOLDER = "assigned_to"
_NOT_DELETED = frozenset(("", "false", "no", "0"))


def settle_foreign_rows(table: SheetTable, foreign: ForeignTable, found: dict[int, Observation]) -> None:
    """Settles the rows' observations (by index)."""
    if foreign.deleted:
        _leave_out_deleted(table, foreign, found)
    if foreign.held:
        if not any(use.name == f"{_HOLDER}.class" for use in table.mapping.columns):
            _tell_holders(found)
        _hand_over(table.schema, found)
    if foreign.racks_by_place:
        for observation in found.values():
            _place_racks(table, observation)
    for use in (use for use in table.mapping.columns if use.role == "number"):
        for index, observation in found.items():
            number = cell_text(table.cells[use.index][index]).strip()
            if number:
                observation.add_evidence(SOURCE_ID, [f"{use.name} {number}"])
    columns = {use.name for use in table.mapping.columns if use.role == "attribute"}
    stand_in = [name for name in foreign.for_new if name not in columns]
    if stand_in:
        for observation in found.values():
            observation.add_evidence(ONLY_NEW, [name for name in stand_in if name in observation.values])


def _leave_out_deleted(table: SheetTable, foreign: ForeignTable, found: dict[int, Observation]) -> None:
    """Leaves out the rows of what the tool deleted, and says how many."""
    column = next((c.index for c in table.mapping.columns if fold(c.header) in foreign.deleted), -1)
    there = {cell for cell in table.distinct[column] if fold(cell_text(cell)) in _NOT_DELETED} if column >= 0 else ()
    gone = [index for index in found if table.cells[column][index] not in there] if column >= 0 else []
    for index in gone:
        del found[index]
    if gone:
        message = counted(
            "{count} row is of what was deleted in {tool}; it was left out.",
            "{count} rows are of what was deleted in {tool}; they were left out.",
            len(gone),
            tool=foreign.tool,
        )
        header = table.mapping.columns[column].header
        table.warn(table.numbers[gone[0]], header, table.cells[column][gone[0]], message, "row", "row.deleted")


def _place_racks(table: SheetTable, observation: Observation) -> None:
    """Says of a rack that a row names that it is where the row's thing is."""
    place, rack = observation.values.get("location"), observation.values.get("rack")
    if not isinstance(place, NamedReference):
        return

    def placed(rack: NamedReference) -> NamedReference:
        there = structs.replace(rack, cls="rack", values=(("location", place),))
        return table.mentions.setdefault(there, there)

    if isinstance(rack, NamedReference):
        observation.values["rack"] = placed(rack)
    observation.links = [
        replace(link, other=placed(link.other)) if link.other.cls == "rack" else link for link in observation.links
    ]


def _tell_holders(found: dict[int, Observation]) -> None:
    """A holder whose kind no column says is a place or a thing where the table has one of that name; else a person."""
    places, things = set[str](), dict[str, str]()
    for observation in found.values():
        for name in ("location", "home_place"):
            place = observation.values.get(name)
            if isinstance(place, NamedReference):
                places.add(place.name.casefold())
        tag = observation.values.get("asset_tag")
        if tag is not None:
            things[str(tag).casefold()] = str(tag)
    for observation in found.values():
        holder = observation.values.get(_HOLDER)
        if not isinstance(holder, NamedReference) or holder.values:
            continue
        name = holder.name.casefold()
        if name in places:
            observation.values[_HOLDER] = structs.replace(holder, cls="place")
        elif (tag := tag_in(name)) in things:
            observation.values[_HOLDER] = structs.replace(holder, cls="hardware", name=things[tag])


def _hand_over(schema: Schema, found: dict[int, Observation]) -> None:
    """What somebody has is no longer in stock, whatever a tool's status says that keeps the two apart."""
    for observation in found.values():
        values = observation.values
        if _HOLDER in values and "status" in values:
            choices = schema.classes[observation.cls].attributes["status"].choices
            status = next((c for c in choices if c.value == values["status"]), None)
            handed = next((c.value for c in choices if "hand_over" in c.verb), "")
            if status is not None and status.phase == "stock" and handed:
                values["status"] = handed
