"""What a verb would do, before it acts: the fields that it would change, with their values before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.kits import incomplete, kit_move
from app.receipts.unsigned import RECEIPT
from app.verbs import make, reservations_told
from cmdb.model.messages import Message, chain, verbatim

if TYPE_CHECKING:
    from cmdb.model.revision import Edit, Revision
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.values import Value
    from cmdb.model.verb import Values, Verb
    from cmdb.store.reading.reader import Reader

_OF_HOLDER = ("location", "department", "cost_centre")
"""What a thing mostly has from its holder: where another one comes, it is said what of it stays."""
_FIRST = ("assigned_to", "location", "department", "cost_centre", "status", "state")
"""What is shown first."""


@dataclass(frozen=True)
class FieldPreview:
    """One field that would change: the different values before and after, of all records that it would change in.

    ``late``: the present value stays, as something newer is known; what is known of that time changes.
    """

    attribute: Attribute
    before: tuple[Value | None, ...]
    after: tuple[Value | None, ...]
    records: int
    late: bool = False


@dataclass(frozen=True)
class VerbPreview:
    """The fields that a verb would change, and the names of the records that their values refer to."""

    fields: tuple[FieldPreview, ...]
    names: Mapping[str, tuple[str, str]]
    doubt: Message
    """What the person should think about first; an empty text for nothing."""
    stays: tuple[FieldPreview, ...] = ()
    """Where the holder changes: what stays of that which a thing mostly has from its holder."""
    receipts: tuple[Message, ...] = ()
    """What is to be signed, and under which terms."""


def preview(reader: Reader, verb: Verb, uids: Iterable[str], values: Values, author: str, at: str = "") -> VerbPreview:
    """What a verb would do with records. Raises what doing it would raise."""
    wanted = list(uids)
    revision = make(reader, verb, wanted, values, author, at, every=False)
    fields = previewed(reader.schema, revision)
    stays = _stays(reader, wanted, fields)
    references = {
        str(value)
        for one in (*fields, *stays)
        if one.attribute.type == "reference"
        for value in (*one.before, *one.after)
        if value is not None
    }
    doubts = _doubts(reader, verb, wanted, values, at, revision)
    return VerbPreview(fields, reader.last_names(references), doubts, stays, tuple(_receipts(revision.edits)))


def _receipts(edits: Iterable[Edit]) -> Iterator[Message]:
    """The receipts that edits make."""
    for edit in edits:
        made: Any = edit.after
        if edit.record.kind == "ci" and not edit.field and made and made["class"] == RECEIPT:
            name, terms = made["name"], made.get("terms_shown")
            yield Message("{receipt} ({terms})", receipt=name, terms=terms) if terms else verbatim(name)


def _stays(reader: Reader, uids: Iterable[str], fields: Sequence[FieldPreview]) -> tuple[FieldPreview, ...]:
    """What a verb leaves as it is, though the holder changes."""
    changed = {one.attribute.name for one in fields if not one.late}
    if "assigned_to" not in changed:
        return ()
    found = []
    records = list(reader.by_uid(uids).values())
    for name in _OF_HOLDER:
        kept = [value for one in records if (value := one.values.get(name)) is not None]
        if kept and name not in changed and name in reader.schema.every_attribute:
            values = tuple(dict.fromkeys(kept))
            found.append(FieldPreview(reader.schema.every_attribute[name], values, values, len(kept)))
    return tuple(found)


def _doubts(reader: Reader, verb: Verb, uids: Sequence[str], values: Values, at: str, revision: Revision) -> Message:
    """All that a person should think about: the values, what is kept for others, and kits that are not whole."""
    from cmdb.register.reserved_custody import reserved_custody

    told = (
        _doubt(reader, verb, values, at),
        reservations_told(reader, reserved_custody(reader, revision.edits)),
        incomplete(reader, kit_move(reader, verb, uids, values)),
    )
    return chain([one for one in told if one])


def _doubt(reader: Reader, verb: Verb, values: Values, at: str) -> Message:
    """What is doubtful about the values, as it was at the time."""
    from cmdb.register.events import RecordsThen, event_time

    when = event_time(reader, at)
    if not when.stated:
        return verb.doubt(reader, values)
    named = [str(values[one.name]) for one in verb.fields if one.type == "reference" and values.get(one.name)]
    return verb.doubt(RecordsThen(reader, named, when.at), values)


def previewed(schema: Schema, revision: Revision) -> tuple[FieldPreview, ...]:
    """The fields that a revision of a verb would change."""
    found: dict[tuple[str, bool], tuple[dict[Any, None], dict[Any, None], set[str]]] = {}
    edited = {(edit.record.key[0], edit.field) for edit in revision.edits if edit.record.kind == "ci"}
    for uid, field, before, after in changes_of(revision.edits):
        if field not in schema.every_attribute:
            continue
        befores, afters, records = found.setdefault((field, (uid, field) not in edited), ({}, {}, set()))
        befores[before] = afters[after] = None
        records.add(uid)
    made = [
        FieldPreview(schema.every_attribute[name], tuple(befores), tuple(afters), len(records), late)
        for (name, late), (befores, afters, records) in found.items()
    ]
    place = {name: number for number, name in enumerate(_FIRST)}
    return tuple(sorted(made, key=lambda one: place.get(one.attribute.name, len(place))))


def changes_of(edits: Iterable[Edit]) -> Iterable[tuple[str, str, Any, Any]]:
    """(record, field, before, after) of the values that are edited, and of events alone."""
    told: list[tuple[str, str, Any, Any]] = []
    seen: set[tuple[str, str]] = set()
    for edit in edits:
        whole: Any = edit.after
        if edit.record.kind == "ci" and edit.field and edit.field != "class":
            seen.add((edit.record.key[0], edit.field))
            yield edit.record.key[0], edit.field, edit.before, edit.after
        elif edit.record.kind == "event" and not edit.field and whole and "field" in whole:
            ends = (whole.get(f"{end}_ref", whole.get(end)) for end in ("before", "after"))
            told.append((whole["record"], whole["field"], *ends))
    yield from (one for one in told if one[:2] not in seen)
