"""Values that wait for a person: what a source says that the order of sources asks about, as questions of the review.

There is one question per attribute of a record. It says the latest value that waits. It goes when its source says what
stands. A value that was refused is remembered in it and is not asked about again; another one is.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cmdb.model.claims import source_text
from cmdb.model.formats import measured
from cmdb.model.messages import Message
from cmdb.model.observation import Origin
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.values import Value, show
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.proposal import Option, Proposal, Review

VALUE = "value"
"""The kind of a question about a value that waits."""
TAKE, KEEP = "take", "keep"
"""The answers: the value is taken over, or what stands is kept."""
AGREED = "agreed"
"""What became of a question whose source says again what stands."""

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


def question_id(uid: str, attribute: str) -> str:
    """The id of the question about an attribute of a record."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps([uid, attribute])))


def ask_values(
    schema: Schema, lookup: Lookup, proposal: Proposal, asked: Sequence[AskedValue], agreed: Sequence[tuple[str, str]]
) -> list[Edit]:
    """Adds the questions about values that wait to a proposal, and returns the edits that keep them.

    ``agreed``: record and attribute where a source says what stands.
    """
    questions = ValueQuestions(schema, lookup)
    questions.add(asked, agreed, proposal.names if asked else {})
    proposal.review += questions.reviews
    proposal.asked = len(questions.reviews)
    return questions.edits


class ValueQuestions:
    """The questions about the values of one import: what is asked, and the edits that keep it."""

    def __init__(self, schema: Schema, lookup: Lookup) -> None:
        self._schema = schema
        self._lookup = lookup
        self.reviews: list[Review] = []
        self.edits: list[Edit] = []

    def add(
        self, asked: Iterable[AskedValue], agreed: Iterable[tuple[str, str]], names: Mapping[str, tuple[str, str]]
    ) -> None:
        """Asks about values, and closes the questions about attributes (record, attribute) that agree again.

        ``names``: id → class and name of the records that are new.
        """
        wanted = {question_id(one.uid, one.attribute): one for one in asked}
        over = {question_id(uid, attribute) for uid, attribute in agreed} - wanted.keys()
        known = self._lookup.decisions([*wanted, *over]) if wanted or over else {}
        shown = self._names(wanted.values(), names) if wanted else {}
        for decision, one in sorted(wanted.items()):
            self._ask(decision, one, known.get(decision), shown)
        for decision in sorted(over):
            if (fields := known.get(decision)) is not None and fields.get("state") == "open":
                self._set(decision, fields, {"state": "done", "outcome": AGREED})

    def _ask(self, decision: str, one: AskedValue, known: Mapping[str, Any] | None, names: Mapping[str, str]) -> None:
        if known is not None and known.get("state") != "open" and one.said in known.get("kept", ()):
            return  # It was refused, and is the same.
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

    def _review(self, decision: str, one: AskedValue, names: Mapping[str, str]) -> Review:
        attribute = self._schema.attribute(one.cls, one.attribute)
        said, stands = (_shown(self._schema, one, value, names) for value in (one.said, one.stands))
        question = Message(
            "{attribute} of {name}: {said} instead of {stands}?",
            attribute=attribute.label, name=one.name, said=said, stands=stands,
        )  # fmt: skip
        options = [
            Option(TAKE, Message("Take it over: {said}", said=said)),
            Option(KEEP, Message("Keep what stands; this value is not asked about again")),
        ]
        return Review(decision, VALUE, question, one.name, one.cls, options, list(one.origins))

    def _names(self, asked: Iterable[AskedValue], names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
        """Id → name, of what the values refer to."""
        refers = self._schema.reference_names
        uids = {str(v) for one in asked if one.attribute in refers for v in (one.said, one.stands) if v is not None}
        found = {uid: names[uid][1] for uid in uids if uid in names}
        known = self._lookup.cis(sorted(uids - found.keys())) if uids - found.keys() else {}
        return {**found, **{uid: str(one.values.get("name", "")) for uid, one in known.items()}}


def _fields(review: Review, one: AskedValue) -> dict[str, Any]:
    """The fields of an open question, with what is needed to carry out its answer."""
    places = [origin.text for origin in review.origins[:_PLACES] if origin.text]
    return {
        "kind": VALUE,
        "state": "open",
        "question": review.question.data(),
        "name": one.name,
        "class": one.cls,
        "record": one.uid,
        "attribute": one.attribute,
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
    if attribute.unit and isinstance(value, int | Decimal):
        return measured(value, attribute.unit)
    return names.get(str(value), str(value)) if attribute.type == "reference" else show(attribute, value)
