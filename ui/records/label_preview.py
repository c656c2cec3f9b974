"""The first page of labels as it will be printed; a click on a label begins with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.printing.label_sheet import LabelSheet, LabelStock
from cmdb.model.messages import tr
from ui.printing.ink import PAPER
from ui.text_size import px
from ui.theme import Theme

_HIGH = 300
_EDGE = 1


class LabelPreview(QWidget):
    """A sheet of paper: white in every theme. ``chosen`` fires with the place of the label that was clicked, from 1;
    arrow keys move it.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stock: LabelStock | None = None
        self._picture = QImage()
        self._start = 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setMinimumHeight(px(120))
        self._say()

    def show_page(self, sheet: LabelSheet, picture: QImage) -> None:
        """Shows the first page of labels."""
        self._stock, self._picture, self._start = sheet.stock, picture, sheet.start
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self._say()
        self.update()

    def pixels(self, stock: LabelStock) -> int:
        """How wide a picture of a page of this stock is wanted."""
        return max(1, round(self._area(stock).width() * self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        """As high as a page is in this width, but not higher than what leaves room for the rest."""
        wide = max(self.width(), px(300))
        if self._stock is None:
            return QSize(wide, px(120))
        across, down = self._stock.page_size
        return QSize(wide, min(px(_HIGH), round(wide * down / across)) + 2 * _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, the edges of its labels, and the one to begin with."""
        if self._stock is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = self._area(self._stock)
        painter.fillRect(area, PAPER)
        painter.drawImage(area, self._picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawRect(area)
        for place in range(self._stock.per_page):
            painter.setPen(QPen(self._theme.color("accent" if place == self._start - 1 else "neutral", 0.35), 1))
            if place == self._start - 1:
                painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(self._label(place), 2, 2)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins with the label that is clicked."""
        place = self._place_at(event.position())
        if place:
            self.chosen.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        several = self._stock is not None and self._stock.per_page > 1
        hand = several and self._place_at(event.position()) > 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the label to begin with."""
        if self._stock is None:
            return
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._stock.grid[0],
            Qt.Key.Key_Down: self._stock.grid[0],
        }
        place = self._start + steps.get(Qt.Key(event.key()), 0)
        if place != self._start and 1 <= place <= self._stock.per_page:
            self.chosen.emit(place)
        elif place == self._start:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Paints its focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def _say(self) -> None:
        count = self._stock.per_page if self._stock is not None else 1
        self.setAccessibleName(tr("First page: begins with label {place} of {count}", place=self._start, count=count))

    def _area(self, stock: LabelStock) -> QRectF:
        across, down = stock.page_size
        room = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        scale = min(room.width() / across, min(room.height(), px(_HIGH)) / down)
        wide, high = across * scale, down * scale
        return QRectF((self.width() - wide) / 2, room.top(), wide, high)

    def _label(self, place: int) -> QRectF:
        assert self._stock is not None
        area, (left, top) = self._area(self._stock), self._stock.corner(place)
        scale = area.width() / self._stock.page_size[0]
        wide, high = self._stock.size
        return QRectF(area.x() + left * scale, area.y() + top * scale, wide * scale, high * scale)

    def _place_at(self, point: QPointF) -> int:
        """The label under a point, from 1; 0 for none."""
        if self._stock is None:
            return 0
        found = (place + 1 for place in range(self._stock.per_page) if self._label(place).contains(point))
        return next(found, 0)
