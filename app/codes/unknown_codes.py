"""Codes that nobody knows yet: each is a question of the review, which a new item, a known one or "leave" answers.

The question is the same on every copy of the estate: its id is made of the code. Scans say where and when it was read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audits.named_scans import named_scans, turned_up_as
from app.codes.resolve import resolve
from app.decision_kinds import CODE
from cmdb.model.audits import AuditOutcome
from cmdb.model.characters import one_line
from cmdb.model.errors import Ambiguous, InvalidValue, NotFound
from cmdb.model.formats import local_time
from cmdb.model.messages import Message, verbatim
from cmdb.model.record_aliases import alias_kind, folded
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.values import Value

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_NAMESPACE = uuid.UUID("0d6b8f8a-3a0e-5f27-9c53-6d1c8a0f7be4")
_TAG = "asset_tag"
_LONGEST_TAG = 60
"""A longer code is an address or a text; it is kept as a former name, not as the tag."""
LEAVE = "ignore"
"""The answer that a code is none of ours."""


@dataclass(frozen=True, slots=True)
class UnknownScan:
    """Where and when an unknown code was read, and by whom: a place's name and id, an ISO time, a device."""

    code: str
    time: str = ""
    place: str = ""
    place_id: str = ""
    by: str = ""
    device: str = ""

    @property
    def said(self) -> Message:
        """Where it was read, in words."""
        where = verbatim(", ".join(filter(None, (self.place, self.by, self.device))) or "–")
        return Message("{where}, {time}", where=where, time=local_time(self.time) or self.time) if self.time else where


def question_of(code: str) -> str:
    """The id of the question what a code is."""
    return str(uuid.uuid5(_NAMESPACE, folded(one_line(code))))


def asked(reader: Reader, scans: Iterable[UnknownScan]) -> list[Edit]:
    """The edits that ask about unknown codes, each once. What was left is not asked about again."""
    first: dict[str, UnknownScan] = {}
    for scan in scans:
        if one_line(scan.code):
            first.setdefault(question_of(scan.code), scan)
    known = reader.records_of("decision", [Record("decision", (one,)) for one in first]) if first else {}
    edits = []
    for decision, scan in first.items():
        record, fields = Record("decision", (decision,)), known.get((decision,))
        if fields is None:
            edits.append(Edit(record, "", None, _fields(scan)))
        elif fields.get("state") != "open" and fields.get("outcome") != LEAVE:
            edits.append(Edit(record, "state", fields.get("state"), "open"))
    return edits


def _fields(scan: UnknownScan) -> dict[str, Any]:
    code = one_line(scan.code)
    leave = Message("It is not one of ours; it is not asked about again.")
    return {
        "kind": CODE,
        "state": "open",
        "question": Message("No record is known by the code “{code}”. What is it?", code=code).data(),
        "name": code,
        "class": "hardware",
        "asked": scan.time,
        "place": scan.place_id,
        "candidates": [
            {"choice": LEAVE, "text": leave.data(), "uid": "", "class": "", "name": "", "evidence": []},
        ],
        "evidence": [],
        "origins": [scan.said.data()],
    }  # fmt: skip


def tie(
    reader: Reader, codes: Sequence[str], record: str, author: str, *, as_tag: bool = False, reason: Message | str = ""
) -> Revision:
    """A revision that says that a record (an id) is what codes name, so that they find it from now on.

    Each becomes a former name of it; with ``as_tag`` the only code becomes its asset tag. Raises NotFound, InvalidValue
    where it has a tag already or its class has none.
    """
    one = reader.get(record)
    texts = list(dict.fromkeys(text for code in codes if (text := one_line(code))))
    if as_tag:
        known = reader.schema.cls(one.cls).attributes
        if _TAG not in known or one.text(_TAG):
            if _TAG not in known:
                raise InvalidValue(Message("{record} is of a class that has no asset tag.", record=one.name))
            raise InvalidValue(
                Message("{record} has the asset tag {tag} already.", record=one.name, tag=one.text(_TAG))
            )
        if len(texts) != 1:
            raise InvalidValue(Message("A record has one asset tag; {count} codes were given.", count=len(texts)))
        edits = [Edit(ci(record), _TAG, None, texts[0])]
    else:
        edits = _former_names(reader, [text for text in texts if text != one.text(_TAG)], record)
    scans, guards = named_scans(reader, texts, record, turned_up_as(reader.schema, one))
    why = reason or Message("{codes} is {record}", codes=tuple(texts), record=one.name)
    made = [*edits, *scans, *_closed(reader, texts, record)]
    return Revision(made, author, reason=why, guards=guards, decided_at=reader.number)


