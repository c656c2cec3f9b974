"""Drafts: what is said of one, and what of it does not fit the estate any more."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.messages import EMPTY, Message
from cmdb.model.revision import Content

OPEN, APPLIED = "open", "applied"
"""The states of a draft. One that was dropped is no longer there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's header. ``base``: the revision that was the latest when it was made; ``made``: when (ISO UTC)."""

    id: str
    name: str
    author: str
    base: int
    state: str
    made: str = ""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that the draft changes and that was changed meanwhile: before, by the draft, and as it is now."""

    field: str
    before: Content
    drafted: Content
    present: Content


@dataclass(frozen=True, slots=True)
class DraftConflict:
    """A record of which the draft does not fit the estate any more: ``reason`` says why.

    ``deleted``: it is gone meanwhile. Until it is settled, nothing of the draft that is about this record is shown or
    applied.
    """

    record: str
    cls: str
    name: str
    reason: Message | str = EMPTY
    deleted: bool = False
    fields: tuple[FieldConflict, ...] = ()
