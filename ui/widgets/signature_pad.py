"""A field to sign in with the mouse, a pen or a finger."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdb.model.messages import tr
from ui.accessible import HasRole
from ui.printing.ink import INK, PAPER
from ui.text_size import px, set_sizes
from ui.theme import Theme

_HEIGHT, _LINE_ABOVE, _BESIDE = 130, 28, 16
"""Pixels: its height, and where its line stands: above the lower edge, and beside the others."""
_WIDE, _EDGE = 1200, 24
"""The width of the picture in points, and what it keeps free around the signature."""
_PEN = 2.2


class SignaturePad(HasRole, QWidget):
    """Keeps the strokes that a person draws, and makes a picture of them."""

    drawn = Signal()
    """A stroke was drawn, or all were cleared."""
    accessible_role = QAccessible.Role.Graphic

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._strokes: list[list[QPointF]] = []
        self.setAccessibleName(tr("Signature"))
        self.setAccessibleDescription(tr("It is drawn with a pointer; without one, the name is typed instead."))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_sizes(self, height=_HEIGHT)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self._strokes

    def clear(self) -> None:
        """Takes all strokes away."""
        self._strokes.clear()
        self.update()
        self.drawn.emit()

    def picture(self) -> bytes:
        """The strokes as a PNG, black on white, cut to them; b"" where nothing is drawn."""
        if self.is_empty:
            return b""
        path = self._path()
        within = path.boundingRect()
        scale = (_WIDE - 2 * _EDGE) / max(within.width(), 4 * within.height(), 1)
        image = QImage(
            QSize(round(within.width() * scale) + 2 * _EDGE, round(within.height() * scale) + 2 * _EDGE),
            QImage.Format.Format_Grayscale8,
        )
        image.fill(PAPER)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_EDGE, _EDGE)
        painter.scale(scale, scale)
        painter.translate(-within.topLeft())
        painter.strokePath(path, _pen(QColor(INK)))
        painter.end()
        held = QBuffer()
        held.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(held, "PNG")  # type: ignore[call-overload]
        return bytes(held.data().data())

    def sizeHint(self) -> QSize:
        """As wide as there is room, and as high as a line of handwriting needs."""
        return QSize(px(280), px(_HEIGHT))

    # -- drawing ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins a stroke."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on with it."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends it."""
        if event.button() is Qt.MouseButton.LeftButton and self._strokes:
            self.drawn.emit()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws as the mouse does, and more finely."""
        match event.type():
            case QTabletEvent.Type.TabletPress:
                self._begin(event.position())
            case QTabletEvent.Type.TabletMove if event.buttons() & Qt.MouseButton.LeftButton:
                self._go_on(event.position())
            case QTabletEvent.Type.TabletRelease if self._strokes:
                self.drawn.emit()
        event.accept()

    def _begin(self, at: QPointF) -> None:
        self._strokes.append([self._inside(at)])
        self.update()

    def _go_on(self, at: QPointF) -> None:
        if self._strokes:
            self._strokes[-1].append(self._inside(at))
            self.update()

    def _inside(self, at: QPointF) -> QPointF:
        return QPointF(min(max(at.x(), 0.0), self.width()), min(max(at.y(), 0.0), self.height()))

    def _path(self) -> QPainterPath:
        path = QPainterPath()
        for stroke in self._strokes:
            path.moveTo(stroke[0])
            for point in stroke[1:] or [stroke[0] + QPointF(0.5, 0.5)]:  # a dot is a short line
                path.lineTo(point)
        return path

    def paintEvent(self, _: QPaintEvent) -> None:
        """The field with its line, and the strokes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setPen(QPen(QColor(tokens.line)))
        painter.setBrush(QColor(tokens.ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        below = self.height() - px(_LINE_ABOVE)
        painter.setPen(QPen(QColor(tokens.faint)))
        painter.drawLine(px(_BESIDE), below, self.width() - px(_BESIDE), below)
        if self.is_empty:
            painter.setPen(QColor(tokens.muted))
            room = self.rect().adjusted(px(_BESIDE), 0, -px(_BESIDE), -px(_LINE_ABOVE))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, tr("Sign here"))
        painter.strokePath(self._path(), _pen(QColor(tokens.text)))


def _pen(colour: QColor) -> QPen:
    return QPen(colour, _PEN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
