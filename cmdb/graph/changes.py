"""The differences between two states of the estate that affect the graph. Types only, without NumPy."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields
from typing import NamedTuple


class GroupRecord(NamedTuple):
    """A stored dependency group: its owner, and the number of members that the owner needs.

    ``needs`` is the text of the group: a count (``2``), a share (``50%``), or "" for all of them. ``strength`` is
    ``hard``, ``soft`` or "" (then the members' relationship types decide).
    """

    key: Hashable
    owner: int
    label: str = ""
    needs: str = ""
    strength: str = ""


class GraphLink(NamedTuple):
    """A link by its ends' CI ids; ``group`` is the key of the stored group that it names."""

    type: str
    source: int
    target: int
    group: Hashable | None = None


@dataclass(frozen=True, slots=True)
class GraphChange:
    """The differences: removed CIs, CIs that are new or have another class, removed and new links and groups."""

    gone: tuple[int, ...] = ()
    came: tuple[tuple[int, str], ...] = ()
    unlinked: tuple[GraphLink, ...] = ()
    linked: tuple[GraphLink, ...] = ()
    ungrouped: tuple[Hashable, ...] = ()
    grouped: tuple[GroupRecord, ...] = ()

    def __len__(self) -> int:
        """The number of CIs, links and groups that differ."""
        return sum(len(getattr(self, one.name)) for one in fields(self))
