"""The answers to a scan that asks for one: an unknown code, two items with one tag, what was retired or lost."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.audits.shown_audit import ScanShown, Verdict
from cmdb.model.messages import Message


class Answer(StrEnum):
    """What a person can say of a scan."""

    MAKE = "make"
    TIE = "tie"
    CHOOSE = "choose"
    STOCK = "stock"
    LEAVE = "leave"


TITLES: Mapping[Answer, Message] = {
    Answer.MAKE: Message("Make an item"),
    Answer.TIE: Message("Tie to one"),
    Answer.CHOOSE: Message("Choose which one"),
    Answer.STOCK: Message("Back to stock"),
    Answer.LEAVE: Message("Leave"),
}

_OF: Mapping[Verdict, tuple[Answer, ...]] = {
    Verdict.UNKNOWN: (Answer.MAKE, Answer.TIE, Answer.LEAVE),
    Verdict.SEVERAL: (Answer.CHOOSE, Answer.LEAVE),
    Verdict.RETIRED: (Answer.STOCK, Answer.LEAVE),
    Verdict.LOST: (Answer.STOCK, Answer.LEAVE),
}


def answers_of(scan: ScanShown) -> tuple[Answer, ...]:
    """The answers that are offered; none where the code was scanned again. What was left can still be answered."""
    found = () if scan.settled or scan.again or not scan.key else _OF.get(scan.verdict, ())
    return found if scan.move else tuple(one for one in found if one is not Answer.LEAVE)
