"""The overview: what the estate holds, what ends soon, what needs attention, recent changes."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry


def _load() -> type[Page]:
    from ui.pages.overview.page import OverviewPage

    return OverviewPage


PAGE = PageEntry(
    "overview", Message("Overview"), "overview", "estate", 10, _load, hint=Message("The estate at a glance")
)
