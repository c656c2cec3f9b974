"""Review: what reconciliation could not settle, put before a person; what is decided is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page import Page, PageEntry

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


def _load() -> type[Page]:
    from ui.pages.review.page import ReviewPage

    return ReviewPage


def _waiting(reader: Reader) -> int:
    """How many decisions are open."""
    return sum(1 for fields in reader.records("decision").values() if fields.get("state") == "open")


PAGE = PageEntry(
    "review", "Review", "review", "collect", 30, _load, _waiting, hint="Questions that wait for a decision"
)
