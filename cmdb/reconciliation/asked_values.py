"""What waits for a person: values and rows of sections that a source says and that the order of sources asks about.

They are questions of the review, one per attribute of a record and one per row of a section. A question says the latest
that waits. It goes when its source says what stands. What was refused is remembered in it and is not asked about again;
what is said otherwise is.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cmdb.model.claims import source_text
from cmdb.model.messages import Message
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.section_rows import Columns
from cmdb.model.section_words import row_text, row_words, shown_value
from cmdb.model.values import Value
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.proposal import Option, Proposal, Review

VALUE, ROW = "value", "row"
"""The kinds of questions about a value and about a row of a section that wait."""
WAITING = (VALUE, ROW)
TAKE, KEEP = "take", "keep"
"""The answers: the value is taken over, or what stands is kept."""
AGREED = "agreed"
"""What became of a question whose source says again what stands."""
WITHDRAWN = "withdrawn"
"""What became of a question that nobody has to answer any more."""
KEPT = "kept"
"""The field with what was refused."""

_NAMESPACE = uuid.UUID("3c9f2a54-5d0b-5e7e-8f63-9a6f0c4e7d21")
_PLACES = 5
"""The most places that a question names."""


class AskedValue(NamedTuple):
    """A value that would replace what stands, and that its source may not set by itself."""

    uid: str
    cls: str
    name: str
    attribute: str
    stands: Value | None
    said: Value | None
    source: str
    observed: str
    origins: Sequence[Origin] = ()


class AskedRow(NamedTuple):
    """A row of a section that its source sees otherwise than it stands, and may not change by itself.

    ``stands`` and ``said`` are its columns; None: it is not there.
    """

    uid: str
    cls: str
    name: str
    section: str
    key: str
    stands: Columns | None
    said: Columns | None
    source: str
    observed: str
    origins: Sequence[Origin] = ()


Asked = AskedValue | AskedRow


def question_id(uid: str, *about: str) -> str:
    """The id of the question about an attribute of a record, or about a row: its section, source and key."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps([uid, *about])))


def id_of(one: Asked) -> str:
    """The id of the question about what is asked."""
    if isinstance(one, AskedRow):
        return question_id(one.uid, one.section, one.source, one.key)
    return question_id(one.uid, one.attribute)


def about_record(fields: Mapping[str, Any], uid: str) -> str:
    """The id of the same question about another record, into which its own was merged."""
    if fields.get("kind") == ROW:
        return question_id(uid, str(fields["section"]), str(fields["source"]), str(fields["row"]))
    return question_id(uid, str(fields["attribute"]))


def closing(decision: str, fields: Mapping[str, Any]) -> list[Edit]:
    """The edits that close an open question which nobody has to answer any more."""
    record = Record("decision", (decision,))
    return [Edit(record, "state", "open", "done"), Edit(record, "outcome", fields.get("outcome"), WITHDRAWN)]


def ask(
    schema: Schema, lookup: Lookup, proposal: Proposal, asked: Sequence[Asked], agreed: Collection[str]
) -> list[Edit]:
    """Adds the questions about what waits to a proposal, and returns the edits that keep them.

    ``agreed``: the ids of questions whose source says what stands.
    """
    questions = WaitingQuestions(schema, lookup)
    questions.add(asked, agreed, proposal.names if asked else {})
    proposal.review += questions.reviews
    proposal.asked += len(questions.reviews)
    return questions.edits


