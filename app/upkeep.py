"""What the window looks after once an estate is open: its backups, its history, and what was left in staging."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app import preferences
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message, trn

if TYPE_CHECKING:
    from app.jobs import Job
    from app.workspace import Workspace
    from cmdb.model.control import Control


def back_up_daily(workspace: Workspace) -> Job | None:
    """Makes today's backup in a job, if there was none yet; None if the person has switched backups off.

    Then history that the estate's retention rule no longer keeps is pruned. Without a backup nothing is pruned.
    """
    if not preferences.value_of(workspace.settings, preferences.BACKUPS):
        return None
    where, key = workspace.base.where, workspace.base.key

    def work(control: Control) -> None:
        from cmdb.store.upkeep.backups import BackupReason, back_up, due

        now = datetime.now()
        if due(where, now):
            back_up(where, BackupReason.DAILY, control, now, key)
        _prune_if_due(workspace, control)

    def failed(error: Exception) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            workspace.notice(str(error))
        elif not isinstance(error, UserError):
            raise error

    return workspace.jobs.start(Message("Daily backup"), work, failed=failed)


def clear_staging(workspace: Workspace) -> Job | None:
    """Clears, in a job, the staged proposals of processes that have ended; None if nothing may be written.

    Proposals of running processes stay: see ``cmdb.store.upkeep.abandoned_proposals``.
    """
    if workspace.read_only:
        return None

    def work(control: Control) -> int:
        from cmdb.store.upkeep.abandoned_proposals import clear_abandoned

        return clear_abandoned(workspace.base, control)

    def failed(error: Exception) -> None:
        if not isinstance(error, UserError):  # it is tried again when the estate is next opened
            raise error

    return workspace.jobs.start(Message("Clearing what was left in staging"), work, failed=failed)


def _prune_if_due(workspace: Workspace, control: Control) -> None:
    if workspace.read_only:
        return
    from app.history.retention import prune_history
    from cmdb.register import retention

    with workspace.base.read() as reader:
        due = retention.due(reader)
    if due:
        done = prune_history(workspace, control)
        workspace.notice(
            trn(
                "{count} old version was taken out of the history, as the estate's rule says.",
                "{count} old versions were taken out of the history, as the estate's rule says.",
                done.versions,
            )
        )
