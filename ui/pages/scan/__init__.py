"""Scan: an inventory of this computer that is put into the register; and inventory files of other computers."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.scan.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.scan.page import ScanPage

    return ScanPage


PAGE = PageEntry(
    "scan", Message("Scan"), "scan", "collect", 10, _load, hint=Message("Inventory this computer"), actions=ACTIONS
)