def make(
    reader: Reader, code: str, cls: str, author: str, values: Mapping[str, Value | None] | None = None,
    reason: Message | str = "",
) -> Revision:  # fmt: skip
    """A revision that makes an item of a code; its id is the first edit's. ``values`` are what else is known of it.

    The code becomes its asset tag where the class has one, otherwise a name by which it is found. It is where the code
    was read. Raises SchemaError for an unknown class, InvalidValue for one that stands for several.
    """
    schema, text = reader.schema, one_line(code)
    own = schema.cls(cls)
    if own.abstract:
        kinds = tuple(one.label for one in schema.tree(cls) if not one.abstract)
        raise InvalidValue(
            Message("“{cls}” stands for several classes. Name one of them: {kinds}.", cls=own.label, kinds=kinds)
        )
    asked_of = _question(reader, text)
    tagged = _TAG in own.attributes and len(text) <= _LONGEST_TAG
    begun: dict[str, Value | None] = {"name": text[:200]}
    if tagged:
        begun[_TAG] = text
    if "location" in own.attributes and asked_of.get("place") in reader.names([str(asked_of.get("place", ""))]):
        begun["location"] = str(asked_of["place"])
    uid = new_id()
    present = {name: value for name, value in {**begun, **(values or {})}.items() if value is not None}
    edits = [Edit(ci(uid), "", None, {"class": cls, **present})]
    if present.get(_TAG) != text:
        edits += [Edit(_alias(text, uid), "", None, {"spelling": text})]
    why = reason or Message("{code} is a new record", code=text)
    scans, guards = named_scans(reader, [text], uid, AuditOutcome.OUTSIDE)
    made = [*edits, *scans, *_closed(reader, [text], uid)]
    return Revision(made, author, reason=why, guards=guards, decided_at=reader.number)


def leave(reader: Reader, codes: Sequence[str], author: str, reason: Message | str = "") -> Revision:
    """A revision that says that codes are none of ours: they are not asked about again."""
    texts = list(dict.fromkeys(text for code in codes if (text := one_line(code))))
    why = reason or Message("{codes} is left", codes=tuple(texts))
    return Revision(_closed(reader, texts, LEAVE), author, reason=why, decided_at=reader.number)


def decide_codes(
    reader: Reader, codes: Sequence[str], choice: str, author: str, reason: Message | str = ""
) -> Revision:
    """The revision that answers what codes are: "ignore", a class (an item is made of each), or a record that they
    name. Raises UserError.
    """
    word = choice.strip()
    if word.casefold() == LEAVE:
        return leave(reader, codes, author, reason)
    cls = reader.schema.class_of(word)
    if cls is not None:
        made = [make(reader, code, cls.name, author, reason=reason) for code in codes]
        why = made[0].reason if len(made) == 1 else reason or Message("{codes} are new records", codes=tuple(codes))
        guards = tuple(guard for one in made for guard in one.guards)
        edits = [edit for one in made for edit in one.edits]
        return Revision(edits, author, reason=why, guards=guards, decided_at=reader.number)
    found = resolve(reader, word)
    if found.record is None:
        if found.named:
            raise Ambiguous(
                Message("“{word}” means {number} records; give an id.", word=word, number=len(found.named)),
                tuple(verbatim(f"{one.record.name}  {one.record.uid}") for one in found.named),
            )
        raise NotFound(
            Message("“{word}” is neither a class nor a record. Name one of them, or “{leave}”.", word=word, leave=LEAVE)
        )  # fmt: skip
    return tie(reader, codes, found.record.uid, author, reason=reason)


def _former_names(reader: Reader, texts: Sequence[str], record: str) -> list[Edit]:
    records = {_alias(text, record): text for text in texts}
    there = reader.records_of("alias", records)
    return [Edit(one, "", None, {"spelling": text}) for one, text in records.items() if one.key not in there]


def _alias(text: str, record: str) -> Record:
    return Record("alias", (alias_kind(_TAG), folded(text), record))


def _question(reader: Reader, code: str) -> Mapping[str, Any]:
    key = (question_of(code),)
    return reader.records_of("decision", [Record("decision", key)]).get(key, {})


def _closed(reader: Reader, texts: Sequence[str], outcome: str) -> list[Edit]:
    """Closes the questions about codes. What nobody asked about is kept as answered where it is left."""
    edits = []
    for text in texts:
        record, fields = Record("decision", (question_of(text),)), _question(reader, text)
        if fields:
            edits += [Edit(record, "state", fields.get("state"), "done")] if fields.get("state") != "done" else []
            if fields.get("outcome") != outcome:
                edits.append(Edit(record, "outcome", fields.get("outcome"), outcome))
        elif outcome == LEAVE:
            edits.append(Edit(record, "", None, {**_fields(UnknownScan(text)), "state": "done", "outcome": LEAVE}))
    return edits
