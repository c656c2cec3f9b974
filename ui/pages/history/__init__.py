"""History: every revision of the register, what it changed, and its undo."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.history.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.history.page import HistoryPage

    return HistoryPage


PAGE = PageEntry(
    "history",
    Message("History"),
    "history",
    "answer",
    20,
    _load,
    hint=Message("Every change, and the way back"),
    actions=ACTIONS,
)
