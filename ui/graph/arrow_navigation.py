"""Navigation in a drawing by arrow keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmdb.graph.diagram import BOX, CELL, Diagram
from cmdb.graph.results import Point


def walk(picture: Diagram, at: int, step: Point, positions: Mapping[int, Point]) -> int | None:
    """The node for an arrow key at node ``at``: along the line that is closest to the direction ``step`` (a unit
    vector).

    Without such a line, sideways steps go to the nearest node in the same row.
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
