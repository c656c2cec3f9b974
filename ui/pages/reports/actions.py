"""The actions of the Reports page, before it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.model.messages import Message
from ui.actions import ActionEntry

if TYPE_CHECKING:
    from app.workspace import Workspace

_RUN = Message("a report that has run")

ACTIONS = (
    ActionEntry("reports.export", Message("Export this report…"), "export", "Ctrl+Shift+E", ("edit",), _RUN),
    ActionEntry("reports.copy", Message("Copy the report as a table"), "copy", "", ("edit",), _RUN),
    ActionEntry(
        "reports.run", Message("Run the report again"), "refresh", "F5", ("edit",), Message("a report that is chosen")
    ),
)


def report_actions(workspace: Workspace) -> tuple[ActionEntry, ...]:
    """One for each report, plug-ins' ones included."""
    from app.reports import reports

    known = reports(workspace.plugins.reports()).values()
    return tuple(
        ActionEntry(f"reports.show.{one.name}", Message("Report: {title}", title=one.title), "reports") for one in known
    )
