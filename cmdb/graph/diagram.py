"""The parts of a drawn graph, as plain values without Qt or the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cmdb.graph.results import Point, Spacing, State

#: The size of a node's box in scene pixels, and the room it takes in a layout.
BOX = (152.0, 44.0)
CELL = Spacing(176.0, 94.0)

Line = Literal["hard", "soft", "note"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """One drawn CI. ``more`` counts its neighbours that are not drawn; ``label`` names its groups."""

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

    ``lost``: the provider is lost and this affects the dependent. ``text`` describes the relationship.
    """

    upper: int
    lower: int
    line: Line
    lost: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagram:
    """A whole drawing: nodes by id, lines, the positions of the nodes, and the bends of lines that pass layers."""

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
