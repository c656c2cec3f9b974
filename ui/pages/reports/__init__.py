"""Reports: every list that the register can answer, to read, filter and export."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.reports.actions import ACTIONS, report_actions


def _load() -> type[Page]:
    from ui.pages.reports.page import ReportsPage

    return ReportsPage


PAGE = PageEntry(
    "reports", Message("Reports"), "reports", "answer", 10, _load, actions=ACTIONS, more_actions=report_actions
)
