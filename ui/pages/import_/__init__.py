"""Import: spreadsheets and inventory files are opened, mapped, checked, compared and applied."""

from __future__ import annotations

from ui.page import Page, PageEntry
from ui.pages.import_.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.import_.page import ImportPage

    return ImportPage


PAGE = PageEntry(
    "import", "Import", "import", "collect", 20, _load, hint="Take in spreadsheets and inventory files", actions=ACTIONS
)
