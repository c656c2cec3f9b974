"""What can be done with what waits for a decision, before its page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

_ANSWER = "a question that has this answer"

ACTIONS = (
    *(
        ActionEntry(f"review.same_{letter}", f"Decide: same as {letter}", "", f"Alt+{letter}", ("Edit",), _ANSWER, True)
        for letter in "ABC"
    ),
    ActionEntry("review.new", "Decide: a new record", "", "Alt+N", ("Edit",), _ANSWER, True),
    ActionEntry("review.ignore", "Decide: ignore", "", "Alt+I", ("Edit",), _ANSWER, True),
)
