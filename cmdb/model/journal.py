"""Records of the journal: headers of revisions, baselines, and the versions in a record's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cmdb.model.actors import Actor
from cmdb.model.messages import EMPTY, Message
from cmdb.model.revision import Content, Edit


@dataclass(frozen=True, slots=True)
class RevisionHeader:
    """A revision in the journal. ``time`` is the author's clock, ``recorded`` the estate's; counts are over CIs."""

    number: int
    id: str
    time: str
    recorded: str
    author: str
    source: str
    reason: Message | str
    undoes: int
    undone_by: int
    created: int
    updated: int
    deleted: int
    title: Message = EMPTY
    """The title of the revision; see ``cmdb.register.revision_titles``. Empty if it was not asked for."""
    actor: Actor | None = None
    """Who wrote it; None in a journal that does not say. ``author`` is the actor's name."""
    copy: str = ""
    """The id of the copy of the estate that it was made in, or ""."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of an item's history."""

    number: int
    time: str
    author: str
    source: str
    reason: Message | str
    edits: list[Edit]
    title: Message = EMPTY
    """As of ``RevisionHeader``."""


class FieldChange(NamedTuple):
    """One line of the feed of changes: what a revision changed in one field of an item.

    ``field`` is "class", an attribute, or a kind of record that concerns the item, such as "relationship"; its value is
    then a mapping. ``cls`` and ``name`` are those of the revision, or "" where they are to be looked up.
    """

    number: int
    uid: str
    cls: str
    name: str
    field: str
    before: Content
    after: Content
    time: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A named revision."""

    uid: str
    name: str
    number: int
    note: str = ""
