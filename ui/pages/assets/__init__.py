"""Assets: every configuration item, by class, in a table with its details beside it."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.assets.actions import ACTIONS, class_actions


def _load() -> type[Page]:
    from ui.pages.assets.page import AssetsPage

    return AssetsPage


PAGE = PageEntry(
    "assets",
    Message("Assets"),
    "assets",
    "estate",
    20,
    _load,
    hint=Message("Everything in the register, by class"),
    actions=ACTIONS,
    more_actions=class_actions,
    root="ci",
)
