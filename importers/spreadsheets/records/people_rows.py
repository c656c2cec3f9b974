"""Rows of lists of people: names without titles, and rows that are no people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmdb.model.group_names import names_no_person
from cmdb.model.messages import Message
from cmdb.model.observation import Observation
from cmdb.model.person_names import without_titles
from importers.spreadsheets.cells.table import SheetTable

#: What only somebody who is there has.
_OWN = ("email", "user_name", "employee_number")


def settle_people(table: SheetTable, header: str, indices: Sequence[int], found: dict[int, Observation]) -> None:
    """Leaves rows out that stand for no person, and titles out of names. ``header``: the column of the names."""
    _leave_out_nobody(table, header, indices, found)
    _leave_out_titles(indices, found)


def _leave_out_titles(indices: Sequence[int], found: Mapping[int, Observation]) -> None:
    """People's names without "Dr." and the like before them."""
    rows = [found[index].values for index in indices if index in found]
    spoken = {name: without_titles(name) for name in {str(values.get("name", "")) for values in rows}}
    titled = {name for name, bare in spoken.items() if name != bare}
    for values in rows if titled else ():
        if values.get("name") in titled:
            values["name"] = spoken[str(values["name"])]


def _leave_out_nobody(table: SheetTable, header: str, indices: Sequence[int], found: dict[int, Observation]) -> None:
    """Leaves out rows that stand for no person: "N.N.", "Neueinstellung", and "Lager" in a list of telephones."""
    rows = [(index, str(found[index].values.get("name", ""))) for index in indices]
    unfilled = {name for name in {name for _, name in rows} if name and names_no_person(name)}
    for index, name in rows if unfilled else ():
        if name not in unfilled:
            continue
        if found[index].values.keys().isdisjoint(_OWN):
            message = Message("“{name}” names no person; the row was skipped.", name=name)
            table.warn(table.numbers[index], header, name, message, "row", "row.nobody")
            del found[index]
        else:
            message = Message("“{name}” may be no person.", name=name)
            table.warn(table.numbers[index], header, name, message, "row", "row.perhaps-nobody")
