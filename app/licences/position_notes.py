"""Notes on licence positions: what somebody accepted or agreed. They are kept in the estate, with their history."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.licences.position_order import PositionKey
from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

LONGEST = 4_000
"""Characters of a note."""
_KIND = "position_note"
_NAMESPACE = uuid.UUID("3b8f0d52-6c1e-5d7a-9a34-7f1d2e5c8b60")


@dataclass(frozen=True, slots=True)
class PositionNote:
    """A note: its text, who wrote it, and when (ISO UTC)."""

    text: str
    by: str
    at: str


def note_of(reader: Reader, key: PositionKey) -> PositionNote | None:
    """The note on a position; None where there is none."""
    fields = _fields(reader, key)
    if not fields.get("text"):
        return None
    return PositionNote(str(fields["text"]), str(fields.get("by", "")), str(fields.get("at", "")))


def notes(reader: Reader) -> dict[PositionKey, str]:
    """The texts of all notes."""
    found: dict[PositionKey, str] = {}
    for fields in reader.records("decision").values():
        key = fields.get("position")
        if fields.get("kind") == _KIND and fields.get("text") and isinstance(key, Sequence) and len(key) == 4:
            product, edition, version, metric = map(str, key)
            found[product, edition, version, metric] = str(fields["text"])
    return found


def keep_note(reader: Reader, key: PositionKey, title: str, text: str, author: str) -> Revision:
    """The revision that writes a note, or removes it where its text is empty. Raises InvalidValue for a long one."""
    text = text.strip()
    if len(text) > LONGEST:
        raise InvalidValue(Message("A note has at most {number} characters.", number=LONGEST))
    record, before = _record(key), _fields(reader, key)
    after = {"kind": _KIND, "state": "done", "name": title, "position": list(key), "text": text, "by": author,
             "at": clock.now()}  # fmt: skip
    if not before:
        edits = [Edit(record, "", None, after)] if text else []
    elif not text:
        edits = [Edit(record, "", before, None)]
    else:
        edits = [Edit(record, name, before.get(name), after[name]) for name in ("text", "by", "at")]
        edits = edits if before.get("text") != text else []
    return Revision(edits, author, reason=Message("Note on the licence position of {title}", title=title))


def _record(key: PositionKey) -> Record:
    return Record("decision", (str(uuid.uuid5(_NAMESPACE, json.dumps(key))),))


def _fields(reader: Reader, key: PositionKey) -> dict[str, Any]:
    record = _record(key)
    return dict(reader.records_of("decision", [record]).get(record.key, {}))
