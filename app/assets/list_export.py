"""A list as a file: its rows in their order, under the columns that are shown."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.assets.columns import ABOUT, CLASS
from app.assets.rows import rows_of
from app.unfinished_files import noted
from cmdb.model.messages import tr
from importers.tables import FORMATS as LIST_FORMATS
from importers.tables import Table
from importers.tables import write as write_tables
from importers.tables.model import column_of

if TYPE_CHECKING:
    from app.assets.rows import ListedItem
    from app.workspace import Workspace
    from cmdb.model.control import Control
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

__all__ = ["LIST_FORMATS", "write_list"]

_BATCH = 500


def write_list(
    control: Control,
    workspace: Workspace,
    selection: Selection,
    columns: Sequence[Attribute],
    moment: tuple[int | None, date | None],
    path: Path,
) -> int:
    """Writes a list as it is shown at a moment (revision, its day; None: now) in the format of the path's ending.

    Returns how many rows. Raises Cancelled, FileProblem, QueryError.
    """
    with workspace.read(*moment) as reader:
        ids = reader.ids(selection)
        title = reader.schema.cls(selection.cls).plural
        rows = _rows(control, reader, ids, columns)
        note = tr("The journal's head: {head}", head=str(reader.head())) if reader.draft else ""
        with noted(path):
            return write_tables(path, [Table(title, [column_of(attribute) for attribute in columns], rows, note=note)])


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
