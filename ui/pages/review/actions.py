"""The actions of the Review page, known before the page is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_ANSWER = Message("a question that has this answer")

ACTIONS = (
    *(
        ActionEntry(
            f"review.same_{letter}",
            Message("Decide: same as {letter}", letter=letter),
            "",
            f"Alt+{letter}",
            ("edit",),
            _ANSWER,
            True,
        )
        for letter in "ABC"
    ),
    ActionEntry("review.new", Message("Decide: a new record"), "", "Alt+N", ("edit",), _ANSWER, True),
    ActionEntry(
        "review.task",
        Message("Make a task…"),
        "check",
        "Alt+T",
        ("edit",),
        Message("a question that is shown"),
        True,
        Message("write down what is to do before the question can be answered"),
    ),
    ActionEntry(
        "review.alike",
        Message("Decide all like this…"),
        "",
        "Alt+L",
        ("edit",),
        Message("several questions of one kind"),
        True,
        Message("give all questions of one kind the same answer"),
    ),
    ActionEntry(
        "review.clean_up",
        Message("Clean up names…"),
        "merge",
        "",
        ("edit",),
        edits=True,
        hint=Message("merge manufacturers, models, people and places of nearly equal names"),
    ),
    ActionEntry(
        "review.dependencies",
        Message("Dependencies seen in connections…"),
        "link",
        "",
        ("edit",),
        hint=Message("accept or dismiss what scans saw of who uses what over the network"),
    ),
    ActionEntry(
        "review.deviations",
        Message("Deviations…"),
        "sort",
        "",
        ("edit",),
        edits=True,
        hint=Message("what sources say otherwise than what stands, to be taken over"),
    ),
    ActionEntry("review.ignore", Message("Decide: ignore"), "", "Alt+I", ("edit",), _ANSWER, True),
)
