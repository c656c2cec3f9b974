"""All lines of a drawing in one graphics item: thousands of separate items would be slow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cmdb.graph.diagram import BOX, Diagram, EdgeView, Line
from cmdb.graph.results import Point
from ui.graph.state_styles import LINES
from ui.theme import Theme

Pair = tuple[int, int]
#: More lines than this are drawn fainter.
MANY = 400
_GROUPS: tuple[tuple[Line, bool], ...] = (
    ("note", False), ("soft", False), ("hard", False), ("note", True), ("soft", True), ("hard", True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with their paths, to be drawn in an order by kind."""

    theme: Theme
    edges: Sequence[EdgeView]
    paths: Sequence[QPainterPath]
    order: Sequence[int]

    def strokes(self, painter: QPainter, dim: float = 1.0, seen: QRectF | None = None) -> Iterator[None]:
        """Draws them one by one: a single path of all lines takes minutes in a large picture. ``seen``: only there."""
        scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        dim *= 0.6 if len(self.edges) > MANY else 1.0
        pens = {key: self._pen(*key, scale, dim) for key in _GROUPS}
        for at in self.order:
            path = self.paths[at]
            if seen is None or path.controlPointRect().adjusted(-2, -2, 2, 2).intersects(seen):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(pens[self.edges[at].line, self.edges[at].lost])
                painter.drawPath(path)
                yield

    def _pen(self, line: Line, lost: bool, scale: float, dim: float) -> QPen:
        width = (1.8 if lost else 1.0) * (1.0 if scale > 0.3 else 0.3 / scale)
        share = max(dim, 0.6) if lost else dim * (0.7 if line == "note" else 1.0)
        pen = QPen(self.theme.color("bad" if lost else "faint", share), width)
        if scale > 0.3:
            pen.setStyle(LINES[line].pen)
        return pen


class EdgesItem(QGraphicsItem):
    """Draws every line of a picture; the lines of the highlighted path are on top."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._edges: tuple[EdgeView, ...] = ()
        self._paths: list[QPainterPath] = []
        self._of: dict[int, list[int]] = {}
        self._order: list[int] = []
        self._routes: Mapping[Pair, Sequence[Point]] = {}
        self._upright = True
        self._bounds = QRectF()
        self._lit: list[int] = []
        self.setZValue(1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_edges(self, picture: Diagram, positions: Mapping[int, Point]) -> None:
        """The lines of a picture whose nodes are at ``positions``."""
        self._edges, self._routes, self._upright = picture.edges, dict(picture.routes), picture.upright
        self._of = {}
        for at, edge in enumerate(self._edges):
            self._of.setdefault(edge.upper, []).append(at)
            self._of.setdefault(edge.lower, []).append(at)
        self._paths = [self._path(edge, positions) for edge in self._edges]
        kinds = [_GROUPS.index((edge.line, edge.lost)) for edge in self._edges]
        self._order = sorted(range(len(kinds)), key=kinds.__getitem__)
        self._lit = []
        self._changed()

    def moved(self, node: int, positions: Mapping[int, Point]) -> None:
        """A node was moved: its lines follow, without the bends of their old routes."""
        for at in self._of.get(node, ()):
            edge = self._edges[at]
            self._routes = {pair: bends for pair, bends in self._routes.items() if pair != (edge.upper, edge.lower)}
            self._paths[at] = self._path(edge, positions)
        self._changed()

    def light(self, trail: Sequence[int]) -> None:
        """Highlights the lines along ``trail``, from each provider to its dependent."""
        steps = {(b, a) for a, b in pairwise(trail)}
        self._lit = [at for at, edge in enumerate(self._edges) if (edge.upper, edge.lower) in steps]
        self.update()

    def at(self, point: QPointF, reach: float = 5.0) -> EdgeView | None:
        """The line nearest to a point within ``reach``."""
        spot = QRectF(point.x() - reach, point.y() - reach, reach * 2, reach * 2)
        for edge, path in zip(self._edges, self._paths, strict=True):
            if path.controlPointRect().intersects(spot) and path.intersects(spot) and _near(path, point, reach):
                return edge
        return None

    def boundingRect(self) -> QRectF:
        """All lines."""
        return self._bounds

    def lines(self) -> Lines:
        """The lines as they stand, without highlights."""
        return Lines(self._theme, self._edges, tuple(self._paths), tuple(self._order))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the visible lines."""
        for _ in self.lines().strokes(painter, 0.4 if self._lit else 1.0, option.exposedRect):
            pass
        if self._lit:
            painter.setPen(QPen(self._theme.color("accent"), 2.6, c=Qt.PenCapStyle.RoundCap))
            for at in self._lit:
                painter.drawPath(self._paths[at])

    def _changed(self) -> None:
        self.prepareGeometryChange()
        bounds = QRectF()
        for path in self._paths:
            bounds = bounds.united(path.controlPointRect())
        self._bounds = bounds.adjusted(-4, -4, 4, 4)
        self.update()

    def _path(self, edge: EdgeView, positions: Mapping[int, Point]) -> QPainterPath:
        bends = self._routes.get((edge.upper, edge.lower), ())
        return curve(positions[edge.upper], positions[edge.lower], bends, self._upright)


def curve(start: Point, end: Point, bends: Sequence[Point] = (), upright: bool = True) -> QPainterPath:
    """A smooth line between two boxes: up and down between layers, else straight from border to border."""
    (x0, y0), (x1, y1) = start, end
    half = BOX[1] / 2
    if not upright or abs(y1 - y0) < BOX[1] * 1.2:
        path = QPainterPath(QPointF(x0, y0))
        path.lineTo(x1, y1)
        return path
    sign = 1 if y1 > y0 else -1
    points = [(x0, y0 + sign * half), *bends, (x1, y1 - sign * half)]
    path = QPainterPath(QPointF(*points[0]))
    for (ax, ay), (bx, by) in pairwise(points):
        bow = (by - ay) * 0.5
        path.cubicTo(QPointF(ax, ay + bow), QPointF(bx, by - bow), QPointF(bx, by))
    return path


def _near(path: QPainterPath, point: QPointF, reach: float) -> bool:
    """Whether the line itself (not the area it encloses) passes close to a point."""
    steps = max(8, int(path.length() / reach))
    for step in range(steps + 1):
        on = path.pointAtPercent(step / steps)
        if (on - point).manhattanLength() <= reach * 1.6:
            return True
    return False
