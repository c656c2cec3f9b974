"""The compliance workbook: asked for, written in a job, and then one click away."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from cmdb.model.control import Control
from ui.widgets.saved import Saved

if TYPE_CHECKING:
    from app.remembered import Remembered
    from app.workspace import Workspace
    from ui.pages.licences.page import LicencesPage


def write_workbook(
    control: Control, workspace: Workspace, known: Remembered, path: Path, day: date, at: int | None
) -> Path:
    """Counts the position of a day, over what revision ``at`` knew (None: now), and writes it. Raises FileProblem."""
    from app.positions import positions_of
    from app.reports.compliance import write

    control.progress(0, 2, "Counting")
    with workspace.store.read(at) as reader:
        found = positions_of(known, reader, day, workspace.jobs)
    control.check()
    control.progress(1, 2, "Writing")
    write(found, path)
    control.progress(2, 2, "Done")
    return path


class Workbook:
    """Belongs to the page: asks where to, starts the job, says where the file is."""

    def __init__(self, page: LicencesPage) -> None:
        self._page = page
        self.message = Saved(page.theme)

    def ask(self) -> None:
        """Asks where to, and writes there."""
        start = Path.home() / f"Licence position {self._page.day.day.isoformat()}.xlsx"
        where, _ = QFileDialog.getSaveFileName(
            self._page, "Export compliance workbook", str(start), "Excel workbook (*.xlsx)"
        )
        if where:
            self.write(Path(where if Path(where).suffix else f"{where}.xlsx"))

    def write(self, path: Path) -> None:
        """Writes the workbook, in a job with progress."""
        context, day = self._page.context, self._page.day.day
        self.message.say("")
        context.workspace.jobs.start(
            f"Writing {path.name}",
            write_workbook,
            context.workspace,
            context.remembered,
            path,
            day,
            context.moment.at,
            done=self._done,
            failed=context.shell.problem,
        )

    def _done(self, path: Path) -> None:
        self._page.context.shell.toast(f"{path.name} is written", tone="good")
        self.message.show_file(path, "The compliance workbook")
