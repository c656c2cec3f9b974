"""Open questions with everything that is needed to decide them: what was read, and the records it may be. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.decision_kinds import CLASS, CODE, PACK
from app.reviews.open_questions import open_decisions
from app.reviews.value_questions import VALUE_ANSWERS, VALUE_CHOICES, row_of, said_value
from cmdb.model.claims import source_text
from cmdb.model.messages import EMPTY, Message, from_data, in_context, verbatim
from cmdb.model.near_words import near_words
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Schema, fold
from cmdb.reconciliation.match_verdicts import MatchEvidence

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Shown first: the attributes by which a person tells items apart.
_FIRST = (
    "name", "class", "status", "asset_tag", "serial_number", "manufacturer", "model", "uuid", "machine_id", "host_name",
    "domain", "email", "user_name", "mac_address", "ip_address", "assigned_to", "location",
)  # fmt: skip


@dataclass(frozen=True)
class ReviewCandidate:
    """One column of the comparison: what was read (``choice`` is ""), or a record that it may be.

    ``letter`` and ``name`` are the column's heading, ``under`` is the text below. ``values`` are canonical; references
    are ids or named references.
    """

    letter: str
    name: Message
    under: Message
    choice: str = ""
    button: Message = EMPTY
    uid: str = ""
    cls: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[MatchEvidence, ...] = ()

    @property
    def title(self) -> str:
        """The column's heading: "A  LT-2041", or "What was read"."""
        return "  ".join(part for part in (self.letter, str(self.name)) if part)


@dataclass(frozen=True)
class ReviewQuestion:
    """One open decision. ``others`` are the answers that name no record: (choice, button's text, explanation).

    ``asked`` is an ISO time.
    """

    id: str
    question: Message
    name: str
    cls: str
    asked: str
    origins: tuple[Message, ...]
    reasons: tuple[Message, ...]
    sides: tuple[ReviewCandidate, ...]
    others: tuple[tuple[str, Message, Message], ...]
    more: tuple[tuple[str, Message], ...] = ()
    """Answers that are not offered at once, where any class can be the answer: (choice, text)."""
    kind: str = ""
    """What it is about: "rows" (several rows of one source), "identity", "class", "new", "double", or what waits
    ("value", "row")."""
    alike: str = ""
    """The same for questions that one answer may fit; "" where each is answered by itself."""
    section: str = ""
    """The section of which the sides' values are columns of a row; "": they are values of records."""

    @property
    def rows_clash(self) -> bool:
        """Whether each side is a row, and one of them, or a mixture, or each by itself, may be right."""
        return self.kind == "rows" and len(self.sides) > 1 and all(s.choice and not s.uid for s in self.sides)


@dataclass(frozen=True)
class ReviewInbox:
    """The open questions, the latest first, with the classes and names of the items that their values refer to.

    ``further`` is how many more there are.
    """

    questions: tuple[ReviewQuestion, ...]
    names: Mapping[str, tuple[str, str]]
    further: int = 0


_NEAR = 2
"""The most classes that are offered at once."""
_OTHERS = {
    "new": Message("New record"), "together": Message("One new record"), "separate": Message("Keep each of them"),
    "ignore": in_context("verb", "Ignore"),
}  # fmt: skip


def gather(reader: Reader) -> ReviewInbox:
    """The open decisions of the estate."""
    from cmdb.reconciliation.asked_values import ROW, VALUE, WAITING
    from cmdb.reconciliation.review import load

    waiting = open_decisions(reader)
    wanted = {option["uid"] for fields in waiting.values() for option in fields.get("candidates", ()) if option["uid"]}
    wanted |= {str(fields["record"]) for fields in waiting.values() if fields.get("kind") in (*WAITING, PACK)}
    known = {uid: {**one.values, "class": one.cls} for uid, one in reader.by_uid(wanted).items()}
    rows = reader.records_of("section", [row_of(one) for one in waiting.values() if one.get("kind") == ROW])
    questions: list[ReviewQuestion] = []
    for uid, fields in waiting.items():
        read = fields.get("observation", {"rows": []})
        seen = [obs for reading in load(read) for obs in reading.observations]
        asked = max((row["observed"] for row in read["rows"]), default=str(fields.get("asked", "")))
        if fields.get("kind") == VALUE:
            questions.append(_value_question(reader.schema, uid, fields, known, asked))
        elif fields.get("kind") == PACK:
            questions.append(_pack_question(uid, fields, known, asked))
        elif fields.get("kind") == ROW:
            questions.append(_row_question(uid, fields, known, rows.get(row_of(fields).key, {}), asked))
        else:
            questions.append(_question(reader.schema, uid, fields, seen, known, asked))
    references = reader.schema.reference_names
    shown = [*known.values(), *(side.values for q in questions if q.kind == VALUE for side in q.sides)]
    uids = {v for values in shown for n, v in values.items() if n in references and isinstance(v, str)}
    questions.sort(key=lambda q: (q.asked, q.name), reverse=True)
    return ReviewInbox(tuple(questions), reader.names(uids))


