"""Charts painted from tokens: they carry their numbers and answer a hover, a click and the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cmdb.model.characters import marked
from cmdb.model.formats import number
from cmdb.model.messages import tr
from ui.accessible import HasRole
from ui.plain_texts import plain_tip
from ui.text_size import px
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Bar:
    """One value: its label, its size, what is written at it, its tone, a tooltip, and what a click hands over."""

    label: str
    value: float
    text: str = ""
    tone: str = "accent"
    hint: str = ""
    key: Any = None
    whole: float = 0.0
    """Shares: what ``value`` is a part of."""
    judgement: str = ""
    """What its tone means, for those who do not see it."""

    @property
    def shown(self) -> str:
        """What is written at the bar: its text, else its value."""
        return self.text or number(self.value)

    @property
    def described(self) -> str:
        """The bar in words: its label, its text and what its tone means."""
        said = tr("{label}: {value}", label=self.label, value=self.shown)
        return tr("{bar}, {judgement}", bar=said, judgement=self.judgement) if self.judgement else said


class Chart(HasRole, QWidget):
    """The base of charts: parts that can be hovered, focused with the arrow keys and clicked."""

    clicked = Signal(object)
    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.bars: tuple[Bar, ...] = ()
        self._under = -1
        self._name = name
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        """Shows other values."""
        self.bars = bars
        self._under = -1
        self.setAccessibleDescription("; ".join(bar.described for bar in bars))
        self.updateGeometry()
        self.update()

    def area(self, index: int) -> QRectF:
        """Where a bar answers the mouse."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Marks the bar under the mouse."""
        self._mark(self._at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._under >= 0 else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """Marks nothing."""
        self._mark(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click hands over the bar's key."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter and Space choose."""
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) and self.bars:
            self._mark(min(self._under + 1, len(self.bars) - 1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up) and self.bars:
            self._mark(max(self._under - 1, 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._under)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Shows the bar's hint as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._at(QPointF(event.pos()))
            if index >= 0:
                bar = self.bars[index]
                QToolTip.showText(event.globalPos(), plain_tip(bar.hint or bar.described), self)
                return True
        return super().event(event)

    def _at(self, point: QPointF) -> int:
        return next((i for i in range(len(self.bars)) if self.area(i).contains(point)), -1)

    def _mark(self, index: int) -> None:
        if index != self._under:
            self._under = index
            self.update()

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self.bars) and self.bars[index].key is not None:
            self.clicked.emit(self.bars[index].key)

    def _painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        return painter

    def _frame(self, painter: QPainter, index: int) -> None:
        """Marks a bar that is under the mouse or has the keyboard."""
        if index == self._under:
            painter.setPen(QPen(self.theme.color("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("neutral_ground", 0.6))
            painter.drawRoundedRect(self.area(index).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)


class Bars(Chart):
    """Vertical bars with their number on top and their label below."""

    _foot = 22
    _head = 18

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """A comfortable size; it stretches."""
        return QSize(360, 220)

    def minimumSizeHint(self) -> QSize:
        """Enough to tell the bars apart, and for their numbers beside each other."""
        metrics = QFontMetrics(self.theme.font(11, QFont.Weight.DemiBold))
        widest = max((metrics.horizontalAdvance(bar.shown) for bar in self.bars if bar.value), default=0)
        return QSize(max(200, (widest + 2) * len(self.bars)), 110)

    def area(self, index: int) -> QRectF:
        """A column of the chart's full height."""
        width = self.width() / max(len(self.bars), 1)
        return QRectF(index * width, 0, width, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars on one scale, from zero."""
        painter = self._painter()
        top = max((bar.value for bar in self.bars), default=0) or 1
        room = self.height() - px(self._foot) - px(self._head)
        base = self.height() - px(self._foot)
        metrics = QFontMetrics(self.theme.font(12))
        widest = max((metrics.horizontalAdvance(bar.label) for bar in self.bars), default=0)
        fits = widest + 4 < self.area(0).width()
        for index, bar in enumerate(self.bars):
            self._frame(painter, index)
            area = self.area(index)
            width = min(area.width() * 0.74, 44)
            height = max(room * bar.value / top, 2 if bar.value else 0)
            shape = QRectF(area.center().x() - width / 2, base - height, width, height)
            painter.setBrush(self.theme.tone(bar.tone)[0])
            painter.drawRoundedRect(shape, min(3, height / 2), min(3, height / 2))
            painter.setFont(self.theme.font(12))
            painter.setPen(self.theme.color("muted"))
            label = bar.label if fits else bar.label[:1]
            painter.drawText(QRectF(area.x(), base, area.width(), px(self._foot)), Qt.AlignmentFlag.AlignCenter, label)
            if bar.value:
                painter.setFont(self.theme.font(11, QFont.Weight.DemiBold))
                place = QRectF(area.x(), shape.top() - px(self._head), area.width(), px(self._head) - 2)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
                painter.drawText(place, flags, bar.shown)
            painter.setPen(Qt.PenStyle.NoPen)
        if self.bars:
            painter.setPen(self.theme.color("line"))
            painter.drawLine(QPointF(0, base + 0.5), QPointF(self.width(), base + 0.5))
        painter.end()


class ShareBars(Chart):
    """Rows: a label, a bar as the share of ``whole``, a number. Rows that don't fit are left out.

    The track behind a bad or a warning bar has that tone's ground: what is missing is as visible as what is there.
    """

    ROW = 26
    LEAST = 4
    #: The least width of a track.
    TRACK = 28

    def __init__(self, theme: Theme, name: str, labels: float = 0.46) -> None:
        super().__init__(theme, name)
        self._labels = labels
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(320, max(len(self.bars), 1) * px(self.ROW))

    def minimumSizeHint(self) -> QSize:
        """A few rows."""
        return QSize(200, min(max(len(self.bars), 1), self.LEAST) * px(self.ROW))

    def area(self, index: int) -> QRectF:
        """A row of the chart's full width; none for a row that doesn't fit."""
        if (index + 1) * px(self.ROW) > self.height() + 2:
            return QRectF()
        return QRectF(0, index * px(self.ROW), self.width(), px(self.ROW))

    def parts(self) -> tuple[float, float, float]:
        """The widths of labels, tracks and numbers: the labels give way first, the numbers never."""
        metrics = QFontMetrics(self.theme.font())
        right = max((metrics.horizontalAdvance(bar.shown) for bar in self.bars), default=0) + 12
        wanted = max((metrics.horizontalAdvance(bar.label) for bar in self.bars), default=0) + 16
        left = max(min(wanted, self.width() * self._labels, self.width() - right - self.TRACK), 0)
        return left, max(self.width() - left - right, 0), right

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label, track, bar, number."""
        painter = self._painter()
        font = self.theme.font()
        metrics = QFontMetrics(font)
        texts = [bar.shown for bar in self.bars]
        left, track, right = self.parts()
        for index, bar in enumerate(self.bars):
            area = self.area(index)
            if area.isEmpty():
                break
            self._frame(painter, index)
            painter.setFont(font)
            painter.setPen(self.theme.color("text"))
            label = metrics.elidedText(marked(bar.label), Qt.TextElideMode.ElideRight, int(left - 12))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, area.y(), left, area.height()), middle, label)
            painter.setPen(self.theme.color("muted"))
            place = QRectF(self.width() - right, area.y(), right - 2, area.height())
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, texts[index])
            painter.setPen(Qt.PenStyle.NoPen)
            y = area.center().y() - 3
            ground = bar.tone if bar.tone in ("bad", "warning") else "neutral"
            painter.setBrush(self.theme.tone(ground)[1])
            painter.drawRoundedRect(QRectF(left, y, track, 6), 3, 3)
            share = min(bar.value / bar.whole, 1.0) if bar.whole else (1.0 if bar.value else 0.0)
            if share:
                painter.setBrush(self.theme.tone(bar.tone)[0])
                painter.drawRoundedRect(QRectF(left, y, max(track * share, 6), 6), 3, 3)
        painter.end()


class StackedShare(Chart):
    """One bar cut into the parts of a whole, with a legend of label and number below."""

    _bar = 10
    _line = 22
    #: The minimum width of a part with its gap, so that every part is visible.
    _least = 6

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._places: list[QRectF] = []

    def sizeHint(self) -> QSize:
        """Bar and legend."""
        return QSize(320, self._bar + 8 + px(self._line) * max(len(self._wrapped(max(self.width(), 200))), 1))

    def minimumSizeHint(self) -> QSize:
        """Bar and legend."""
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The legend may take more or fewer lines."""
        self.updateGeometry()

    def area(self, index: int) -> QRectF:
        """The legend's entry."""
        return self._places[index] if index < len(self._places) else QRectF()

    def _wrapped(self, width: int) -> list[list[tuple[int, float]]]:
        """The legend's lines: bar index and width of each entry."""
        metrics = QFontMetrics(self.theme.font())
        lines: list[list[tuple[int, float]]] = [[]]
        used = 0.0
        for index, bar in enumerate(self.bars):
            need = 16 + metrics.horizontalAdvance(f"{bar.label}  {bar.shown}") + 20
            if lines[-1] and used + need > width:
                lines.append([])
                used = 0.0
            lines[-1].append((index, need))
            used += need
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        """The parts side by side, a gap of 2 px between them."""
        painter = self._painter()
        total = sum(bar.value for bar in self.bars) or 1
        x = 0.0
        room = self.width() - self._least * len(self.bars)
        for bar in self.bars:
            if bar.value:
                width = self._least + room * bar.value / total
                painter.setBrush(self.theme.tone(bar.tone)[0])
                painter.drawRoundedRect(QRectF(x, 0, width - 2, self._bar), 2, 2)
                x += width
        metrics = QFontMetrics(self.theme.font())
        painter.setFont(self.theme.font())
        self._places = [QRectF()] * len(self.bars)
        for place, line in enumerate(self._wrapped(self.width())):
            x, y = 0.0, self._bar + 8 + place * px(self._line)
            for index, width in line:
                bar = self.bars[index]
                self._places[index] = QRectF(x, y, width - 12, px(self._line))
                self._frame(painter, index)
                painter.setBrush(self.theme.tone(bar.tone)[0])
                painter.drawEllipse(QPointF(x + 6, y + px(self._line) / 2), 4, 4)
                painter.setPen(self.theme.color("text"))
                middle = Qt.AlignmentFlag.AlignVCenter
                painter.drawText(QRectF(x + 16, y, width, px(self._line)), middle, bar.label)
                painter.setPen(self.theme.color("muted"))
                left = x + 16 + metrics.horizontalAdvance(bar.label + "  ")
                painter.drawText(QRectF(left, y, width, px(self._line)), middle, bar.shown)
                painter.setPen(Qt.PenStyle.NoPen)
                x += width
        painter.end()
