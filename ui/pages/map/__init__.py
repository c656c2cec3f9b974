"""The map: what an item is related to, what fails with it, and why."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.map.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.map.page import MapPage

    return MapPage


PAGE = PageEntry(
    "map",
    Message("Map"),
    "map",
    "estate",
    30,
    _load,
    hint=Message("What depends on what, and what breaks"),
    actions=ACTIONS,
)