def _question(
    schema: Schema,
    uid: str,
    fields: Mapping[str, Any],
    seen: Sequence[Observation],
    known: Mapping[str, Mapping[str, Any]],
    asked: str,
) -> ReviewQuestion:
    options = list(fields.get("candidates", ()))
    rows = [o for o in options if str(o["choice"]).isdigit() and not o["uid"] and fields.get("kind") == "rows"]
    sides: list[ReviewCandidate] = []
    if rows and len(rows) == len(seen):
        for option, one in zip(rows, seen, strict=True):
            letter = _letter(len(sides))
            button = Message("Row {letter} is right", letter=letter)
            sides.append(_seen(one, letter, EMPTY, str(option["choice"]), button))
    else:
        sides += [_seen(one, "", Message("What was read")) for one in seen[:3]]
        records = [o for o in options if o["uid"] or str(o["choice"]).isdigit()]
        for number, option in enumerate(records):
            sides.append(_candidate(option, _letter(number), known))
    others = [(o["choice"], _OTHERS[o["choice"]], from_data(o["text"])) for o in options if o["choice"] in _OTHERS]
    more: list[tuple[str, Message]] = []
    if fields.get("kind") == CLASS:
        others, more = _class_answers(schema, fields, options)
    elif fields.get("kind") == CODE:
        more = [(one.name, verbatim(one.label)) for one in schema.tree("hardware") if not one.abstract]
    return ReviewQuestion(
        uid,
        from_data(fields.get("question", "")),
        str(fields.get("name", "")),
        str(fields.get("class", "")),
        asked,
        tuple(map(from_data, fields.get("origins", ()))),
        tuple(map(from_data, fields.get("evidence", ()))),
        tuple(sides),
        tuple(others),
        tuple(more),
        str(fields.get("kind", "")),
        _alike(fields, options),
    )


def _value_question(
    schema: Schema, uid: str, fields: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], asked: str
) -> ReviewQuestion:
    """A question about a value: what was read beside what stands. ``known``: the records' values by id."""
    record, attribute, cls = str(fields["record"]), str(fields["attribute"]), str(fields.get("class", ""))
    name, present = str(fields.get("name", "")), known.get(record, {})
    kept = {one: present[one] for one in ("name", attribute) if one in present}
    read = {"name": name, attribute: said_value(schema, cls, fields)}
    here = Message("in the register") if present else Message("no longer in the register")
    sides = (
        ReviewCandidate("", Message("What was read"), source_text(str(fields["source"])), cls=cls, values=read),
        ReviewCandidate("A", verbatim(name), here, uid=record if present else "", cls=cls, values=kept),
    )
    return _waiting(uid, fields, asked, sides, attribute)


def _pack_question(
    uid: str, fields: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], asked: str
) -> ReviewQuestion:
    """A question about what was changed in a pack and here: both sides, the pack's with who, when and where."""
    record, attribute, cls = str(fields["record"]), str(fields["attribute"]), str(fields.get("class", ""))
    name, present = str(fields.get("name", "")), known.get(record, {})
    kept = {one: present[one] for one in ("name", attribute) if one in present}
    said = {} if isinstance(fields.get("said"), dict | list) else {attribute: fields.get("said")}
    here = Message("in the register") if present else Message("no longer in the register")
    origin = next(iter(map(from_data, fields.get("origins", ()))), EMPTY)
    sides = (
        ReviewCandidate("", Message("In the pack"), origin, cls=cls, values={"name": name, **said}),
        ReviewCandidate("A", verbatim(name), here, uid=record if present else "", cls=cls, values=kept),
    )
    return _waiting(uid, fields, asked, sides, attribute)


def _row_question(
    uid: str, fields: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], stands: Mapping[str, Any], asked: str
) -> ReviewQuestion:
    """A question about a row of a section: what was read beside the row that stands (its columns; none: no row)."""
    record, cls, name = str(fields["record"]), str(fields.get("class", "")), str(fields.get("name", ""))
    source = source_text(str(fields["source"]))
    there = record if record in known else ""
    here = Message("the row that stands") if stands else Message("it has no such row")
    under = source if fields.get("said") else Message("{source}: it is no longer there", source=source)
    sides = (
        ReviewCandidate("", Message("What was read"), under, cls=cls, values=fields.get("said") or {}),
        ReviewCandidate("A", verbatim(name), here, uid=there, cls=cls, values=stands),
    )
    return _waiting(uid, fields, asked, sides, str(fields["section"]), str(fields["section"]))


