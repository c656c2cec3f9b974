"""The result of a first look at an estate's file. Types only."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.messages import EMPTY, Message


@dataclass(frozen=True, slots=True)
class FirstItem:
    """A configuration item with the values that a first look reads; "" for a missing value."""

    uid: str
    cls: str
    name: str
    status: str
    asset_tag: str
    notes: str


@dataclass(frozen=True, slots=True)
class FirstRevision:
    """A revision's header; see ``cmdb.model.journal.RevisionHeader`` for the fields."""

    number: int
    time: str
    author: str
    source: str
    reason: Message | str
    undoes: int
    created: int
    updated: int
    deleted: int
    undone_by: int = 0
    title: Message = EMPTY


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The number of items, the first items by name (of ``cls`` if asked for one), and the latest revisions."""

    cls: str
    count: int
    items: tuple[FirstItem, ...]
    recent: tuple[FirstRevision, ...]
