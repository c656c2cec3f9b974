"""The view that shows a graph, controlled by mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QEnterEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsPathItem, QGraphicsScene, QGraphicsView, QToolTip

from cmdb.graph.diagram import Diagram
from cmdb.graph.results import Point
from cmdb.model.messages import tr
from cmdb.model.schema import fold
from ui.accessible import HasRole
from ui.graph.arrow_navigation import walk
from ui.graph.edges import EdgesItem, Lines
from ui.graph.nodes import NodeItem
from ui.plain_texts import plain_tip
from ui.theme import Theme

LEAST, MOST = 0.03, 3.0
#: Below this scale names do not fit their boxes: a drawing that does not fit so is shown in part, from its focus.
LEGIBLE = 0.44
MARGIN = 36.0
_ARROWS: dict[int, Point] = {
    int(Qt.Key.Key_Up): (0.0, -1.0),
    int(Qt.Key.Key_Down): (0.0, 1.0),
    int(Qt.Key.Key_Left): (-1.0, 0.0),
    int(Qt.Key.Key_Right): (1.0, 0.0),
}


class GraphView(HasRole, QGraphicsView):
    """Shows a picture. Signals name nodes by id.

    ``picked``: selected by click or key. ``opened``: Enter or a double click. ``expanded``: its count was clicked.
    ``asked``: the context menu, with its place on the screen; id -1 for the background. ``connected``: a line was drawn
    from one node to another, with the place on the screen. ``cleared``: the selection was cleared.
    ``moved``: a node was dragged, with the place where it was before.
    """

    accessible_role = QAccessible.Role.Canvas

    picked = Signal(int)
    opened = Signal(int)
    expanded = Signal(int)
    asked = Signal(int, QPoint)
    connected = Signal(int, int, QPoint)
    cleared = Signal()
    moved = Signal(int, object)
    zoomed = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QGraphicsView { background: transparent; }")
        self.setAccessibleName(tr("Map"))
        self.setAccessibleDescription(tr("The outline beside it says the same in words."))
        self.editable = True
        self.picture = Diagram()
        self.current: int | None = None
        self._edges = EdgesItem(theme)
        self._scene.addItem(self._edges)
        self._items: dict[int, NodeItem] = {}
        self._positions: dict[int, Point] = {}
        self._trail: tuple[int, ...] = ()
        self._hovered: NodeItem | None = None
        self._drag: tuple[str, int, QPointF] | None = None
        self._new_line: QGraphicsPathItem | None = None
        self._moved_from: Point | None = None
        self._fitted = True
        theme.changed.connect(self._scene.update)

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_picture(self, picture: Diagram, *, stay: bool = False) -> None:
        """Draws a picture; ``stay`` keeps the view where it is, else it fits the whole."""
        if stay:
            picture = replace(picture, routes={**self._standing_routes(picture), **picture.routes})
        self.picture = picture
        self._positions = dict(picture.positions)
        for gone in self._items.keys() - picture.nodes.keys():
            self._scene.removeItem(self._items.pop(gone))
        self._hovered = self._hovered if self._hovered in self._items.values() else None
        for number, node in picture.nodes.items():
            item = self._items.get(number)
            if item is None:
                item = self._items[number] = NodeItem(self._theme, node)
                self._scene.addItem(item)
            item.show_node(node)
            item.setPos(*self._positions[number])
        self._edges.show_edges(picture, self._positions)
        self._room()
        if self.current not in self._items:
            self.current = None
        self.light(())
        if not stay:
            self.fit()

    def _standing_routes(self, picture: Diagram) -> dict[tuple[int, int], tuple[Point, ...]]:
        """The bends of lines between boxes that stay where they are."""
        there = {node for node, place in picture.positions.items() if self.picture.positions.get(node) == place}
        return {pair: bends for pair, bends in self.picture.routes.items() if there.issuperset(pair)}

    @property
    def positions(self) -> dict[int, Point]:
        """The places of the nodes, as the person may have moved them."""
        return dict(self._positions)

    @property
    def trail(self) -> tuple[int, ...]:
        """The highlighted path."""
        return self._trail

    @property
    def lines(self) -> Lines:
        """The lines as they stand, without highlights."""
        return self._edges.lines()

    def item(self, node: int) -> NodeItem | None:
        """The item of a node that is drawn."""
        return self._items.get(node)

    def select(self, node: int | None, *, reveal: bool = False) -> None:
        """Marks a node as the current one; ``reveal`` scrolls to it. Fires nothing."""
        if self.current is not None and self.current in self._items:
            self._items[self.current].mark(current=False)
        self.current = node if node in self._items else None
        if self.current is not None:
            item = self._items[self.current]
            item.mark(current=True)
            if reveal:
                self.ensureVisible(item.sceneBoundingRect(), 60, 60)

    def light(self, trail: Sequence[int]) -> None:
        """Highlights a path of nodes, from the failure outwards, and fades the others; () ends that."""
        self._trail = tuple(trail)
        for number, item in self._items.items():
            item.mark(faded=bool(trail) and number not in trail)
        self._edges.light(trail)

    # -- moving about -----------------------------------------------------------------------------------------------

    @property
    def scale_factor(self) -> float:
        """The scale of the drawing."""
        return self.transform().m11()

    def fit(self, *, whole: bool = False) -> None:
        """Shows everything, nothing larger than it is; or what can be read, about the focus, unless ``whole``."""
        bounds = self.content()
        self._fitted = True
        if bounds.isEmpty():
            return
        view = self.viewport().rect()
        room = (max(view.width() - 2 * MARGIN, 10), max(view.height() - 2 * MARGIN, 10))
        scale = min(room[0] / bounds.width(), room[1] / bounds.height(), 1.0)
        least = LEAST if whole else LEGIBLE
        shown = max(scale, least)
        self.resetTransform()
        self.scale(shown, shown)
        self.centerOn(bounds.center() if shown <= scale else self._about_focus(bounds, shown))
        self.zoomed.emit(self.scale_factor)

    def _about_focus(self, bounds: QRectF, scale: float) -> QPointF:
        """The middle of a view that shows the focus, and nothing beyond the drawing."""
        focus = next((n.id for n in self.picture.nodes.values() if n.state == "failed"), None)
        starts = [node.id for node in self.picture.nodes.values() if node.start]
        focus = self.current if self.current is not None else starts[0] if focus is None and starts else focus
        at = QPointF(*self._positions[focus]) if focus in self._positions else bounds.center()
        half = QPointF(self.viewport().width() / scale / 2, self.viewport().height() / scale / 2)
        edge = MARGIN / scale
        within = bounds.adjusted(-edge, -edge, edge, edge)
        return QPointF(
            _between(at.x(), within.left() + half.x(), within.right() - half.x(), bounds.center().x()),
            _between(at.y(), within.top() + half.y(), within.bottom() - half.y(), bounds.center().y()),
        )

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms by a factor about a point of the viewport (its middle by default)."""
        scale = min(MOST, max(LEAST, self.scale_factor * factor))
        at = at or QPointF(self.viewport().rect().center())
        before = self.mapToScene(at.toPoint())
        self._fitted = False
        self.resetTransform()
        self.scale(scale, scale)
        shift = self.mapToScene(at.toPoint()) - before
        centre = self.mapToScene(self.viewport().rect().center())
        self.centerOn(centre - shift)
        self.zoomed.emit(self.scale_factor)

    def focus_on(self, node: int) -> None:
        """Centres a node, large enough to be read."""
        item = self._items.get(node)
        if item is not None:
            self._fitted = False
            if not 0.8 <= self.scale_factor <= 1.6:
                self.resetTransform()
            self.centerOn(item.pos())
            self.zoomed.emit(self.scale_factor)

    def content(self) -> QRectF:
        """The part of the scene that the drawing takes: its boxes and its lines."""
        bounds = QRectF(self._edges.boundingRect())
        for item in self._items.values():
            bounds = bounds.united(item.sceneBoundingRect())
        return bounds

    def _room(self) -> None:
        """Makes room to scroll beyond the drawing."""
        wide = 4000.0
        self._scene.setSceneRect(self.content().adjusted(-wide, -wide, wide, wide))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted drawing stays fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms; a touch pad's two fingers move, with Ctrl they zoom."""
        pixels = event.pixelDelta()
        if not pixels.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._pan(QPointF(pixels))
        else:
            self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def _pan(self, by: QPointF) -> None:
        self._fitted = False
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        bars[0].setValue(bars[0].value() - round(by.x()))
        bars[1].setValue(bars[1].value() - round(by.y()))

    # -- the mouse --------------------------------------------------------------------------------------------------

    def _node_at(self, where: QPoint) -> NodeItem | None:
        found = self.itemAt(where)
        return found if isinstance(found, NodeItem) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Starts to drag a node, a new line from its handle, or the background; a click on a count expands."""
        where = event.position()
        item = self._node_at(where.toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            if item is not None and event.button() == Qt.MouseButton.RightButton:
                self._pick(item.node.id)
            return
        if item is None:
            self._drag = ("background", -1, where)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        inside = item.mapFromScene(self.mapToScene(where.toPoint()))
        if item.node.more and item.more_rect().contains(inside):
            self.expanded.emit(item.node.id)
        elif self.editable and item.handle_rect().contains(inside) and inside.x() > item.handle_rect().center().x() - 2:
            self._drag = ("line", item.node.id, where)
        else:
            self._drag = ("node", item.node.id, where)
            self._pick(item.node.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the dragged item; otherwise highlights the item under the pointer."""
        where = event.position()
        if self._drag is None:
            self._hover(self._node_at(where.toPoint()))
            return
        kind, node, last = self._drag
        if kind == "background":
            self._pan(where - last)
            self._drag = ("dragged", -1, where)
        elif kind == "dragged":
            self._pan(where - last)
            self._drag = (kind, node, where)
        elif kind == "line":
            self._draw_new_line(node, where.toPoint())
        elif kind == "moving" or (where - last).manhattanLength() > 6:
            if kind != "moving":
                self._moved_from = self._positions[node]
            self._move(node, self.mapToScene(where.toPoint()) - self.mapToScene(last.toPoint()))
            self._drag = ("moving", node, where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a drag; a line that ends on another node asks to connect the two."""
        drag, self._drag = self._drag, None
        self.viewport().unsetCursor()
        if drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if drag[0] == "line":
            self._remove_new_line()
            item = self._node_at(event.position().toPoint())
            if item is not None and item.node.id != drag[1]:
                self.connected.emit(drag[1], item.node.id, event.globalPosition().toPoint())
        elif drag[0] == "moving":
            self._room()
            if self._moved_from is not None:
                self.moved.emit(drag[1], self._moved_from)
            self._moved_from = None
        elif drag[0] == "background" and self.current is not None:
            self.select(None)
            self.cleared.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens a node."""
        item = self._node_at(event.position().toPoint())
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(item.node.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """With the mouse for the item under it, with the key for the current node."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.current is not None:
            place = self.mapFromScene(self._items[self.current].pos())
            self.asked.emit(self.current, self.viewport().mapToGlobal(place))
        else:
            item = self._node_at(event.pos())
            self.asked.emit(item.node.id if item else -1, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Removes the highlight."""
        self._hover(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the arrow unless something is dragged."""
        self.viewport().unsetCursor()
        super().enterEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Shows what a line means as its tooltip."""
        if isinstance(event, QHelpEvent) and self._node_at(event.pos()) is None:
            edge = self._edges.at(self.mapToScene(event.pos()), 6 / self.scale_factor)
            if edge is not None and edge.text:
                QToolTip.showText(event.globalPos(), plain_tip(edge.text), self)
                return True
        return super().viewportEvent(event)

    def _hover(self, item: NodeItem | None) -> None:
        if item is not self._hovered:
            if self._hovered is not None:
                self._hovered.mark(hovered=False)
            self._hovered = item
            if item is not None and self.editable:
                item.mark(hovered=True)

    def put(self, node: int, place: Point) -> Point | None:
        """Puts a node to a place; returns the one it had, None if it is not drawn."""
        item = self._items.get(node)
        if item is None:
            return None
        before = self._positions[node]
        self._move(node, QPointF(*place) - item.pos())
        self._room()
        return before

    def look_for(self, text: str) -> list[int]:
        """The nodes whose name or class contains a text, from the top to the bottom; the others fade. "" ends that."""
        wanted = fold(text)
        hits = [
            number
            for number, node in self.picture.nodes.items()
            if wanted and (wanted in fold(node.name) or wanted in fold(node.cls))
        ]
        for number, item in self._items.items():
            item.mark(faded=bool(wanted) and number not in hits)
        return sorted(hits, key=lambda number: self._positions[number][::-1])

    def _move(self, node: int, by: QPointF) -> None:
        item = self._items[node]
        item.setPos(item.pos() + by)
        self._positions[node] = (item.pos().x(), item.pos().y())
        self._edges.moved(node, self._positions)

    def _draw_new_line(self, node: int, where: QPoint) -> None:
        """Draws the new line that is dragged from a node."""
        if self._new_line is None:
            self._new_line = QGraphicsPathItem()
            self._new_line.setPen(QPen(self._theme.color("accent"), 2, Qt.PenStyle.DashLine))
            self._new_line.setZValue(4)
            self._scene.addItem(self._new_line)
        item = self._items[node]
        path = QPainterPath(item.mapToScene(item.handle_rect().center()))
        path.lineTo(self.mapToScene(where))
        self._new_line.setPath(path)
        self._hover(self._node_at(where))

    def _remove_new_line(self) -> None:
        if self._new_line is not None:
            self._scene.removeItem(self._new_line)
            self._new_line = None

    # -- the keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk along lines, Enter opens, F focuses, + and - zoom, 0 fits, Esc clears the selection."""
        key = event.key()
        if key in _ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._walk(_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif key == Qt.Key.Key_F and not event.modifiers() and self.current is not None:
            self.focus_on(self.current)
        elif event.text() in ("+", "-"):
            self.zoom(1.25 if event.text() == "+" else 0.8)
        elif event.text() == "0":
            self.fit(whole=True)
        elif key == Qt.Key.Key_Escape and (self.current is not None or self._drag is not None):
            self._drag = None
            self._remove_new_line()
            self.select(None)
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def _walk(self, step: Point) -> None:
        if not self._items:
            return
        if self.current is None:
            starts = [n.id for n in self.picture.nodes.values() if n.start or n.state == "failed"]
            self._pick(starts[0] if starts else next(iter(self._items)), reveal=True)
            return
        following = walk(self.picture, self.current, step, self._positions)
        if following is not None:
            self._pick(following, reveal=True)

    def _pick(self, node: int, *, reveal: bool = False) -> None:
        self.select(node, reveal=reveal)
        self.picked.emit(node)


def _between(value: float, least: float, most: float, otherwise: float) -> float:
    return min(max(value, least), most) if least <= most else otherwise
