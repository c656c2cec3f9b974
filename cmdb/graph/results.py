"""The results of the graph's questions: types only, without NumPy, so that pages can show them without it.

CIs are their integer ids.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from cmdb.model.messages import Message

State = Literal["failed", "down", "exhausted", "degraded", "at_risk", "up"]

#: Worst first.
STATES: tuple[State, ...] = ("failed", "down", "exhausted", "degraded", "at_risk", "up")
STATE_WORDS: dict[State, Message] = {
    "failed": Message("failed"),
    "down": Message("down"),
    "exhausted": Message("exhausted"),
    "degraded": Message("degraded"),
    "at_risk": Message("at risk"),
    "up": Message("up"),
}

#: The links that a neighbourhood follows: to dependents, to providers, to both but without changing direction (a cone),
#: or every link in all directions.
Follow = Literal["dependents", "providers", "cone", "all"]

#: A place in a picture: x to the right, y downwards.
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DependencyGroup:
    """A dependency group. Each member is in it once; ``key`` is None for a single link."""

    number: int
    owner: int
    label: str
    needs: int
    hard: bool
    members: tuple[int, ...]
    type: str
    key: Hashable | None


@dataclass(frozen=True, slots=True)
class DataError:
    """A group that contradicts itself: it needs more than it has, or its needs or links cannot be read."""

    owner: int
    label: str
    text: Message
    key: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A group that lost members, the earliest loss first.

    For a CI that is down, only the members that were lost before it; ``up`` counts the others.
    """

    group: DependencyGroup
    lost: tuple[int, ...]

    @property
    def up(self) -> int:
        """The number of members that are up."""
        return len(self.group.members) - len(self.lost)


@dataclass(frozen=True, slots=True)
class CutSets:
    """The minimal cut sets of a CI, smallest first. ``complete``: no other one with at most ``order`` CIs exists."""

    ci: int
    order: int
    sets: tuple[tuple[int, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class NextLoss:
    """A CI whose loss, after a first failure, takes down CIs that neither failure alone would."""

    ci: int
    takes_down: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """Several single links of one CI that may be redundant: "1 of 2 uplinks?"."""

    owner: int
    type: str
    members: tuple[int, ...]
    needs: int
    text: Message


@dataclass(frozen=True, slots=True)
class PathStep:
    """One link walked from ``source`` to ``target``. ``inverse``: the relationship is stored the other way."""

    source: int
    target: int
    type: str
    label: str
    inverse: bool


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A link to draw: subject, object, type, the number of its dependency group or -1, and the dependency.

    ``dependent`` is the end that the other end's failure affects, or None if the link carries no impact.
    """

    source: int
    target: int
    type: str
    group: int
    dependent: int | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The drawn CIs: CI → distance, in the order found; CI → the CI before it; CI → number of neighbours that are not
    drawn.
    """

    distance: dict[int, int]
    parent: dict[int, int]
    edges: tuple[DrawnEdge, ...]
    more: dict[int, int]


@dataclass(frozen=True, slots=True)
class Spacing:
    """The space of one node in a picture, gaps included, in pixels."""

    width: float = 176.0
    height: float = 104.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres by node, and for edges that pass layers the points between their ends, first end to second."""

    positions: dict[int, Point]
    routes: dict[tuple[int, int], tuple[Point, ...]] = field(default_factory=dict)
