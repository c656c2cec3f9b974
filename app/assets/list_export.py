"""A list as a file: its rows in their order, under the columns that are shown."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.assets.columns import ABOUT, CLASS
from app.assets.groups import ListGroups, group_title, grouped_by, read_groups
from app.assets.rows import rows_of
from app.html_tables import write_html
from app.inventory_export import format_of
from app.unfinished_files import noted
from cmdb.model import clock
from cmdb.model.messages import tr
from importers.tables import FORMATS as TABLE_FORMATS
from importers.tables import Column, Table
from importers.tables import write as write_tables
from importers.tables.model import column_of

if TYPE_CHECKING:
    from app.assets.rows import ListedItem
    from app.workspace import Workspace
    from cmdb.model.control import Control
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

__all__ = ["LIST_FORMATS", "write_list", "write_rows"]

LIST_FORMATS = (*TABLE_FORMATS, ".html")
"""Endings of files that a list can be written to."""
_BATCH = 500
#: Files that have room for a sheet of the groups beside that of the rows.
_WITH_SHEETS = (".xlsx", ".ods")
_GROUP = "group"


def write_list(
    control: Control,
    workspace: Workspace,
    selection: Selection,
    columns: Sequence[Attribute],
    moment: tuple[int | None, date | None],
    path: Path,
    group: str = "",
) -> int:
    """Writes a list as it is shown at a moment (revision, its day; None: now) in the format of the path's ending.

    Computers are written as inventories where that is the ending of one (``app.inventory_export``). With a ``group``
    (an attribute), the rows are in the order of their groups, whose name is the first column; a workbook gets a sheet
    with the counts and sums of the groups, too. Returns how many rows. Raises Cancelled, FileProblem, QueryError.
    """
    inventories = format_of(path.name)
    if inventories is not None:
        with workspace.read(*moment) as reader, noted(path):
            return inventories.write(reader, path, [selection], control)
    with workspace.read(*moment) as reader:
        title = reader.schema.cls(selection.cls).plural
        note = tr("The journal's head: {head}", head=str(reader.head())) if reader.draft else ""
        heads = [column_of(attribute) for attribute in columns]
        attribute = grouped_by(reader.schema, selection.cls, group)
        tables = []
        if attribute is None:
            ids = reader.ids(selection)
            rows = _rows(control, reader, ids, columns)
        else:
            found = read_groups(reader, selection, attribute, columns)
            names = [group_title(reader.schema, attribute, one, found.names) for one in found.groups]
            heads = [Column(_GROUP, attribute.label), *heads] if attribute not in columns else heads
            rows = _grouped_rows(control, reader, selection, found, columns, names)
            if path.suffix.casefold() in _WITH_SHEETS:
                tables.append(_groups_table(found, columns, names))
        table = Table(title, heads, rows, note=note)
        with noted(path):
            if path.suffix.casefold() == ".html":
                return write_html(path, table, selection.where or selection.text, reader, moment[1] or clock.today())
            write_tables(path, [table, *tables])
            return table.written


def write_rows(
    control: Control, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], path: Path,
    workspace: Workspace,
) -> int:  # fmt: skip
    """Writes rows that are in memory in the format of the path's ending; returns how many.

    Raises Cancelled, FileProblem.
    """
    control.check()
    table = Table(title, columns, rows)
    with noted(path):
        if path.suffix.casefold() == ".html":
            with workspace.read() as reader:
                return write_html(path, table, "", reader, clock.today())
        return write_tables(path, [table])


def _groups_table(found: ListGroups, columns: Sequence[Attribute], names: Sequence[str]) -> Table:
    """A row for each group with its count and sums, those of amounts in a column for each currency."""
    heads = [Column(_GROUP, found.attribute.label), Column("count", tr("Number"), "integer")]
    values: list[tuple[str, str | None]] = []
    for one in columns:
        codes = sorted({code for each in found.groups for code in each.amounts.get(one.name, {})})
        for code in codes:
            label = tr("{amount}, {currency}", amount=one.label, currency=code) if code else one.label
            heads.append(Column(f"{one.name}_{code}", label, "number"))
            values.append((one.name, code))
        if any(one.name in each.sums for each in found.groups):
            heads.append(Column(one.name, one.label, one.type, one.unit))
            values.append((one.name, None))
    rows = [
        [name, each.count, *(each.sums.get(n) if c is None else each.amounts.get(n, {}).get(c) for n, c in values)]
        for each, name in zip(found.groups, names, strict=True)
    ]
    return Table(tr("Groups"), heads, rows)


def _grouped_rows(
    control: Control,
    reader: Reader,
    selection: Selection,
    found: ListGroups,
    columns: Sequence[Attribute],
    names: Sequence[str],
) -> Iterator[list[Any]]:
    named = found.attribute not in columns
    members = reader.ids_of_groups(selection, found.attribute.name)
    for one, name in zip(found.groups, names, strict=True):
        for row in _rows(control, reader, members[one.key], columns):
            yield [name, *row] if named else row


def _rows(control: Control, reader: Reader, ids: array[int], columns: Sequence[Attribute]) -> Iterator[list[Any]]:
    for low in range(0, len(ids), _BATCH):
        control.check()
        control.progress(low, len(ids))
        for row in rows_of(reader, ids[low : low + _BATCH]).values():
            yield [_cell(reader.schema, row, attribute) for attribute in columns]


def _cell(schema: Schema, row: ListedItem, attribute: Attribute) -> Any:
    if attribute.name == CLASS:
        return schema.cls(row.ci.cls).label
    if attribute.name == ABOUT:
        return str(row.about) or None
    value = row.ci.values.get(attribute.name)
    if value is not None and attribute.type == "reference":
        return row.names.get(str(value), ("", ""))[1]
    return value
