"""Export of lists as they are shown: a file dialog asks for the file, a job writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.assets.list_export import write_list, write_rows
from cmdb.model.messages import Message, tr
from importers.tables import Column
from ui.context import Context
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute
    from cmdb.model.selection import Selection
    from ui.widgets.table import TableView

_KINDS = {
    ".xlsx": Message("Excel workbook (*.xlsx)"),
    ".ods": Message("OpenDocument spreadsheet (*.ods)"),
    ".csv": Message("Comma-separated values (*.csv)"),
    ".html": Message("Web page (*.html)"),
    ".json": Message("JSON (*.json)"),
}
_INVENTORIES = {
    ".zip": Message("Inventories for GLPI (*.zip)"),
    ".cdx.json": Message("CycloneDX list of software (*.cdx.json)"),
}
"""What a list of computers can be written as besides."""


def ask_and_export(
    context: Context, over: QWidget, selection: Selection, columns: Sequence[Attribute], group: str = ""
) -> None:
    """Asks where to, and writes the list there, in groups by the attribute ``group`` if there is one."""
    computers = context.schema.is_a(selection.cls, "computer")
    path = _asked(context, over, context.schema.cls(selection.cls).plural, _INVENTORIES if computers else {})
    if path is not None:
        export_list(context, selection, columns, path, group)


def ask_and_export_table(context: Context, over: QWidget, title: str, table: TableView) -> None:
    """Asks where to, and writes what a table of rows in memory shows there, in its order and with its columns."""
    path = _asked(context, over, title)
    if path is not None:
        export_table(context, title, table, path)


def _asked(
    context: Context, over: QWidget, name: str, more: Mapping[str, Message] = MappingProxyType({})
) -> Path | None:
    """The file that the person names; None for none. ``more`` are kinds beside those of every list."""
    settings, kinds = context.workspace.settings, {**_KINDS, **more}
    return ask_to_save(settings, over, "export", tr("Export this list"), context.file_name(name), kinds)


def export_list(
    context: Context, selection: Selection, columns: Sequence[Attribute], path: Path, group: str = ""
) -> None:
    """Writes the list in a job, with a message when it is done."""
    moment = (context.moment.at, context.moment.today)
    context.workspace.jobs.start(
        Message("Writing {file}", file=path.name),
        write_list,
        context.workspace,
        selection,
        list(columns),
        moment,
        path,
        group,
        done=lambda rows: say_written(context.shell, path, rows),
        failed=context.shell.problem,
    )


def export_table(context: Context, title: str, table: TableView, path: Path) -> None:
    """Writes the rows of a table in a job, with a message when it is done."""
    model, header = table.model(), table.horizontalHeader()
    order = [header.logicalIndex(place) for place in range(header.count())]
    shown = [place for place in order if not table.isColumnHidden(place)]
    across = Qt.Orientation.Horizontal
    columns = [Column(f"column_{n}", str(model.headerData(n, across) or "")) for n in shown]
    rows = [[str(model.index(row, n).data() or "") for n in shown] for row in range(model.rowCount())]
    context.workspace.jobs.start(
        Message("Writing {file}", file=path.name),
        write_rows,
        title,
        columns,
        rows,
        path,
        context.workspace,
        done=lambda rows: say_written(context.shell, path, rows),
        failed=context.shell.problem,
    )
