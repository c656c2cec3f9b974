"""The licence position: entitled, needed, covered, short and spare units with the evidence; and renewals."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.licences.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.licences.page import LicencesPage

    return LicencesPage


PAGE = PageEntry("licences", Message("Licences"), "licences", "estate", 40, _load, actions=ACTIONS)