class WaitingQuestions:
    """The questions about what waits after one import: what is asked, and the edits that keep it."""

    def __init__(self, schema: Schema, lookup: Lookup) -> None:
        self._schema = schema
        self._lookup = lookup
        self.reviews: list[Review] = []
        self.edits: list[Edit] = []

    def add(self, asked: Iterable[Asked], agreed: Collection[str], names: Mapping[str, tuple[str, str]]) -> None:
        """Asks about what waits, and closes the questions (by id) that agree again.

        ``names``: id → class and name of the records that are new.
        """
        wanted = {id_of(one): one for one in asked}
        over = set(agreed) - wanted.keys()
        known = self._lookup.decisions([*wanted, *over]) if wanted or over else {}
        shown = self._names(wanted.values(), names) if wanted else {}
        for decision, one in sorted(wanted.items()):
            self._ask(decision, one, known.get(decision), shown)
        for decision in sorted(over):
            if (fields := known.get(decision)) is not None and fields.get("state") == "open":
                self._set(decision, fields, {"state": "done", "outcome": AGREED})

    def _ask(self, decision: str, one: Asked, known: Mapping[str, Any] | None, names: Mapping[str, str]) -> None:
        if known is not None and one.said in known.get(KEPT, ()):
            if known.get("state") == "open":  # Something else was said meanwhile, and is no more.
                self._set(decision, known, {"state": "done", "outcome": KEEP})
            return
        review = self._review(decision, one, names)
        fields = _fields(review, one)
        review.known = known is not None and known.get("state") == "open"
        self.reviews.append(review)
        if known is None:
            self.edits.append(Edit(Record("decision", (decision,)), "", None, fields))
        elif not review.known or (known.get("said"), known.get("source")) != (fields["said"], one.source):
            self._set(decision, known, {**fields, "outcome": None})

    def _set(self, decision: str, known: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        record = Record("decision", (decision,))
        for name, value in fields.items():
            if known.get(name) != value:
                self.edits.append(Edit(record, name, known.get(name), value))

    def _review(self, decision: str, one: Asked, names: Mapping[str, str]) -> Review:
        kind = ROW if isinstance(one, AskedRow) else VALUE
        question, change = (
            _row_texts(self._schema, one) if isinstance(one, AskedRow) else _value_texts(self._schema, one, names)
        )
        options = [
            Option(TAKE, Message("Take it over: {said}", said=change)),
            Option(KEEP, Message("Keep what stands; this is not asked about again")),
        ]
        return Review(decision, kind, question, one.name, one.cls, options, list(one.origins))

    def _names(self, asked: Iterable[Asked], names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """Id → name, of what the values refer to."""
        refers = self._schema.reference_names
        its = [one for one in asked if isinstance(one, AskedValue) and one.attribute in refers]
        uids = {str(v) for one in its for v in (one.said, one.stands) if v is not None}
        found = {uid: names[uid][1] for uid in uids if uid in names}
        known = self._lookup.cis(sorted(uids - found.keys())) if uids - found.keys() else {}
        return {**found, **{uid: str(one.values.get("name", "")) for uid, one in known.items()}}


def _value_texts(schema: Schema, one: AskedValue, names: Mapping[str, str]) -> tuple[Message, Message | str]:
    """The question about a value, and the value that is said."""
    attribute = schema.attribute(one.cls, one.attribute)
    said, stands = (_shown(schema, one, value, names) for value in (one.said, one.stands))
    question = Message(
        "{attribute} of {name}: {said} instead of {stands}?",
        attribute=attribute.label, name=one.name, said=said, stands=stands,
    )  # fmt: skip
    return question, said


def _row_texts(schema: Schema, one: AskedRow) -> tuple[Message, Message]:
    """The question about a row, and what would become of it."""
    section = schema.sections[one.section]
    about = {"section": section.plural or section.label, "name": one.name}
    if one.stands is None:
        row = row_text(section, one.key, one.said or {})
        return Message("Add to {section} of {name}: {row}?", **about, row=row), Message("{row} is added", row=row)
    if one.said is None:
        row = row_text(section, one.key, one.stands)
        question = Message("Remove from {section} of {name}: {row}, which is no longer there?", **about, row=row)
        return question, Message("{row} is removed", row=row)
    record = Record("section", (one.uid, one.section, one.source, one.key))
    row, stands, said = row_words(schema, record, one.stands, one.said)
    question = Message(
        "{row} of {name}: {said} instead of {stands}?", row=row, name=one.name, said=said, stands=stands
    )  # fmt: skip
    return question, Message("{row}: {said}", row=row, said=said)


def _fields(review: Review, one: Asked) -> dict[str, Any]:
    """The fields of an open question, with what is needed to carry out its answer."""
    places = [origin.text for origin in review.origins[:_PLACES] if origin.text]
    return {
        "kind": review.kind,
        "state": "open",
        "question": review.question.data(),
        "name": one.name,
        "class": one.cls,
        "record": one.uid,
        **({"section": one.section, "row": one.key} if isinstance(one, AskedRow) else {"attribute": one.attribute}),
        "said": one.said,
        "source": one.source,
        "asked": one.observed,
        "candidates": [
            {"choice": o.choice, "text": o.text.data(), "uid": "", "class": "", "name": "", "evidence": []}
            for o in review.options
        ],
        "evidence": [],
        "origins": [text.data() for text in places or [source_text(one.source)]],
    }


def _shown(schema: Schema, one: AskedValue, value: Value | None, names: Mapping[str, str]) -> Message | str:
    if value is None:
        return Message("nothing")
    attribute = schema.attribute(one.cls, one.attribute)
    return names.get(str(value), str(value)) if attribute.type == "reference" else shown_value(attribute, value)
