"""Conflicts of packs: what two people changed to different values. They are questions of the review."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.decision_kinds import PACK
from cmdb.model.errors import NotFound, UserError
from cmdb.model.formats import local_time
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision
from cmdb.reconciliation.asked_values import KEEP, TAKE

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader
    from cmdb.model.packs import Pack
    from cmdb.register.brought_revisions import HeldEdits, Place
    from cmdb.store.reading.reader import Reader

_NAMESPACE = uuid.UUID("5b0d7c1e-64c8-5f0a-9d5b-2f1f6a3e9c11")
_CHOICES = {TAKE: Message("What the pack says"), KEEP: Message("What the estate says")}
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PackConflict:
    """One conflict side by side: what the pack says, by whom, when and where; and what the estate says."""

    id: str
    record: str
    name: str
    field: str
    pack: str
    who: str
    time: str
    device: str
    before: Any
    said: Any
    present: Any


def open_conflicts(reader: Reader) -> list[PackConflict]:
    """The conflicts that nobody has decided yet, the oldest first."""
    from app.reviews.open_questions import open_decisions

    return [_conflict(uid, one) for uid, one in open_decisions(reader).items() if one.get("kind") == PACK]


def _conflict(uid: str, fields: Mapping[str, Any]) -> PackConflict:
    def text(name: str) -> str:
        return str(fields.get(name) or "")

    return PackConflict(
        uid, text("record"), text("name"), text("attribute"), text("file"), text("who"), text("asked"), text("device"),
        fields.get("before"), fields.get("said"), fields.get("stands"),
    )  # fmt: skip


def asked(
    reader: Reader, pack: Pack, header: RevisionHeader, place: Place, held: HeldEdits, reason: Message | None = None
) -> tuple[str, Fields]:
    """The question that a conflict is: its id, which is the same whenever it is asked, and its fields."""
    record, attribute = place
    cls, name = reader.last_names([record]).get(record, ("", "")) if record else ("", "")
    name = name or str(held.after.get("name") if isinstance(held.after, dict) else "") or record
    label = reader.schema.every_attribute.get(attribute)
    told = {"name": name, "attribute": label.label if label is not None else attribute, "file": pack.name}
    if reason is not None:
        question = Message("What “{file}” says of {name} does not fit: {reason}", **told, reason=reason)
    elif held.gone:
        question = Message("{name} was changed in “{file}”, but what it is about is not here any more.", **told)
    elif not attribute:
        question = Message("{name} was deleted in “{file}”, and changed here. Which stands?", **told)
    else:
        question = Message("{name}: {attribute} was changed here and in “{file}”. Which stands?", **told)
    who = header.actor.name if header.actor is not None else header.author
    where = Message("{who}, {time}, {file}", who=who, time=local_time(header.time) or header.time, file=pack.name)
    device = header.actor.login if header.actor is not None else ""
    key = "|".join((pack.uid, header.id, record, attribute))
    return str(uuid.uuid5(_NAMESPACE, key)), {
        "kind": PACK, "state": "open", "question": question.data(), "name": name, "class": cls, "record": record,
        "attribute": attribute, "asked": header.time, "who": who, "device": device, "pack": pack.uid,
        "file": pack.name, "revision": header.id, "before": held.before, "said": held.after, "stands": held.present,
        "edits": [_written(one) for one in held.edits], "evidence": [], "origins": [where.data()],
        "candidates": [
            {"choice": choice, "text": text.data(), "uid": "", "class": "", "name": "", "evidence": []}
            for choice, text in _CHOICES.items()
        ],
    }  # fmt: skip


def extended(fields: Mapping[str, Any], held: HeldEdits) -> Fields:
    """The fields of an open question after the pack changed the same once more."""
    return {**fields, "said": held.after, "edits": [*fields["edits"], *(_written(one) for one in held.edits)]}


def decide_conflicts(
    reader: Reader, asked: Mapping[str, Mapping[str, Any]], choice: str, author: str, reason: Message | str
) -> Revision:
    """The revision that gives conflicts one answer. ``asked``: decision → its fields.

    Raises UserError for another choice, NotFound where what the pack changed is not there any more.
    """
    if choice not in _CHOICES:
        raise UserError(
            Message("“{choice}” is not one of the choices: {choices}.", choice=choice, choices=tuple(_CHOICES))
        )
    edits: list[Edit] = []
    for decision, fields in asked.items():
        if choice == TAKE:
            edits += _taken(reader, fields)
        record = Record("decision", (decision,))
        edits += [Edit(record, "state", "open", "done"), Edit(record, "outcome", fields.get("outcome"), choice)]
    return Revision(edits, author, reason=reason, decided_at=reader.number, stepwise=True)


def _taken(reader: Reader, fields: Mapping[str, Any]) -> list[Edit]:
    """What a conflict's edits are on what the estate has now."""
    from cmdb.store.drafts.rebasing import restated, rows_of

    last: dict[tuple[Record, str], Edit] = {}
    for kind, key, name, before, after in fields["edits"]:
        record = Record(kind, tuple(key))
        first = last.get((record, name))
        last[record, name] = Edit(record, name, before if first is None else first.before, after)
    edits = list(last.values())
    owners = {one.record.key[0] for one in edits if one.record.kind in ("ci", "claim")}
    made = {one.record.key[0] for one in edits if one.record.kind == "ci" and not one.field and one.before is None}
    there = reader.by_uid(owners)
    named: set[str] = set()
    for one in edits:
        pair: Any = one.after
        if one.record.kind == "claim" and one.field in reader.schema.reference_names and pair:
            named.add(str(pair[0]))
    if owners - made - there.keys() or named - made - reader.names(named).keys():
        raise NotFound(
            Message("What this is about is not here any more: undo what deleted it first, or keep what the estate has.")
        )
    said, rows = reader.said(there), rows_of(reader, edits)
    found: list[Edit] = []
    for uid in dict.fromkeys(one.record.key[0] if one.record.kind in ("ci", "claim") else "" for one in edits):
        its = [one for one in edits if (one.record.key[0] if one.record.kind in ("ci", "claim") else "") == uid]
        found += restated(its, said.get(uid, {}), rows)
    return found


def _written(edit: Edit) -> list[Any]:
    return [edit.record.kind, list(edit.record.key), edit.field, edit.before, edit.after]


def conflicts_of(fields: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[PackConflict, ...]:
    """Conflicts of the fields of their questions."""
    return tuple(_conflict(uid, one) for uid, one in fields)
