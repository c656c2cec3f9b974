"""Exporting the list as it is shown: asked for in a file dialog, written in a job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app.assets.list_export import write_list
from cmdb.model.messages import Message
from ui.context import Context
from ui.widgets.dates import plural

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute
    from cmdb.model.selection import Selection

_KINDS = {
    "Excel workbook (*.xlsx)": ".xlsx",
    "OpenDocument spreadsheet (*.ods)": ".ods",
    "Comma-separated values (*.csv)": ".csv",
    "JSON (*.json)": ".json",
}


def ask_and_export(context: Context, over: QWidget, selection: Selection, columns: Sequence[Attribute]) -> None:
    """Asks where to, and writes the list there."""
    name = context.schema.cls(selection.cls).plural
    where, kind = QFileDialog.getSaveFileName(
        over.window(), "Export this list", str(Path.home() / f"{name}.xlsx"), ";;".join(_KINDS)
    )
    if where:
        path = Path(where)
        ending = "" if path.suffix else _KINDS.get(kind, ".xlsx")
        export_list(context, selection, columns, path.with_name(path.name + ending))


def export_list(context: Context, selection: Selection, columns: Sequence[Attribute], path: Path) -> None:
    """Writes the list in a job, and says when it is there."""

    def done(rows: int) -> None:
        context.shell.toast(f"{plural(rows, 'row')} written to {path.name}", tone="good")

    moment = (context.moment.at, context.moment.today)
    context.workspace.jobs.start(
        Message("Writing {file}", file=path.name),
        write_list,
        context.workspace,
        selection,
        list(columns),
        moment,
        path,
        done=done,
        failed=context.shell.problem,
    )
