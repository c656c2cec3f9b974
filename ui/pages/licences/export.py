"""The export of the compliance workbook: asks for a file, writes it in a job, and offers to open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from app.licences.workbook import write_workbook
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.saved_file_message import SavedFileMessage


class ComplianceWorkbook:
    """Asks for a file, starts the job, and shows in ``message`` where the file is. Rights are judged at ``day``."""

    def __init__(self, context: Context, day: Callable[[], date]) -> None:
        self._context, self._day = context, day
        self.message = SavedFileMessage(context.theme)

    def ask(self) -> None:
        """Asks for a file, and writes it."""
        name = self._context.file_name(tr("Licence position {day}", day=self._day().isoformat()))
        kinds = {".xlsx": Message("Excel workbook (*.xlsx)")}
        settings, title = self._context.workspace.settings, tr("Export compliance workbook")
        path = ask_to_save(settings, self.message, "export", title, name, kinds)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Writes the workbook, in a job with progress."""
        context = self._context
        self.message.say("")
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
        self._context.shell.toast(tr("{file} is written", file=path.name), tone="good", file=path)
        self.message.show_file(path, tr("The compliance workbook"))
