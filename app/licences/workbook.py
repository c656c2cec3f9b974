"""The workbook for auditors, written as a job."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.answer_cache import AnswerCache
    from app.workspace import Workspace


def write_workbook(
    control: Control, workspace: Workspace, known: AnswerCache, path: Path, day: date, at: int | None
) -> Path:
    """Counts the position of a day, over what revision ``at`` knew (None: now), and writes it.

    Raises FileProblem, Cancelled.
    """
    from app.licences.position_notes import notes
    from app.positions import positions_of
    from app.reports.compliance_workbook import Preparation, write

    control.progress(0, 2, Message("Counting"))
    with workspace.read(at) as reader:
        found = positions_of(known, reader, day, workspace.jobs)
        head, noted = reader.head(), notes(reader)
    control.check()
    control.progress(1, 2, Message("Writing"))
    write(found, path, head, Preparation(estate=workspace.name, author=workspace.author, notes=noted))
    control.progress(2, 2, Message("Done"))
    return path
