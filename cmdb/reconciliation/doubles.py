"""Doubles: two records of the register that may be one thing, weighed as an import weighs a row and a record.

Values that only look alike (1000 and 01000, O and 0, I and 1, S and 5) count as the same, with fewer points.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record
from cmdb.reconciliation.evidence import compare
from cmdb.reconciliation.keys import Identity, Keys
from cmdb.reconciliation.match_verdicts import MatchEvidence, MatchVerdict
from cmdb.reconciliation.weights import LOOKS_ALIKE

DIFFERENT = "different"
"""The outcome of a decision that two records are different things."""
SIMILAR = ("asset_tag", "serial_number")
"""The attributes whose values may look alike: they are read from stickers and typed."""
_SPACING = re.compile(r"[\s\-_./]+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_MISREAD = str.maketrans("oils", "0115")
_WORDS = re.compile(r"\w+")
_BETWEEN = "\x01"
"""Stands between values: no text has it."""
_NAMESPACE = uuid.UUID("0d6f1b54-6a0e-5c55-8a39-5b0f5c2f6a10")
_LABELS = {"asset_tag": Message("asset tags"), "serial_number": Message("serial numbers"), "name": Message("names")}


def look(value: str) -> str:
    """What a tag or a serial number looks like: without separators and leading zeros, O as 0, I and L as 1, S as 5."""
    return _ZEROS.sub("", _SPACING.sub("", value.casefold()).translate(_MISREAD))


def looks(values: Sequence[str]) -> list[str]:
    """What each of many looks like."""
    return look(_BETWEEN.join(values)).split(_BETWEEN) if values else []


def person_look(name: str) -> str:
    """What the name of a person looks like: its words in alphabetical order; "" for a single word."""
    words = sorted(_WORDS.findall(name.casefold()))
    return " ".join(words) if len(words) > 1 else ""


def decision_id(one: str, other: str) -> str:
    """The id of the decision that two records are different things."""
    return str(uuid.uuid5(_NAMESPACE, " ".join(sorted((one, other)))))


def told_apart(
    decided: Mapping[str, Any], records: Iterable[str], there: Callable[[Collection[str]], Collection[str]]
) -> list[Edit]:
    """What a decision says of pairs of records: a new one is none of those that were offered, and rows that are kept
    apart are two things. Nobody is asked again. ``there`` looks decisions up: those that are kept already stay.
    """
    made = [uid for uid in dict.fromkeys(records) if uid]
    offered = [option["uid"] for option in decided["candidates"] if option["uid"] and option["uid"] not in made]
    pairs = {
        "new": itertools.product(made, offered), "separate": itertools.combinations(made, 2),
    }.get(decided["outcome"], ())  # fmt: skip
    wanted = {decision_id(*pair): pair for pair in pairs}
    kept = there(sorted(wanted)) if wanted else ()
    name, cls = str(decided["name"]), str(decided["class"])
    return [different(*pair, name, cls) for uid, pair in wanted.items() if uid not in kept]


def different(one: str, other: str, name: str, cls: str) -> Edit:
    """Remembers that two records are different things. ``name`` and ``cls`` are those of one of them."""
    fields = {"kind": "double", "state": "done", "outcome": DIFFERENT, "name": name, "class": cls,
              "records": sorted((one, other))}  # fmt: skip
    return Edit(Record("decision", (decision_id(one, other),)), "", None, fields)


def weigh(keys: Keys, one: Identity, other: Identity) -> MatchVerdict | None:
    """The evidence that two records of the register are one thing; None where it speaks against that."""
    serial = one.keys.get("serial_number")
    if not keys.compatible(one.cls, other.cls) and (not serial or serial != other.keys.get("serial_number")):
        return None
    alike = [kind for kind in (*SIMILAR, "name") if _look_alike(kind, one, other)]
    verdict = compare(_called(one, other, alike), other, ())
    if verdict.outcome not in ("same", "review"):
        return None
    lines = tuple(
        _similar(line, one, other) if line.kind in alike and line.agrees else _as_written(line, one, other)
        for line in verdict.lines
    )
    less = sum(a.weight - b.weight for a, b in zip(verdict.lines, lines, strict=True))
    return verdict._replace(lines=lines, score=verdict.score - less)


def _look_alike(kind: str, one: Identity, other: Identity) -> bool:
    left, right = one.keys.get(kind), other.keys.get(kind)
    if not isinstance(left, str) or not isinstance(right, str) or left == right:
        return False
    if kind == "name":
        return one.root == other.root == "person" and person_look(left) == person_look(right) != ""
    return look(left) == look(right)


def _called(one: Identity, other: Identity, alike: Collection[str]) -> Identity:
    """An identity with the other's keys where they look alike."""
    if not alike:
        return one
    made = copy(one)
    made.keys = {**one.keys, **{kind: other.keys[kind] for kind in alike}}
    return made


def _as_written(line: MatchEvidence, one: Identity, other: Identity) -> MatchEvidence:
    """A line with the value that both have as it is written in one of them: in capitals rather than without."""
    place = next((place for place in ("value", "name") if place in line.text.values), "")
    key = one.keys.get(line.kind)
    if not line.agrees or not place or not isinstance(key, str):
        return line
    written = (str(each.details[line.kind]) for each in (one, other) if each.details.get(line.kind))
    value = max(written, key=lambda text: sum(map(str.isupper, text)), default="")
    return line._replace(text=line.text.having(**{**line.text.values, place: value})) if value else line


def _similar(line: MatchEvidence, one: Identity, other: Identity) -> MatchEvidence:
    text = Message(
        "The {what} {value} and {other} look alike",
        what=_LABELS[line.kind],
        value=str(one.details.get(line.kind, one.keys[line.kind])),
        other=str(other.details.get(line.kind, other.keys[line.kind])),
    )
    return line._replace(text=text, weight=int(line.weight * LOOKS_ALIKE))
