"""The box of one CI: its icon and name; at a larger scale its details as well."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from cmdb.graph.diagram import BOX, NodeView
from cmdb.model.characters import marked
from cmdb.model.formats import number
from cmdb.model.messages import trn
from ui.graph.state_styles import LOOKS
from ui.plain_texts import plain_tip
from ui.theme import Theme

WIDTH, HEIGHT = BOX
#: Below these scales a box is only its icon, only its name, or icon and name; from the last on it also shows details.
FAR, PLAIN, MIDDLE, NEAR = 0.27, 0.5, 0.82, 1.45
#: Words on the screen are never smaller than this (pixels), however small the drawing is.
SMALLEST = 9.0
#: Below this scale not even the icon can be recognised.
TINY = 0.16
_SIZES = (8, 10, 12, 14, 18, 24, 36, 54, 96)
RADIUS = 8.0
HANDLE = 6.0
_BODY = QRectF(-WIDTH / 2, -HEIGHT / 2, WIDTH, HEIGHT)


class NodeItem(QGraphicsItem):
    """Draws one node. The view handles clicks, drags and keys; the item tells which of its parts is at a point."""

    def __init__(self, theme: Theme, node: NodeView) -> None:
        super().__init__()
        self._theme = theme
        self.node = node
        self.current = False
        self.hovered = False
        self.faded = False
        self.setZValue(2)
        self.setToolTip(plain_tip(self._tip()))

    def show_node(self, node: NodeView) -> None:
        """Shows another state of the same CI."""
        if node != self.node:
            self.prepareGeometryChange()
            self.node = node
            self.setToolTip(plain_tip(self._tip()))
            self.update()

    def mark(self, *, current: bool | None = None, hovered: bool | None = None, faded: bool | None = None) -> None:
        """Sets its marks: selected, under the pointer, not on the highlighted path."""
        state = (self.current, self.hovered, self.faded)
        self.current = self.current if current is None else current
        self.hovered = self.hovered if hovered is None else hovered
        self.faded = self.faded if faded is None else faded
        if state != (self.current, self.hovered, self.faded):
            self.setZValue(3 if self.current or self.hovered else 2)
            self.update()

    def _tip(self) -> str:
        lines = [f"{self.node.name} · {self.node.cls}", self.node.text]
        if self.node.more:
            lines.append(trn("{count} more not drawn", "{count} more not drawn", self.node.more))
        return "\n".join(lines)

    # -- geometry ---------------------------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        """The box, its outline, the labels below it, and the handle."""
        return _BODY.adjusted(-5, -5, 5 + HANDLE * 2, 24)

    def shape(self) -> QPainterPath:
        """The box, the handle and the number of neighbours that are not drawn."""
        path = QPainterPath()
        path.addRoundedRect(_BODY, RADIUS, RADIUS)
        path.addRect(self.handle_rect())
        if self.node.more:
            path.addRect(self.more_rect())
        return path

    def handle_rect(self) -> QRectF:
        """The handle from which a new link is drawn."""
        return QRectF(WIDTH / 2 - HANDLE, -HANDLE, HANDLE * 2, HANDLE * 2)

    def more_rect(self) -> QRectF:
        """The place of the number of neighbours that are not drawn."""
        width = 18.0 + 7.0 * len(number(self.node.more))
        return QRectF(WIDTH / 2 - width, HEIGHT / 2 + 3, width, 16)

    # -- painting ---------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Box, icon, words; as much as is readable at this scale."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setOpacity(0.45 if self.faded else 1.0)
        self._paint_box(painter, scale)
        if scale < FAR:
            if scale > TINY:
                self._paint_icon(painter, QRectF(-15, -15, 30, 30), scale)
            return
        if scale >= PLAIN:
            self._paint_icon(painter, QRectF(-WIDTH / 2 + 11, -9, 18, 18), scale)
        if scale < MIDDLE:
            self._paint_name(painter, scale)
            if self.node.more and scale >= PLAIN:
                self._paint_more(painter, scale)
            return
        self._paint_words(painter, near=scale >= NEAR)
        self._paint_badge(painter)
        if self.node.label:
            self._paint_label(painter)
        if self.node.more:
            self._paint_more(painter, scale)
        if self.hovered:
            self._paint_handle(painter)

    def _paint_box(self, painter: QPainter, scale: float) -> None:
        look, theme = LOOKS[self.node.state], self._theme
        if self.current:
            painter.setPen(QPen(theme.color("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(_BODY.adjusted(-3.5, -3.5, 3.5, 3.5), RADIUS + 3, RADIUS + 3)
        pen = QPen(theme.color(look.border), look.width, look.pen)
        if self.node.state == "up":  # a hairline in the colour of lines would be lost
            pen = QPen(theme.color("faint", 0.55), max(1.2, 1.0 / scale))
        if look.pen is Qt.PenStyle.DashLine:
            pen.setDashPattern([4.5, 2.5])
        elif look.pen is Qt.PenStyle.DotLine:
            pen.setDashPattern([1.2, 2.0])
        if self.node.start and self.node.state == "up":
            pen = QPen(theme.color("accent"), 1.6)
        painter.setPen(pen)
        painter.setBrush(theme.color(look.ground))
        painter.drawRoundedRect(_BODY, RADIUS, RADIUS)

    def _paint_icon(self, painter: QPainter, where: QRectF, scale: float) -> None:
        """The icon drawn for the pixels it will take, in steps, so that it stays sharp and few are kept."""
        pixels = where.width() * scale * painter.device().devicePixelRatioF()
        size = next((step for step in _SIZES if pixels <= step), _SIZES[-1])
        pixmap = self._theme.pixmap(self.node.icon, LOOKS[self.node.state].quiet, size, 1.0)
        painter.drawPixmap(where, pixmap, QRectF(pixmap.rect()))

    def _paint_name(self, painter: QPainter, scale: float) -> None:
        """The name alone: as large as the box allows, but never too small to be read on the screen."""
        left = -WIDTH / 2 + (36 if scale >= PLAIN else 6)
        room = QRectF(left, -HEIGHT / 2, WIDTH / 2 - left - 5, HEIGHT)
        least = SMALLEST / scale
        font = self._theme.font(19, QFont.Weight.DemiBold)
        for size in (max(19.0, least), max(15.0, least)):
            font.setPixelSize(math.ceil(size))
            if QFontMetricsF(font).horizontalAdvance(self.node.name) <= room.width():
                break
        painter.setFont(font)
        painter.setPen(self._theme.color(LOOKS[self.node.state].ink))
        # What tells alike names apart is mostly at their ends.
        shown = QFontMetricsF(font).elidedText(marked(self.node.name), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_words(self, painter: QPainter, near: bool) -> None:
        look, theme = LOOKS[self.node.state], self._theme
        left, width, badge = -WIDTH / 2 + 38, WIDTH - 46, 16 if look.badge else 0
        name, text = theme.drawing_font(13, QFont.Weight.DemiBold), theme.drawing_font(11)
        lines = [(name, look.ink, self.node.name, -19.0, 20.0), (text, look.quiet, self.node.text, 1.0, 16.0)]
        if near:
            small = theme.drawing_font(8)
            name.setPixelSize(12)
            text.setPixelSize(10)
            lines = [
                (name, look.ink, self.node.name, -20.0, 17.0),
                (text, look.quiet, self.node.text, -4.0, 13.0),
                (small, look.quiet, self._detail(), 9.0, 11.0),
            ]
        for font, ink, words, top, height in lines:
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            room = width - (badge if top < -10 else 0)
            shown = QFontMetricsF(font).elidedText(marked(words), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, top, room, height), Qt.AlignmentFlag.AlignVCenter, shown)

    def _detail(self) -> str:
        """The details without the class where the line above says it already."""
        cls = self.node.cls
        return self.node.detail.removeprefix(cls).lstrip(" ·") if self.node.text.startswith(cls) else self.node.detail

    def _paint_badge(self, painter: QPainter) -> None:
        look = LOOKS[self.node.state]
        if look.badge:
            token = "surface" if self.node.state == "failed" else look.tone
            pixmap = self._theme.pixmap(look.badge, token, 14, 2.0)
            painter.drawPixmap(QRectF(WIDTH / 2 - 20, -16, 13, 13), pixmap, QRectF(pixmap.rect()))

    def _paint_label(self, painter: QPainter) -> None:
        """The groups, with a background, where the lines leave the box."""
        theme, font = self._theme, self._theme.drawing_font(10)
        room = WIDTH + 8 - (self.more_rect().width() + 10 if self.node.more else 0)
        shown = QFontMetricsF(font).elidedText(marked(self.node.label), Qt.TextElideMode.ElideRight, room - 10)
        width = QFontMetricsF(font).horizontalAdvance(shown) + 10
        left = -width / 2 if not self.node.more else max(-width / 2, -WIDTH / 2)
        if self.node.more:
            left = min(left, self.more_rect().left() - width - 4)
        where = QRectF(left, HEIGHT / 2 + 4, width, 15)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(where, 4, 4)
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_more(self, painter: QPainter, scale: float) -> None:
        where, theme = self.more_rect(), self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_ground"))
        painter.drawRoundedRect(where, 8, 8)
        painter.setFont(theme.drawing_font(11, QFont.Weight.DemiBold))
        painter.setPen(theme.color("accent"))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, f"+{number(self.node.more)}")

    def _paint_handle(self, painter: QPainter) -> None:
        where = self.handle_rect().center()
        painter.setPen(QPen(self._theme.color("surface"), 1.5))
        painter.setBrush(self._theme.color("accent"))
        painter.drawEllipse(where, HANDLE - 0.5, HANDLE - 0.5)
        painter.setPen(QPen(self._theme.color("accent_text"), 1.4))
        painter.drawLine(where - QPointF(2.6, 0), where + QPointF(2.6, 0))
        painter.drawLine(where - QPointF(0, 2.6), where + QPointF(0, 2.6))
