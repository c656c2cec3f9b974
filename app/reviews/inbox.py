"""Open questions with all that is needed to answer them: what was seen, and the records that it may be. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.reviews.open_questions import open_decisions
from cmdb.model.observation import NamedReference, Observation, Origin
from cmdb.model.schema import Schema, fold
from cmdb.reconciliation.match_verdicts import MatchEvidence

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Shown first, where they are there: by these a person tells things apart.
_FIRST = (
    "name", "class", "status", "asset_tag", "serial_number", "manufacturer", "model", "uuid", "machine_id", "host_name",
    "domain", "email", "user_name", "mac_address", "ip_address", "assigned_to", "location",
)  # fmt: skip


@dataclass(frozen=True)
class ReviewCandidate:
    """One column of the comparison: what was seen (``choice`` is ""), or what it may be.

    ``values`` are canonical; references are ids or mentions.
    """

    title: str
    under: str
    choice: str = ""
    button: str = ""
    uid: str = ""
    cls: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[MatchEvidence, ...] = ()


@dataclass(frozen=True)
class ReviewQuestion:
    """One open decision. ``others`` are the answers that mean no record: (choice, button's text, what it means)."""

    id: str
    question: str
    name: str
    cls: str
    asked: str
    origins: tuple[str, ...]
    reasons: tuple[str, ...]
    sides: tuple[ReviewCandidate, ...]
    others: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ReviewInbox:
    """The open questions, the latest first, with the names of everything that their values refer to."""

    questions: tuple[ReviewQuestion, ...]
    names: Mapping[str, tuple[str, str]]


_OTHERS = {
    "new": "New record", "together": "One new record", "separate": "Keep them apart", "ignore": "Ignore",
}  # fmt: skip


def gather(reader: Reader) -> ReviewInbox:
    """The open decisions of the estate."""
    from cmdb.reconciliation.review import load

    waiting = open_decisions(reader)
    wanted = {option["uid"] for fields in waiting.values() for option in fields.get("candidates", ()) if option["uid"]}
    known = {uid: {**one.values, "class": one.cls} for uid, one in reader.by_uid(wanted).items()}
    questions: list[ReviewQuestion] = []
    for uid, fields in waiting.items():
        seen = [obs for reading in load(fields["observation"]) for obs in reading.observations]
        asked = max((row["observed"] for row in fields["observation"]["rows"]), default="")
        questions.append(_question(uid, fields, seen, known, asked))
    references = {name for name, a in reader.schema.all_attributes().items() if a.type == "reference"}
    uids = {v for values in known.values() for n, v in values.items() if n in references and isinstance(v, str)}
    questions.sort(key=lambda q: (q.asked, q.name), reverse=True)
    return ReviewInbox(tuple(questions), reader.names(uids))


def _question(
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
            sides.append(_seen(one, letter, str(option["choice"]), f"Row {letter} is right"))
    else:
        sides += [_seen(one, "What was read") for one in seen[:3]]
        records = [o for o in options if o["uid"] or str(o["choice"]).isdigit()]
        for number, option in enumerate(records):
            sides.append(_candidate(option, _letter(number), known))
    others = [(o["choice"], _OTHERS[o["choice"]], o["text"]) for o in options if o["choice"] in _OTHERS]
    return ReviewQuestion(
        uid,
        str(fields.get("question", "")),
        str(fields.get("name", "")),
        str(fields.get("class", "")),
        asked,
        tuple(fields.get("origins", ())),
        tuple(fields.get("evidence", ())),
        tuple(sides),
        tuple(others),
    )


def _letter(number: int) -> str:
    return _LETTERS[number % len(_LETTERS)]


def _seen(obs: Observation, title: str, choice: str = "", button: str = "") -> ReviewCandidate:
    values = {**obs.values, "class": obs.cls}
    return ReviewCandidate(title, place(obs.origin), choice, button, "", obs.cls, values)


def _candidate(option: Mapping[str, Any], letter: str, known: Mapping[str, Mapping[str, Any]]) -> ReviewCandidate:
    values = known.get(option["uid"], {})
    lines = tuple(
        MatchEvidence(line.get("kind", ""), bool(line["agrees"]), str(line["text"]), int(line.get("weight", 0)))
        for line in option.get("evidence", ())
    )
    gone = "" if values or not option["uid"] else "no longer in the register"
    under = gone or ("in the register" if option["uid"] else "read as well")
    name = str(option["name"] or option["text"])
    return ReviewCandidate(
        f"{letter}  {name}", under, str(option["choice"]), f"Same as {letter}", str(option["uid"]),
        str(option["class"]), values, lines,
    )  # fmt: skip


def place(origin: Origin) -> str:
    """Where something was read, in words."""
    return str(origin)


def attributes(schema: Schema, question: ReviewQuestion) -> list[str]:
    """The attributes that any side has, the telling ones first, then by the class's own order."""
    there = {name for side in question.sides for name in side.values}
    there -= {"last_seen"}
    order = list(_FIRST)
    if question.cls in schema.classes:
        order += [name for name in schema.classes[question.cls].attributes if name not in order]
    ranked = [name for name in order if name in there]
    return ranked + sorted(there - set(ranked))


def compared(value: Any, text: str) -> str:
    """The form in which two sides' values are compared: names and texts without case and marks."""
    return fold(value.name if isinstance(value, NamedReference) else text)
