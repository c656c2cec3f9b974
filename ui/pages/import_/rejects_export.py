"""Export of the rejected rows to a file, to be mended there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.pages.import_.flow import ImportFlow


def export_rejects(context: Context, flow: ImportFlow, parent: QWidget) -> None:
    """Asks for a file, and writes the rejected rows to it."""
    name = tr("{file} rejected", file=flow.files[0].path.stem) if flow.files else tr("Rejected")
    start = str(flow.files[0].path.with_name(f"{name}.xlsx")) if flow.files else f"{name}.xlsx"
    kinds = tr("Spreadsheets (*.xlsx *.csv *.ods)")
    where, _ = QFileDialog.getSaveFileName(parent, tr("Export rejected rows"), start, kinds)
    if where:
        path = Path(where) if Path(where).suffix else Path(where + ".xlsx")

        def done(rows: int) -> None:
            written = trn("{count} row written to {file}", "{count} rows written to {file}", rows, file=path.name)
            context.shell.toast(written)

        flow.export_rejects(path, done)
