"""Decisions of the questions that reconciliation left open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.reviews.open_questions import open_decisions
from cmdb.model.errors import Ambiguous, NotFound, UserError
from cmdb.model.messages import Message, verbatim

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.reconciliation.proposal import Proposal
    from cmdb.store.reading.reader import Reader


def decided(reader: Reader, decision: str, choice: str, author: str, reason: str = "") -> Proposal:
    """The proposal that a choice leads to. Raises NotFound if it was decided in the meantime, UserError for an unknown
    choice.
    """
    from cmdb.reconciliation import decide
    from cmdb.store.reading.lookup import StoreLookup

    return decide(StoreLookup(reader), reader.schema, decision, choice, author, reason)


def decision_revision(reader: Reader, decision: str, choice: str, author: str) -> Revision:
    """The revision that a choice leads to. Raises NotFound, and UserError where it would make invalid records."""
    proposal = decided(reader, decision, choice, author)
    if proposal.rejected:
        errors = [problem.message for problem in proposal.problems if problem.severity == "error"]
        if not errors:
            raise UserError(Message("This decision is not possible: the record would not be valid."))
        raise UserError(Message("This decision is not possible: {reason}", reason=errors[0]), tuple(errors[1:]))
    return proposal.revision


def find_decision(reader: Reader, word: str) -> str:
    """The open decision whose id begins with ``word``. Raises NotFound, Ambiguous."""
    return _find(open_decisions(reader), word)


def _find(decisions: Mapping[str, object], word: str) -> str:
    found = [decision for decision in decisions if decision.startswith(word.lower())]
    if not found:
        raise NotFound(Message("No open decision has the id “{word}”.", word=word))
    if len(found) > 1:
        raise Ambiguous(
            Message("“{word}” begins the ids of {count} decisions.", word=word, count=len(found)),
            tuple(map(verbatim, found)),
        )
    return found[0]
