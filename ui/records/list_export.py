"""Export of the list as it is shown: a file dialog asks for the file, a job writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.assets.list_export import write_list
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.widgets.file_dialog import ask_to_save

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute
    from cmdb.model.selection import Selection

_KINDS = {
    ".xlsx": Message("Excel workbook (*.xlsx)"),
    ".ods": Message("OpenDocument spreadsheet (*.ods)"),
    ".csv": Message("Comma-separated values (*.csv)"),
    ".json": Message("JSON (*.json)"),
}


def ask_and_export(context: Context, over: QWidget, selection: Selection, columns: Sequence[Attribute]) -> None:
    """Asks where to, and writes the list there."""
    name = context.schema.cls(selection.cls).plural
    path = ask_to_save(
        context.workspace.settings, over, "export", tr("Export this list"), context.file_name(name), _KINDS
    )
    if path is not None:
        export_list(context, selection, columns, path)


def export_list(context: Context, selection: Selection, columns: Sequence[Attribute], path: Path) -> None:
    """Writes the list in a job, with a message when it is done."""

    def done(rows: int) -> None:
        said = trn("{count} row written to {file}", "{count} rows written to {file}", rows, file=path.name)
        context.shell.toast(said, tone="good", file=path)

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
