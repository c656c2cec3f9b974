"""The changes since the arrays of a graph were built. They are kept separately, so that small changes are fast."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cmdb.graph.changes import GroupRecord
from cmdb.graph.edges import Numbers
from cmdb.graph.results import DataError

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ExplicitGroup:
    """A group that was made after the arrays: stored, or of the single link ``single`` (number, side)."""

    record: GroupRecord | None
    single: tuple[int, int] | None
    owner: int
    needs: int
    hard: bool
    members: tuple[int, ...]
    links: tuple[int, ...]


@dataclass(slots=True)
class Delta:
    """Nodes, links and groups beyond the arrays, with the next numbers, and the removed entries of the arrays.

    A list in one of the dicts is never changed, but replaced by a longer one, so that copies are fast.
    """

    ids: list[int] = field(default_factory=list)
    classes: list[int] = field(default_factory=list)
    node_of: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    recoded: dict[int, int] = field(default_factory=dict)
    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    type: list[int] = field(default_factory=list)
    flags: dict[int, int] = field(default_factory=dict)
    """The effect of new links, and of links in the arrays whose effect has changed."""
    named: dict[int, Hashable] = field(default_factory=dict)
    """New link → the stored group that it names."""
    cut: set[int] = field(default_factory=set)
    """Links that are no more."""
    touching: dict[int, list[int]] = field(default_factory=dict)
    """Node with changed links → its new links."""
    groups: list[ExplicitGroup] = field(default_factory=list)
    over: set[int] = field(default_factory=set)
    """Groups of either kind that are no more."""
    owned: dict[int, list[int]] = field(default_factory=dict)
    """Node with changed own groups → its new groups; ``of`` has the same for groups of which it is a member."""
    of: dict[int, list[int]] = field(default_factory=dict)
    number: dict[Hashable, int] = field(default_factory=dict)
    """Stored group → its new number, -1 where it is no more."""
    joined: dict[tuple[int, int], int] = field(default_factory=dict)
    """Single link and side → the number of the group that a standby made of it."""
    errors: dict[Hashable, tuple[DataError, ...]] = field(default_factory=dict)
    """Stored group → its current error."""

    def copy(self) -> Delta:
        """A copy that can be changed independently."""
        return Delta(**{one.name: getattr(self, one.name).copy() for one in fields(self)})

    def __len__(self) -> int:
        """The number of entries."""
        return len(self.ids) + len(self.source) + len(self.groups) + len(self.cut) + len(self.over) + len(self.gone)


def continued(base: NDArray[Kind], more: Sequence[int], at: Numbers) -> NDArray[Kind]:
    """The values at the positions ``at`` of an array that is continued by ``more``."""
    if not more:
        return base[at]
    rest = np.array(more, dtype=base.dtype)
    if not len(base):
        return rest[at]
    beyond = at >= len(base)
    return np.where(beyond, rest[np.where(beyond, at - len(base), 0)], base[np.where(beyond, 0, at)])
