"""Records that look like one thing, as questions of the Review page: merge them, or say that they are different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.doubles import are_different
from app.reviews.decisions import decision_revision
from app.reviews.inbox import ReviewCandidate, ReviewInbox, ReviewQuestion
from cmdb.model.messages import Message, verbatim
from cmdb.reconciliation.decided_rows import NO_CORRECTIONS, Corrections

if TYPE_CHECKING:
    from app.doubles import DoublePair, FoundDoubles
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.reconciliation.match_verdicts import MatchEvidence
    from cmdb.store.reading.reader import Reader

MERGE = "merge"
DIFFERENT = "different"


def double_questions(found: FoundDoubles) -> ReviewInbox:
    """The questions about the most evident pairs, and how many there are in all."""
    return ReviewInbox(tuple(map(_question, found.pairs)), found.names, found.number - len(found.pairs))


def answer(
    reader: Reader,
    question: ReviewQuestion,
    choice: str,
    author: str,
    corrections: Corrections = NO_CORRECTIONS,
) -> Revision:
    """The revision that an answer to a question leads to: of these, or of those that an import left open.

    Raises NotFound, and UserError where it would make invalid records.
    """
    if choice == DIFFERENT:
        one, other = (side.uid for side in question.sides)
        return are_different(reader, one, other, author)
    return decision_revision(reader, question.id, choice, author, corrections)


def _question(pair: DoublePair) -> ReviewQuestion:
    from cmdb.reconciliation.doubles import decision_id

    first, second = pair.first, pair.second
    return ReviewQuestion(
        decision_id(first.uid, second.uid),
        Message("Are these two one thing?"),
        first.name,
        first.cls,
        "",
        (),
        (),
        (_side("A", first, ()), _side("B", second, pair.lines)),
        (
            (MERGE, Message("Merge…"), Message("They are one: choose which record stays.")),
            (DIFFERENT, Message("They are different"), Message("Two things. It is not asked again.")),
        ),
        (),
        "double",
        repr(("double", first.cls, sorted((line.agrees, line.text.template) for line in pair.lines))),
    )


def _side(letter: str, one: CI, lines: tuple[MatchEvidence, ...]) -> ReviewCandidate:
    values = {**one.values, "class": one.cls}
    under = Message("in the register")
    return ReviewCandidate(letter, verbatim(one.name), under, uid=one.uid, cls=one.cls, values=values, lines=lines)
