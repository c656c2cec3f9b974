"""The workbook for auditors, written as a job."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.answer_cache import AnswerCache
    from app.reports.compliance_workbook import Preparation
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader


def write_workbook(
    control: Control, workspace: Workspace, known: AnswerCache, path: Path, day: date, at: int | None
) -> Path:
    """Counts the position of a day, over what revision ``at`` knew (None: now), and writes it.

    Raises FileProblem, Cancelled.
    """
    from app.positions import positions_of
    from app.reports.compliance_workbook import write

    control.progress(0, 2, Message("Counting"))
    with workspace.read(at) as reader:
        found = positions_of(known, reader, day, workspace.jobs)
        head, prepared = reader.head(), preparation(reader, workspace.author, workspace.name)
    control.check()
    control.progress(1, 2, Message("Writing"))
    write(found, path, head, prepared)
    control.progress(2, 2, Message("Done"))
    return path


def preparation(reader: Reader, author: str, name: str = "") -> Preparation:
    """Who a workbook is of and made by, and what was noted; ``name`` is the estate's where people gave it none."""
    from app.estate_settings import NAME, ORGANISATION, estate_settings
    from app.licences.position_notes import notes
    from app.reports.compliance_workbook import Preparation

    said = estate_settings(reader)
    return Preparation(said[NAME.name] or name, said[ORGANISATION.name], author, notes(reader))
