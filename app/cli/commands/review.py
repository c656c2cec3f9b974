"""``review``: what needs a person's decision, with the evidence; ``review decide ID CHOICE``: the decision.

``--alike``: all questions that are like it get the same answer, in one revision.

``review different RECORD RECORD``: two records that look like one (see the report doubles) are two.

``review deviations``: what sources say otherwise than what stands; ``review take-over [RECORD…]``: that stands then.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.cli import deviation_lines
from app.cli.context import DONE, CommandContext
from app.cli.import_report import answer
from app.cli.records import class_label
from app.cli.registry import Description
from app.reviews.inbox import gather
from app.reviews.open_questions import open_decisions
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, from_data, tr, trn

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Schema
    from cmdb.reconciliation import Proposal
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("what needs a person's decision"), "files")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing, or decide, ID and CHOICE, or different and two records, or deviations, or take-over and records."""
    about = tr(
        "decides one; “{words}”: two records that look like one are two; “{deviations}”: what sources say otherwise "
        "than what stands; “{take_over}”: it becomes what stands",
        words="different RECORD RECORD",
        deviations="deviations",
        take_over="take-over [RECORD…]",
    )
    parser.add_argument("words", metavar="decide ID CHOICE", nargs="*", help=about)
    right = tr("what is right in a row of the question, such as 2.asset_tag=A102; without a value it is not taken")
    parser.add_argument("--value", metavar="ROW.ATTRIBUTE=VALUE", action="append", default=[], help=right)
    every = tr("decide: all questions that are like this one get the same answer, in one revision")
    parser.add_argument("--alike", action="store_true", help=every)
    parser.add_argument("--class", dest="cls", metavar="C", default="", help=tr("deviations of this class only"))
    parser.add_argument("--attribute", metavar="A", default="", help=tr("deviations of this attribute only"))
    parser.add_argument(
        "--source", metavar="S", default="", help=tr("deviations of this source or kind of source only, such as scan")
    )
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """Lists, or decides in one revision."""
    words = context.args.words
    if words and words[0] == "different":
        return _tell_apart(context, words[1:])
    if words and words[0] == "deviations":
        return deviation_lines.answer_list(context, words[1:])
    if words and words[0] == "take-over":
        return deviation_lines.take_over(context, words[1:])
    if words:
        return _decide(context, words)
    with context.read() as reader:
        waiting = open_decisions(reader)
        found = [document(reader.schema, one.id, waiting[one.id]) for one in gather(reader).questions]
        labels = {name: one.label for name, one in reader.schema.classes.items()}
    context.answer(found, lambda: _lines(found, labels))
    return DONE


