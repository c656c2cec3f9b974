"""Decisions of the questions that reconciliation left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.decision_kinds import CLASS, CODE, PACK
from app.reviews.open_questions import open_decisions
from cmdb.model.errors import Ambiguous, NotFound, UserError
from cmdb.model.formats import Plain, local_time
from cmdb.model.messages import Message, verbatim
from cmdb.model.revision import Record
from cmdb.reconciliation.decided_rows import NO_CORRECTIONS, Corrections

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.reconciliation.proposal import Proposal
    from cmdb.store.reading.reader import Reader


def decided(
    reader: Reader, decision: str, choice: str, author: str, reason: str = "", corrections: Corrections = NO_CORRECTIONS
) -> Proposal:
    """The proposal that a choice leads to, with what is right in the question's rows (by number, from 1).

    Raises NotFound if it was decided in the meantime, UserError for an unknown choice.
    """
    from app.codes.unknown_codes import decide_codes
    from app.imports.class_decisions import decide_class
    from app.packs.conflicts import decide_conflicts
    from app.reviews.value_questions import decide_values
    from cmdb.reconciliation import Proposal, decide
    from cmdb.reconciliation.asked_values import WAITING
    from cmdb.store.reading.lookup import StoreLookup

    fields = reader.records_of("decision", [Record("decision", (decision,))]).get((decision,), {})
    if fields.get("kind") == CLASS and fields.get("state") == "open":
        return Proposal(decide_class(reader, decision, fields, choice, author, reason))
    if fields.get("kind") == CODE and fields.get("state") == "open":
        made = decide_codes(reader, [str(fields.get("name", ""))], choice, author, reason)
        return Proposal(made, created=int(any(edit.record.kind == "ci" and edit.before is None for edit in made.edits)))
    if fields.get("kind") == PACK and fields.get("state") == "open":
        why = reason or Message("Review: {name}", name=str(fields.get("name", "")))
        revision = decide_conflicts(reader, {decision: fields}, choice.strip().casefold(), author, why)
        return Proposal(revision, updated=int(any(edit.record.kind != "decision" for edit in revision.edits)))
    if fields.get("kind") in WAITING and fields.get("state") == "open":
        why = reason or Message("Review: {name}", name=str(fields.get("name", "")))
        revision = decide_values(reader, {decision: fields}, choice.strip().casefold(), author, why)
        taken = any(edit.record.kind != "decision" for edit in revision.edits)
        return Proposal(revision, updated=int(taken))
    return decide(StoreLookup(reader), reader.schema, decision, choice, author, reason, corrections)


def decision_revision(
    reader: Reader, decision: str, choice: str, author: str, corrections: Corrections = NO_CORRECTIONS
) -> Revision:
    """The revision that a choice leads to. Raises NotFound, and UserError where it would make invalid records."""
    return valid_revision(decided(reader, decision, choice, author, corrections=corrections))


def valid_revision(proposal: Proposal) -> Revision:
    """The revision of a proposal. Raises UserError where it would make invalid records."""
    if proposal.rejected:
        errors = [problem.message for problem in proposal.problems if problem.severity == "error"]
        if not errors:
            raise UserError(Message("This decision is not possible: the record would not be valid."))
        raise UserError(Message("This decision is not possible: {reason}", reason=errors[0]), tuple(errors[1:]))
    return proposal.revision


def find_decision(reader: Reader, word: str) -> str:
    """The open decision whose id begins with ``word``. Raises NotFound, Ambiguous, UserError if it is decided."""
    found = [decision for decision in open_decisions(reader) if decision.startswith(word.lower())]
    if not found:
        _refuse_decided(reader, word.lower())
        raise NotFound(Message("No open decision has the id “{word}”.", word=word))
    if len(found) > 1:
        raise Ambiguous(
            Message("“{word}” begins the ids of {count} decisions.", word=word, count=len(found)),
            tuple(map(verbatim, found)),
        )
    return found[0]


def _refuse_decided(reader: Reader, beginning: str) -> None:
    """Raises UserError where the only decision whose id begins so is decided: by whom, and when."""
    from cmdb.store.reading.decisions import closed_decisions

    found = closed_decisions(reader, beginning, 2)
    if len(found) != 1:
        return
    fields, number = found[0]
    header = reader.revision(number)
    raise UserError(
        Message(
            "“{name}” was decided already: revision {number} by {author} ({time}).",
            name=str(fields.get("name", "")),
            number=Plain(number),
            author=header.author,
            time=local_time(header.recorded) or header.recorded,
        )
    )
