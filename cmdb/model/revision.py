"""Revisions: the only way to write.

A revision is a header and a re-iterable stream of edits. An edit names a record and a field with its value before and
after; creating or deleting a record is an edit of the whole record (field ``""``, before or after ``None``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cmdb.model.characters import visible
from cmdb.model.clock import now as now
from cmdb.model.messages import Message
from cmdb.model.values import Value

if TYPE_CHECKING:
    from cmdb.model.attachments import FileContent
    from cmdb.model.estate_copies import RevisionOrigin
    from cmdb.model.guards import Guard

#: Kinds of records, all written through revisions. The value names the parts of the key.
KINDS: dict[str, tuple[str, ...]] = {
    "ci": ("id",),
    "relationship": ("type", "source", "target"),
    "group": ("id",),
    "membership": ("group", "type", "source", "target"),
    "installation": ("computer", "scope", "publisher", "product", "edition", "version"),
    "claim": ("ci", "source"),
    "sighting": ("ci", "source", "section"),
    "decision": ("id",),
    "assignment": ("licence", "holder"),
    "alias": ("kind", "value", "record"),
    "section": ("record", "section", "source", "row_key"),
    "event": ("id",),
    "reservation": ("id",),
    "result": ("audit", "code"),
    "saved_view": ("id",),
    "comment": ("id",),
    "watch": ("id",),
    "mapping": ("id",),
    "lock": ("id",),
    "attachment": ("id",),
    "snapshot": ("id",),
    "schema_entry": ("id",),
    "baseline": ("id",),
    "retention": ("id",),
    "setting": ("id",),
    "checkpoint": ("id",),
    "migration": ("id",),
    "recognition": ("id",),
    "end_of_life": ("id",),
    "draft": ("id",),
    "pack": ("id",),
}

SECTION_NOW = "section_now"
"""What edits of the values that are kept without a history are of. It is no kind: such an edit says what is now
(observed, rows), its *before* is None, and no conflict comes of it. The key is (record, section, source).
"""

Content = Value | None | Mapping[str, object] | Sequence[object]
"""The content of a field: a value, a whole record's fields, or a source's statement ([value, observed]); None: nothing.
"""


class Record(NamedTuple):
    """Names one record: its kind and its key (ids are UUIDv7 text; see ``KINDS`` for the other keys' parts)."""

    kind: str
    key: tuple[str, ...]


class Edit(NamedTuple):
    """One change. ``field`` is "" for a whole record, whose before/after are mappings of its fields, or None."""

    record: Record
    field: str
    before: Content
    after: Content


@dataclass(frozen=True, slots=True)
class Revision:
    """A proposed or applied change; ``edits`` can be iterated again. ``time`` is the author's clock, ISO UTC."""

    edits: Iterable[Edit]
    author: str
    source: str = "person"
    reason: Message | str = ""
    """Why: a text of the program (kept as data), or the words of a person."""
    id: str = field(default_factory=lambda: new_id())
    time: str = field(default_factory=now)
    undoes: int = 0
    """The number of the revision that this one takes back, or 0."""
    guards: tuple[Guard, ...] = ()
    """The conditions that must still hold when it is written."""
    decided_at: int = 0
    """The number of the revision that was the latest when it was decided; 0: every revision is later."""
    stepwise: bool = False
    """Whether its edits were checked step by step as they were made: a draft may have gone through several states."""
    files: tuple[FileContent, ...] = ()
    """The contents of the files that its edits attach; those that are kept already need not be here."""
    origin: RevisionOrigin | None = None
    """By whom and in which copy of the estate it was made, if that is not the present one: it is brought back."""

    def __post_init__(self) -> None:
        for name in ("author", "source", "reason"):
            text = getattr(self, name)
            if isinstance(text, str):
                object.__setattr__(self, name, visible(text))


def ci(uid: str) -> Record:
    """The record of a CI."""
    return Record("ci", (uid,))


def new_id() -> str:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, version, 74 random bits."""
    value = int.from_bytes(os.urandom(16), "big")
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | value & (1 << 80) - 1
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
