"""Audits: what should be in a place is looked for there, scan by scan, and what came of it is taken over."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.audits.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.audits.page import AuditsPage

    return AuditsPage


PAGE = PageEntry(
    "audits",
    Message("Audits"),
    "audits",
    "collect",
    25,
    _load,
    hint=Message("Scan what is there, and compare it with what should be there"),
    actions=ACTIONS,
)