def document(schema: Schema, decision: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """One open question with its answers."""
    return {
        "id": decision,
        "kind": fields.get("kind", ""),
        "question": str(from_data(fields.get("question", ""))),
        "class": class_label(schema, fields.get("class", "")),
        "name": fields.get("name", ""),
        "origins": [str(from_data(origin)) for origin in fields.get("origins", ())],
        "reasons": [str(from_data(reason)) for reason in fields.get("evidence", ())],
        "candidates": [
            {
                "choice": option["choice"],
                "text": str(from_data(option["text"])),
                **(
                    {"id": option["uid"], "class": class_label(schema, option["class"]), "name": option["name"]}
                    if option["uid"]
                    else {}
                ),
                "evidence": [{**line, "text": str(from_data(line["text"]))} for line in option.get("evidence", ())],
            }
            for option in fields.get("candidates", ())
        ],
    }


def _decide(context: CommandContext, words: list[str]) -> int:
    from app.renewal import settled
    from app.reviews.decisions import decided, find_decision, valid_revision

    if words[0] != "decide" or len(words) != 3:
        raise UserError(Message("{command} takes nothing, or: {words}.", command="review", words="decide ID CHOICE"))
    if context.args.alike:
        return _decide_alike(context, words[1], words[2])
    store, control = context.store(), context.control()

    def decide() -> Proposal:
        with store.read() as reader:
            decision = find_decision(reader, words[1])
            corrections = _corrections(reader, decision, context.args.value)
            proposal = decided(reader, decision, words[2], context.author, context.args.reason, corrections)
            if words[2] == "separate":
                valid_revision(proposal)  # each is kept, or none: what only one may have is to be changed first
            return proposal

    def write(proposal: Proposal) -> AppliedRevision:
        return store.apply(proposal.revision, control)

    proposal, applied = settled(store, decide, write, lambda proposal: proposal.revision.decided_at)
    context.say_meanwhile(applied)
    return answer(context, store.schema, proposal, applied)


def _decide_alike(context: CommandContext, word: str, choice: str) -> int:
    """Gives all questions like one the same answer. Raises UserError where it does not fit all of them."""
    from app.cli.revision_report import answer_applied
    from app.renewal import edit
    from app.reviews.bulk_decisions import alike, bulk_answers, decide_all
    from app.reviews.decisions import find_decision

    if context.args.value or context.args.reason:
        raise UserError(
            Message("{option} is for one question.", option="--value" if context.args.value else "--reason")
        )
    store = context.store()

    def make(reader: Reader) -> Revision:
        decision = find_decision(reader, word)
        questions = gather(reader).questions
        question = next(one for one in questions if one.id == decision)
        fitting = [one for one, _ in bulk_answers(reader.schema, question)]
        if choice not in fitting:
            raise UserError(
                Message("“{choice}” is no answer that fits all questions like this one: {choices}.", choice=choice,
                        choices=tuple(fitting) or "–")
            )  # fmt: skip
        return decide_all(reader, alike(questions, question), choice, context.author)

    applied = edit(store, make, lambda revision: store.apply(revision, context.control()))
    return answer_applied(context, applied)


def _corrections(reader: Reader, decision: str, words: Sequence[str]) -> dict[int, dict[str, Any]]:
    """What is right in the rows of a question. Raises UserError for what is no such value."""
    from app.cli.typed_values import typed_value
    from cmdb.model.observation import NamedReference

    rows = open_decisions(reader)[decision].get("observation", {}).get("rows", ()) if words else ()
    found: dict[int, dict[str, Any]] = {}
    for word in words:
        place, _, stated = word.partition(".")
        name, equals, text = stated.partition("=")
        number = int(place) if place.isdecimal() else 0
        if not equals or not 0 < number <= len(rows):
            raise UserError(
                Message("“{word}” is not a row of the question with a value, such as {example}.", word=word,
                        example="2.asset_tag=A102")
            )  # fmt: skip
        cls = rows[number - 1]["observation"]["cls"]
        attribute = reader.schema.find_attribute(cls, name)
        if attribute is None:
            raise UserError(Message("{cls} has no attribute “{name}”.", cls=class_label(reader.schema, cls), name=name))
        value: Any = None
        if text.strip():
            refers = attribute.type == "reference"
            value = NamedReference(attribute.target, text.strip()) if refers else typed_value(attribute, text)
        found.setdefault(number, {})[attribute.name] = value
    return found


def _tell_apart(context: CommandContext, words: list[str]) -> int:
    from app.cli.revision_report import answer_applied
    from app.doubles import are_different
    from app.renewal import edit

    if len(words) != 2:
        raise UserError(Message("Name two records: {words}.", words="review different RECORD RECORD"))
    store = context.store()

    def make(reader: Reader) -> Revision:
        one, other = (reader.find(word).uid for word in words)
        if one == other:
            raise UserError(Message("“{one}” and “{other}” are one record.", one=words[0], other=words[1]))
        return are_different(reader, one, other, context.author)

    applied = edit(store, make, lambda revision: store.apply(revision, context.control()))
    return answer_applied(context, applied)


def _lines(found: list[dict[str, Any]], labels: Mapping[str, str]) -> Iterator[str]:
    if not found:
        yield tr("No open questions.")
        return
    yield trn("{count} decision is open.", "{count} decisions are open.", len(found))
    for one in found:
        yield ""
        yield f"{one['question']}  ({labels.get(one['class'], one['class'])} {one['name']})"
        yield from ("  " + tr("from {origin}", origin=origin) for origin in one["origins"])
        for option in one["candidates"]:
            yield f"  {option['choice']:>9}  {option['text']}"
            yield from (f"             {'+' if line['agrees'] else '-'} {line['text']}" for line in option["evidence"])
        yield "  " + tr("Decide with: {command}", command=f"review decide {one['id']} CHOICE")
