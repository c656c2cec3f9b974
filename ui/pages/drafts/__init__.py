"""The open draft: what it does, record by record, and what of it others have changed meanwhile."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry


def _load() -> type[Page]:
    from ui.pages.drafts.page import DraftPage

    return DraftPage


PAGE = PageEntry(
    "drafts",
    Message("Draft"),
    "draft",
    "answer",
    90,
    _load,
    hint=Message("What the open draft does, and what conflicts"),
    listed=False,
)
