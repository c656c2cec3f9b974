"""The steps of an import in a bar at the top: done, current, later. A person can go back to steps already reached."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.layout import row

_CIRCLE = 20
#: The side of a done step's tick, in pixels.
_TICK = 14
#: The width of the line between two steps, and what is left of it where names need the room, in pixels.
_DASH, _SHORT = 20, 6
#: Room behind the name that it can do without, in pixels.
_SPARE = 10


class Step(QAbstractButton):
    """One step: a number in a circle, or a tick, and its name."""

    def __init__(self, theme: Theme, number: int, title: str) -> None:
        super().__init__()
        self._theme, self._number, self._title = theme, number, title
        self._state = "later"
        self.setAccessibleName(tr("Step {number}: {title}", number=number, title=title))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_state(self, state: str, reachable: bool) -> None:
        """``state``: "done", "here" or "later"."""
        self._state = state
        self.setEnabled(reachable)
        words = {"done": tr("done"), "here": tr("current step"), "later": tr("later")}
        self.setAccessibleDescription(words[state])
        self.update()

    def sizeHint(self) -> QSize:
        """Room for circle and name."""
        width = QFontMetrics(self._theme.font(13, QFont.Weight.DemiBold)).horizontalAdvance(self._title)
        return QSize(px(_CIRCLE) + 8 + width + 10, px(28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A name that has too little room stands in the tooltip."""
        super().resizeEvent(event)
        self.setToolTip(plain_tip(self._title if self.width() < self.sizeHint().width() - _SPARE else ""))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circle, number or tick, name."""
        theme, here, done = self._theme, self._state == "here", self._state == "done"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(2, (self.height() - px(_CIRCLE)) / 2, px(_CIRCLE), px(_CIRCLE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if here else "accent_ground" if done else "neutral_ground"))
        painter.drawEllipse(circle)
        if done:
            pixmap = theme.pixmap("check", "accent", px(_TICK), self.devicePixelRatioF())
            beside = (px(_CIRCLE) - px(_TICK)) // 2
            painter.drawPixmap(int(circle.x()) + beside, int(circle.y()) + beside, pixmap)
        else:
            painter.setPen(theme.color("accent_text" if here else "muted"))
            painter.setFont(theme.font(11, QFont.Weight.DemiBold))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        weight = QFont.Weight.DemiBold if here else QFont.Weight.Normal
        painter.setFont(theme.font(13, weight))
        painter.setPen(theme.color("text" if here else "muted"))
        left = px(_CIRCLE) + 8
        room = self.width() - left
        shown = painter.fontMetrics().elidedText(marked(self._title), Qt.TextElideMode.ElideRight, room)
        painter.drawText(left, 0, room, self.height(), Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 6, 6)
        painter.end()


class _Dash(QWidget):
    """The line between two steps."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(_DASH)
        set_sizes(self, height=28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawLine(0, self.height() // 2, self.width() - 4, self.height() // 2)
        painter.end()


class StepBar(QWidget):
    """All steps; ``chosen`` fires with the index of the step that was clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, titles: Sequence[str]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.steps: list[Step] = []
        self._dashes: list[_Dash] = []
        line = row(spacing=0)
        for number, title in enumerate(titles):
            if number:
                self._dashes.append(_Dash(theme))
                line.addWidget(self._dashes[-1])
            step = Step(theme, number + 1, title)
            step.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            self.steps.append(step)
            line.addWidget(step)
        self.setLayout(line)

    def sizeHint(self) -> QSize:
        """Room for all names, and whole lines between them."""
        return QSize(sum(step.sizeHint().width() for step in self.steps) + len(self._dashes) * _DASH, px(28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the lines get shorter before names are cut."""
        super().resizeEvent(event)
        names = sum(step.sizeHint().width() for step in self.steps)
        for dash in self._dashes:
            dash.setFixedWidth(min(_DASH, max(_SHORT, (self.width() - names) // len(self._dashes))))

    def show_step(self, here: int, reached: int) -> None:
        """Shows the current step, and the last one that was reached."""
        for number, step in enumerate(self.steps):
            state = "here" if number == here else "done" if number < here else "later"
            step.show_state(state, number <= reached and number != here)
