"""Builds missing indexes of an estate's schema: after opening, and after a change of the schema."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from app.workspace import Workspace
    from ui.shell.services import Services
    from ui.tasks import Tasks


def build_missing(workspace: Workspace, tasks: Tasks, services: Services) -> None:
    """Finds the missing indexes in a worker, and builds them in a job."""
    if workspace.read_only:
        return

    def done(built: list[str]) -> None:
        if built:
            services.toast(
                trn(
                    "Sorting and filtering by {attributes} is fast now.",
                    "Sorting and filtering by {attributes} are fast now.",
                    len(built),
                    attributes=listed(built),
                ),
                tone="good",
            )

    def failed(error: Exception) -> None:
        # Indexes that are still missing are built when the estate is opened again.
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            services.toast(str(error), tone="warning")
        elif not isinstance(error, Cancelled):
            services.problem(error)

    def start(missing: list[str]) -> None:
        if missing:
            title = Message("Making {attributes} fast to sort by", attributes=listed(missing))
            workspace.jobs.start(title, partial(_build, workspace=workspace), done=done, failed=failed)

    tasks.run(partial(_missing, workspace), start, failed, key="indexes", lane="slow")


def _build(control: Control, workspace: Workspace) -> list[str]:
    from app.indexes import build_indexes

    return build_indexes(workspace, control)


def _missing(workspace: Workspace) -> list[str]:
    """The labels of the attributes whose indexes are missing."""
    from app.indexes import index_labels

    return index_labels(workspace.schema, workspace.missing_indexes())


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: "Memory", "Memory and Order number", "Memory, Order number and 3 more"."""
    if len(words) > 3:
        return tr("{words} and {number} more", words=tuple(words[:2]), number=len(words) - 2)
    return listing(words)
