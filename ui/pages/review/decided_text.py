"""What was decided of a question, in the words of the message after it."""

from __future__ import annotations

from app.decision_kinds import CODE
from app.reviews.inbox import ReviewQuestion
from cmdb.model.messages import Message


def decided_text(question: ReviewQuestion, choice: str) -> Message:
    """What was decided, for the message after it."""
    side = next((s for s in question.sides if s.choice == choice), None)
    if side is not None and side.uid:
        return Message("Decided: it is {name}", name=side.name)
    if side is not None:
        return Message("Decided: {row} is right", row=side.name or side.under)
    match choice:
        case "mixed":
            return Message("{name}: the chosen values are right", name=question.name)
        case "new":
            return Message("{name} is a new record", name=question.name)
        case "together":
            return Message("{name} is one new record", name=question.name)
        case "different":
            return Message("{name} and {other} are different", name=question.name, other=question.sides[-1].name)
        case "take":
            return Message("{name}: what was read is taken over", name=question.name)
        case "keep":
            return Message("{name} is kept as it is", name=question.name)
        case "separate":
            return Message("{name}: each is a record of its own", name=question.name)
    if cls := next((title for one, title, *_ in (*question.others, *question.more) if one == choice != "ignore"), None):
        return Message("Decided: {name} is {cls}", name=question.name, cls=cls)
    if question.kind == CODE and choice != "ignore":
        return Message("{name} is a code of the item from now on", name=question.name)
    return Message("{name} is ignored from now on", name=question.name)
