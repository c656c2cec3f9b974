"""Words for classes that a recipe does not know: they are questions of the review, and their rows wait.

A question is a document like those of reconciliation. Its answer goes into the saved mapping, so it is asked once; that
of a mapping's file stays with the question. The rows go in with the next run. No Qt.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from app.decision_kinds import CLASS
from cmdb.model.errors import SchemaError, UserError
from cmdb.model.messages import Message, counted, verbatim
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record, Revision
from importers.spreadsheets.columns.mapping import LEFT_OUT, class_word, fingerprint
from importers.spreadsheets.columns.mapping import Mapping as ColumnMapping
from importers.spreadsheets.sheet_checks import SheetReading

if TYPE_CHECKING:
    from cmdb.model.observation import Reading
    from cmdb.model.schema import Schema
    from cmdb.reconciliation.proposal import Proposal, Review
    from cmdb.store.reading.reader import Reader

_NAMESPACE = uuid.UUID("b4d1f9a2-0f6b-5a44-8d0e-6c3c7f5d9e21")
_OFFERED = 5
"""The most classes that a question offers; any other can be named, too."""
_PLACES = 5
"""The most rows that a stored question names."""
_IGNORE = "ignore"


def question_id(mapping: ColumnMapping, word: str) -> str:
    """The id of the question what a word means in a mapping: it is the same in every run."""
    of = mapping.name.casefold() or fingerprint(one.header for one in mapping.columns)
    return str(uuid.uuid5(_NAMESPACE, json.dumps({"mapping": of, "word": class_word(word)}, sort_keys=True)))


def decided_words(reader: Reader, mapping: ColumnMapping, words: Sequence[str]) -> dict[str, str]:
    """Words of a mapping that were decided in the review → class, or ``LEFT_OUT``."""
    ids = {question_id(mapping, word): word for word in words}
    found = reader.records_of("decision", [Record("decision", (one,)) for one in ids])
    known = {ids[key[0]]: fields for key, fields in found.items() if fields.get("state") == "done"}
    answers = {word: _class_of(str(fields.get("outcome", ""))) for word, fields in known.items()}
    return {word: cls for word, cls in answers.items() if cls == LEFT_OUT or cls in reader.schema.classes}


def ask_classes(reader: Reader, readings: Iterable[Reading], proposal: Proposal) -> None:
    """Adds a question for each word whose rows wait to a proposal. Those that are open already are not stored again."""
    asked: dict[str, tuple[ColumnMapping, str, tuple[str, ...], list[Origin]]] = {}
    for reading in readings:
        if not isinstance(reading, SheetReading) or reading.mapping is None:
            continue
        for one in reading.waiting:
            decision = question_id(reading.mapping, one.word)
            known = asked.setdefault(decision, (reading.mapping, one.word, one.suggested, []))
            known[3].extend(one.origins)
    if not asked:
        return
    stored = reader.records_of("decision", [Record("decision", (one,)) for one in asked])
    before = {key[0]: fields for key, fields in stored.items()}
    edits: list[Edit] = []
    for decision, (mapping, word, suggested, origins) in asked.items():
        review = _review(reader.schema, decision, mapping, word, suggested, origins)
        record, fields = Record("decision", (decision,)), before.get(decision)
        review.known = fields is not None and fields.get("state") == "open"
        proposal.review.append(review)
        if fields is None:
            edits.append(Edit(record, "", None, _fields(review, mapping, proposal.revision.time)))
        elif not review.known:  # the answer was taken out of the mapping
            edits.append(Edit(record, "state", fields.get("state"), "open"))
    if edits:
        proposal.revision = replace(proposal.revision, edits=[*proposal.revision.edits, *edits])


def _review(
    schema: Schema,
    decision: str,
    mapping: ColumnMapping,
    word: str,
    suggested: Iterable[str],
    origins: list[Origin],
) -> Review:
    from cmdb.reconciliation.proposal import Option, Review

    classes = [schema.find_class(label) for label in [*suggested][:_OFFERED]]
    options = [Option(one.name, verbatim(one.label), cls=one.name) for one in classes]
    options.append(Option(_IGNORE, Message("Leave its rows out, now and later")))
    question = counted(
        "What is “{word}”? Its row waits.",
        "What is “{word}”? Its {count} rows wait.",
        len(origins),
        word=word,
    )
    return Review(decision, CLASS, question, word, mapping.cls or "ci", options, origins)


def _fields(review: Review, mapping: ColumnMapping, asked: str) -> dict[str, Any]:
    return {
        "kind": CLASS,
        "state": "open",
        "question": review.question.data(),
        "name": review.name,
        "class": review.cls,
        "mapping": mapping.name,
        "asked": asked,
        "candidates": [
            {"choice": one.choice, "text": one.text.data(), "uid": "", "class": one.cls, "name": "", "evidence": []}
            for one in review.options
        ],
        "evidence": [],
        "origins": [origin.text.data() for origin in review.origins[:_PLACES]],
    }


def decide_class(
    reader: Reader, decision: str, fields: Mapping[str, Any], choice: str, author: str, reason: Message | str = ""
) -> Revision:
    """The revision that answers such a question: with a class that it offers or another one, or with "ignore".

    Raises UserError.
    """
    schema = reader.schema
    if choice.strip().casefold() == _IGNORE:
        outcome = _IGNORE
    else:
        try:
            cls = schema.find_class(choice.strip())
        except SchemaError as error:
            choices = tuple(str(one["choice"]) for one in fields.get("candidates", ()))
            raise UserError(
                Message("“{choice}” is not one of the choices: {choices}.", choice=choice, choices=choices)
            ) from error
        if cls.abstract:
            kinds = tuple(one.label for one in schema.tree(cls.name) if not one.abstract)
            raise UserError(
                Message("“{cls}” stands for several classes. Name one of them: {kinds}.", cls=cls.label, kinds=kinds)
            )
        outcome = f"{CLASS}:{cls.name}"
    record = Record("decision", (decision,))
    edits = [Edit(record, "state", "open", "done"), Edit(record, "outcome", fields.get("outcome"), outcome)]
    name, word = str(fields.get("mapping", "")), str(fields.get("name", ""))
    for key, own in reader.records("mapping").items():
        if name and str(own.get("name", "")).casefold() == name.casefold():
            settled = ColumnMapping.from_dict(own).settle(word, _class_of(outcome))
            columns = {**cast(dict[str, Any], own["columns"]), "class_words": dict(settled.class_words)}
            edits.append(Edit(Record("mapping", key), "columns", own["columns"], columns))
    return Revision(edits, author, reason=reason or Message("Review: {name}", name=word), decided_at=reader.number)


def _class_of(outcome: str) -> str:
    return LEFT_OUT if outcome == _IGNORE else outcome.partition(":")[2]
