"""What a drawn graph is made of: plain values. Nothing here knows Qt or the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cmdb.graph.results import Point, Spacing, State

#: The size of a node's box in scene pixels, and the room it takes in a layout.
BOX = (152.0, 44.0)
CELL = Spacing(176.0, 108.0)

Line = Literal["hard", "soft", "note"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """One CI as it is drawn. ``more`` counts its neighbours that are not drawn; ``label`` names its groups."""

    id: int
    name: str
    cls: str
    icon: str
    state: State
    text: str
    detail: str = ""
    label: str = ""
    more: int = 0
    start: bool = False


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A line from the dependent ``upper`` to its provider ``lower``; lines that carry no impact are notes.

    ``lost``: the provider is lost and the dependent suffers for it. ``text`` says what relates the two.
    """

    upper: int
    lower: int
    line: Line
    lost: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole drawing: nodes by id, lines, where the nodes stand, and the bends of lines that pass layers."""

    nodes: Mapping[int, NodeView] = field(default_factory=dict)
    edges: tuple[EdgeView, ...] = ()
    positions: Mapping[int, Point] = field(default_factory=dict)
    routes: Mapping[tuple[int, int], tuple[Point, ...]] = field(default_factory=dict)
    upright: bool = True
    """Lines leave below and arrive above (layers); otherwise they go straight from middle to middle."""

    def neighbours(self, node: int) -> list[int]:
        """The nodes that lines join to ``node``."""
        found = [e.lower if e.upper == node else e.upper for e in self.edges if node in (e.upper, e.lower)]
        return list(dict.fromkeys(found))


def walk(picture: Picture, at: int, step: Point, positions: Mapping[int, Point]) -> int | None:
    """Where an arrow key leads from node ``at``: along the line that points most in direction ``step`` (a unit vector).

    Where no line leads that way, sideways steps go to the nearest node of the same row.
    """
    best = _towards(at, step, picture.neighbours(at), positions, least=0.35 if step[0] == 0 else 0.75)
    if best is None and step[1] == 0:
        row = [node for node, point in positions.items() if abs(point[1] - positions[at][1]) < BOX[1]]
        best = _towards(at, step, row, positions, least=0.7)
    return best


def _towards(
    at: int, step: Point, candidates: Iterable[int], positions: Mapping[int, Point], least: float
) -> int | None:
    x, y = positions[at]
    found: list[tuple[float, int]] = []
    for node in candidates:
        if node == at or node not in positions:
            continue
        dx, dy = (positions[node][0] - x) / CELL.width, (positions[node][1] - y) / CELL.height
        length = (dx * dx + dy * dy) ** 0.5
        straight = (dx * step[0] + dy * step[1]) / length if length else 0.0
        if straight >= least:
            found.append((length / straight, node))
    return min(found)[1] if found else None