def _waiting(
    uid: str, fields: Mapping[str, Any], asked: str, sides: tuple[ReviewCandidate, ...], about: str, section: str = ""
) -> ReviewQuestion:
    """A question about what waits. Those about one attribute, or about one section, of a class are alike."""
    cls = str(fields.get("class", ""))
    options = {str(o["choice"]): from_data(o["text"]) for o in fields.get("candidates", ())}
    return ReviewQuestion(
        uid,
        from_data(fields.get("question", "")),
        str(fields.get("name", "")),
        cls,
        asked,
        tuple(map(from_data, fields.get("origins", ()))),
        (),
        sides,
        tuple((choice, VALUE_ANSWERS[choice], options.get(choice, EMPTY)) for choice in VALUE_CHOICES),
        (),
        str(fields.get("kind", "")),
        repr((fields.get("kind"), cls, about)),
        section,
    )


def _alike(fields: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> str:
    """What questions have in common that one answer may fit: what is asked, of what, with which evidence."""
    if fields.get("kind") == CLASS:
        return ""
    asked = from_data(fields.get("question", ""))
    evidence = [
        sorted((bool(line["agrees"]), from_data(line["text"]).template) for line in option.get("evidence", ()))
        for option in options
    ]
    about = (fields.get("kind"), asked.template, str(asked.values.get("attributes", "")), fields.get("class"))
    return repr((*about, evidence, len(options)))


def _class_answers(
    schema: Schema, fields: Mapping[str, Any], options: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[str, Message, Message]], list[tuple[str, Message]]]:
    """The answers to what a word for a class means: the classes that are spelled like it, and all others."""
    base = str(fields.get("class", ""))
    classes = [one for one in schema.tree(base if base in schema.classes else "ci") if not one.abstract]
    labels = {fold(one.label): one for one in classes}
    near = [labels[word] for word in near_words(fold(str(fields.get("name", ""))), labels, _NEAR)]
    first = [(one.name, verbatim(one.label), verbatim(one.label)) for one in near]
    left = [(o["choice"], Message("Leave out"), from_data(o["text"])) for o in options if o["choice"] in _OTHERS]
    return first + left, [(one.name, verbatim(one.label)) for one in classes if one not in near]


def _letter(number: int) -> str:
    return _LETTERS[number % len(_LETTERS)]


def _seen(obs: Observation, letter: str, name: Message, choice: str = "", button: Message = EMPTY) -> ReviewCandidate:
    values = {**obs.values, "class": obs.cls}
    return ReviewCandidate(letter, name, obs.origin.text, choice, button, "", obs.cls, values)


def _candidate(option: Mapping[str, Any], letter: str, known: Mapping[str, Mapping[str, Any]]) -> ReviewCandidate:
    values = known.get(option["uid"], {})
    lines = tuple(
        MatchEvidence(line.get("kind", ""), bool(line["agrees"]), from_data(line["text"]), int(line.get("weight", 0)))
        for line in option.get("evidence", ())
    )
    if not option["uid"]:
        under = Message("read as well")
    else:
        under = Message("in the register") if values else Message("no longer in the register")
    name = verbatim(option["name"]) if option["name"] else from_data(option["text"])
    if option["uid"]:
        button = Message("Same as {letter} ({name})", letter=letter, name=name)
    else:
        button = Message("Same as {letter}", letter=letter)
    return ReviewCandidate(
        letter, name, under, str(option["choice"]), button, str(option["uid"]), str(option["class"]), values, lines
    )


def attributes(schema: Schema, question: ReviewQuestion) -> list[str]:
    """The attributes that any side has: identifying attributes first, then in the class's order."""
    there = {name for side in question.sides for name in side.values}
    if question.section in schema.sections:
        columns = schema.sections[question.section].columns
        return [name for name in columns if name in there]
    there -= {"last_seen"}
    order = list(_FIRST)
    if question.cls in schema.classes:
        order += [name for name in schema.classes[question.cls].attributes if name not in order]
    ranked = [name for name in order if name in there]
    return ranked + sorted(there - set(ranked))


def clashing(schema: Schema, question: ReviewQuestion) -> tuple[str, ...]:
    """The unique attributes of which several rows have one value: to keep the rows, all but one need another value."""
    if not question.rows_clash:
        return ()
    found = []
    for name in attributes(schema, question):
        attribute = schema.every_attribute.get(name)
        if attribute is None or not attribute.unique:
            continue
        values = [fold(str(side.values[name])) for side in question.sides if side.values.get(name)]
        if len(set(values)) < len(values):
            found.append(name)
    return tuple(found)


def compared(value: Any, text: str) -> str:
    """The form in which two sides' values are compared: without case and punctuation."""
    return fold(value.name if isinstance(value, NamedReference) else text)
