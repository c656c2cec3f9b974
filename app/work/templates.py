"""A sheet with the columns that tasks have, to fill in and import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.work.lists import TASK

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.model.schema import Schema


def write_task_template(_: Control, schema: Schema, path: Path) -> None:
    """Writes the sheet in the format of the path's ending. Raises FileProblem."""
    from app.unfinished_files import noted
    from importers.tables import write_template

    with noted(path):
        write_template(path, schema, TASK)
