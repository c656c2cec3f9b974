"""Review: questions that reconciliation could not decide. A person decides them, and the decision is kept."""

from __future__ import annotations

from app.navigation_counts import LateBadge, PageCount
from app.reviews.found_pairs import pairs_number
from app.reviews.open_questions import DECISIONS, DOUBLES, open_number
from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.review.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.review.page import ReviewPage

    return ReviewPage


PAGE = PageEntry(
    "review",
    Message("Review"),
    "review",
    "collect",
    30,
    _load,
    lambda reader, _: PageCount(number := open_number(reader), number > 0),
    hint=Message("Questions that wait for a decision"),
    actions=ACTIONS,
    badge_of=DECISIONS,
    late_badge=LateBadge(pairs_number, DOUBLES),
)
