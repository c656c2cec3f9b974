"""What is different between two states of the estate, as far as the graph is concerned. Types only, without NumPy."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields
from typing import NamedTuple


class GroupRecord(NamedTuple):
    """A dependency group as it is stored: whose it is, and how many of its members that CI needs.

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
    """What is different: CIs that went, CIs that came or have another class, links and groups likewise."""

    gone: tuple[int, ...] = ()
    came: tuple[tuple[int, str], ...] = ()
    unlinked: tuple[GraphLink, ...] = ()
    linked: tuple[GraphLink, ...] = ()
    ungrouped: tuple[Hashable, ...] = ()
    grouped: tuple[GroupRecord, ...] = ()

    def __len__(self) -> int:
        """How many CIs, links and groups are different."""
        return sum(len(getattr(self, one.name)) for one in fields(self))
