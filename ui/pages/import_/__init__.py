"""Import: spreadsheets and inventory files are opened, mapped, checked, compared and applied."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.import_.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.import_.page import ImportPage

    return ImportPage


PAGE = PageEntry(
    "import",
    Message("Import"),
    "import",
    "collect",
    20,
    _load,
    hint=Message("Take in spreadsheets and inventory files"),
    actions=ACTIONS,
)
