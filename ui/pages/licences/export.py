"""The export of the compliance workbook: asks for a file, writes it in a job, and offers to open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.licences.workbook import write_workbook
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written


class ComplianceWorkbook:
    """Asks over ``parent`` for a file, and starts the job. Rights are judged at ``day``."""

    def __init__(self, context: Context, day: Callable[[], date], parent: QWidget) -> None:
        self._context, self._day, self._parent = context, day, parent

    def ask(self) -> None:
        """Asks for a file, and writes it."""
        name = self._context.file_name(tr("Licence position {day}", day=self._day().isoformat()))
        kinds = {".xlsx": Message("Excel workbook (*.xlsx)")}
        settings, title = self._context.workspace.settings, tr("Export compliance workbook")
        path = ask_to_save(settings, self._parent, "export", title, name, kinds)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Writes the workbook, in a job with progress."""
        context = self._context
        context.workspace.jobs.start(
            Message("Writing {file}", file=path.name),
            write_workbook,
            context.workspace,
            context.remembered,
            path,
            self._day(),
            context.moment.at,
            done=self._done,
            failed=context.shell.problem,
        )

    def _done(self, path: Path) -> None:
        say_written(self._context.shell, path)
