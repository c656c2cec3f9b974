"""One answer for many questions of one kind, in one revision: which questions are alike, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.codes.unknown_codes import decide_codes
from app.decision_kinds import CODE, PACK
from app.packs.conflicts import decide_conflicts
from app.reviews.decisions import valid_revision
from app.reviews.double_questions import DIFFERENT
from app.reviews.inbox import clashing
from app.reviews.open_questions import open_decisions
from app.reviews.value_questions import decide_values
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message, counted, verbatim
from cmdb.model.revision import Edit, Record, Revision
from cmdb.reconciliation.asked_values import KEEP, TAKE

if TYPE_CHECKING:
    from app.reviews.inbox import ReviewQuestion
    from cmdb.model.observation import Reading
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

FIRST = "1"
_MEANINGS = {
    "new": Message("a new record"), "together": Message("one new record"), "separate": Message("a record each"),
    "ignore": Message("ignored, now and later"), DIFFERENT: Message("two different things"),
    TAKE: Message("taken over"), KEEP: Message("kept as it is"),
}  # fmt: skip


def alike(questions: Iterable[ReviewQuestion], question: ReviewQuestion) -> tuple[ReviewQuestion, ...]:
    """The questions that one answer may fit, with the question itself."""
    if not question.alike:
        return (question,)
    return tuple(one for one in questions if one.alike == question.alike)


def bulk_answers(schema: Schema, question: ReviewQuestion) -> list[tuple[str, Message]]:
    """The answers that make sense for all questions like one: (choice, the button's text)."""
    if question.rows_clash:
        rows = [(side.choice, Message("Row {letter} of each", letter=side.letter)) for side in question.sides]
        apart = not clashing(schema, question)
        return rows + [(o, title) for o, title, _ in question.others if o == "ignore" or (o == "separate" and apart)]
    if question.kind == CODE:
        return [*((choice, title) for choice, title, _ in question.others), *question.more]
    records = [side for side in question.sides if side.uid and side.choice]
    found = [(FIRST, Message("The record that is offered"))] if len(records) == 1 else []
    return found + [(choice, title) for choice, title, _ in question.others if choice in _MEANINGS]


def outcome_words(question: ReviewQuestion, choice: str) -> Message:
    """What becomes of a question with an answer: "NB-7: the same as LT-2041"."""
    side = next((one for one in question.sides if one.choice == choice), None)
    if side is not None and not side.uid:
        return Message("{name}: as in {row}", name=question.name, row=side.under)
    if side is not None:
        return Message("{name}: the same as {other}", name=question.name, other=side.name)
    name: object = question.name
    if choice == TAKE:
        text = next((text for one, _, text in question.others if one == choice), _MEANINGS[choice])
        return Message("{name}: {outcome}", name=name, outcome=text)
    if question.kind == CODE and choice not in _MEANINGS:
        new = next((text for one, text in question.more if one == choice), verbatim(choice))
        return Message("{name}: {outcome}", name=name, outcome=new)
    if choice == DIFFERENT:
        name = Message("{one} and {other}", one=question.sides[0].name, other=question.sides[-1].name)
    return Message("{name}: {outcome}", name=name, outcome=_MEANINGS[choice])


def decide_all(reader: Reader, questions: Sequence[ReviewQuestion], choice: str, author: str) -> Revision:
    """The revision that gives all questions one answer. Those that were decided meanwhile are left out, as are pairs
    of which a record is gone.

    Raises NotFound if none is open any more, UserError where it would make invalid records.
    """
    from app.doubles import are_different

    if choice == DIFFERENT:
        pairs = [tuple(side.uid for side in question.sides) for question in questions]
        there = reader.names({uid for pair in pairs for uid in pair})
        asked_pairs = [(one, other) for one, other in pairs if one in there and other in there]
        if not asked_pairs:
            raise NotFound(Message("The records of these questions are gone: they were merged or deleted."))
        made = [found for pair in asked_pairs if (found := are_different(reader, *pair, author).edits)]
        return Revision([edit for edits in made for edit in edits], author, "person", _reason(len(made)))
    waiting = open_decisions(reader)
    asked = {question.id: waiting[question.id] for question in questions if question.id in waiting}
    if not asked:
        raise NotFound(Message("All of these questions were decided already."))
    reason = _reason(len(asked))
    if all(fields.get("kind") == CODE for fields in asked.values()):
        codes = [str(fields.get("name", "")) for fields in asked.values()]
        return decide_codes(reader, codes, choice, author, reason)
    if all(fields.get("kind") == PACK for fields in asked.values()):
        return decide_conflicts(reader, asked, choice, author, reason)
    if choice in (TAKE, KEEP):
        return decide_values(reader, asked, choice, author, reason)
    if choice == "ignore":
        return Revision(_closed(asked, choice), author, "person", reason)
    return _reconciled(reader, asked, choice, author, reason)


def _reason(number: int) -> Message:
    return counted("Review: {count} question", "Review: {count} questions alike", number)


def _reconciled(
    reader: Reader, asked: Mapping[str, Mapping[str, Any]], choice: str, author: str, reason: Message
) -> Revision:
    """The rows of all questions, reconciled together with the answer."""
    from dataclasses import replace

    from cmdb.reconciliation import reconcile
    from cmdb.reconciliation.pipeline import only_named
    from cmdb.reconciliation.review import NEW, load
    from cmdb.store.reading.lookup import StoreLookup

    named = all(fields.get("kind") == NEW for fields in asked.values())
    readings: dict[tuple[str, str], Reading] = {}
    for fields in asked.values():
        for reading in load(fields["observation"]):
            if named:
                only_named((reading,), choice)
            known = readings.setdefault((reading.source.key, reading.observed_at), reading)
            if known is not reading:
                known.observations += reading.observations
    answers = {} if named else dict.fromkeys(asked, choice)
    proposal = reconcile(list(readings.values()), StoreLookup(reader), reader.schema, author, reason, answers=answers)
    revision = valid_revision(proposal)
    return replace(revision, edits=[*revision.edits, *_closed(asked, choice)]) if named else revision


def _closed(asked: Mapping[str, Mapping[str, Any]], outcome: str) -> list[Edit]:
    edits = []
    for decision, fields in asked.items():
        record = Record("decision", (decision,))
        edits.append(Edit(record, "state", "open", "done"))
        edits.append(Edit(record, "outcome", fields.get("outcome"), outcome))
    return edits
