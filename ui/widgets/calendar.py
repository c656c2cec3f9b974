"""A month to pick a day from, painted from tokens: under a date field, or on its own."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from cmdb.model.formats import first_weekday, long_day, month, weekdays
from cmdb.model.messages import tr
from ui.accessible import HasRole
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import IconButton, LinkButton
from ui.widgets.labels import Heading
from ui.widgets.layout import STRETCH, column, row


class _Days(HasRole, QWidget):
    """Six weeks; arrows move by days and weeks, Page Up and Down by months, Enter picks."""

    picked = Signal(QDate)
    moved = Signal()
    CELL, ROW = 32, 28
    accessible_role = QAccessible.Role.Table

    def __init__(self, theme: Theme, latest: QDate) -> None:
        super().__init__()
        self._theme, self._latest = theme, latest
        self.day = QDate.currentDate()
        self.chosen = QDate()
        set_sizes(self, width=7 * self.CELL, height=7 * self.ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Days of the month"))

    def first(self) -> QDate:
        """The day in the upper left corner: the locale's first weekday, in the week of the month's first."""
        start = QDate(self.day.year(), self.day.month(), 1)
        lead = (start.dayOfWeek() - 1 - first_weekday()) % 7
        return start.addDays(-lead)

    def sizeHint(self) -> QSize:
        """Seven columns, a heading and six weeks."""
        return QSize(px(7 * self.CELL), px(7 * self.ROW))

    def go(self, day: QDate) -> None:
        """Moves the cursor, not beyond the latest day."""
        self.day = day if self.may(day) else self._latest
        day = self.day
        self.setAccessibleDescription(long_day(date(day.year(), day.month(), day.day())))
        self.moved.emit()
        self.update()

    def may(self, day: QDate) -> bool:
        """Whether a day can be picked."""
        return not self._latest.isValid() or day <= self._latest

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is drawn stronger."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cursor is drawn weaker."""
        self.update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Weekday names, then the days."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names, first, today = weekdays(), self.first(), QDate.currentDate()
        wide, high = self.width() / 7, self.height() / 7
        for index in range(49):
            area = QRectF(index % 7 * wide, index // 7 * high, wide, high)
            if index < 7:
                painter.setFont(self._theme.font(11, QFont.Weight.DemiBold))
                painter.setPen(self._theme.color("muted"))
                name = names[first.addDays(index).dayOfWeek() - 1]
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)
                continue
            day = first.addDays(index - 7)
            mark = area.adjusted(3, 1, -3, -1)
            ink = "text" if day.month() == self.day.month() else "faint"
            if not self.may(day):
                ink = "line"
            if day == self.chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.color("accent"))
                painter.drawRoundedRect(mark, 6, 6)
                ink = "accent_text"
            elif day == self.day:
                painter.setPen(self._theme.color("accent" if self.hasFocus() else "line"))
                painter.setBrush(self._theme.color("accent_ground"))
                painter.drawRoundedRect(mark, 6, 6)
            painter.setFont(self._theme.font(13, QFont.Weight.Bold if day == today else QFont.Weight.Normal))
            painter.setPen(self._theme.color(ink))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(day.day()))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Picks the day under the mouse."""
        place = event.position().toPoint()
        week, day = place.y() * 7 // self.height() - 1, place.x() * 7 // self.width()
        found = self.first().addDays(week * 7 + day)
        if 0 <= week < 6 and 0 <= day < 7 and self.may(found):
            self.picked.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves, or picks."""
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in days:
            self.go(self.day.addDays(days[key]))
        elif key in months:
            self.go(self.day.addMonths(months[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.day)
        else:
            super().keyPressEvent(event)


class Calendar(QFrame):
    """A month with its year; ``picked`` fires with the ISO date. Days after ``latest`` cannot be picked."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, latest: QDate | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "raised")
        self._days = _Days(theme, latest or QDate())
        self._title = Heading("", 2)
        back = IconButton(theme, "chevron-left", tr("Month before"), lambda: self._turn(-1), size=24)
        forward = IconButton(theme, "chevron-right", tr("Month after"), lambda: self._turn(1), size=24)
        today = LinkButton(tr("Today"), lambda: self._pick(QDate.currentDate()))
        self.setLayout(
            column(
                row(self._title, STRETCH, today, back, forward, spacing=4),
                self._days,
                spacing=8,
                margins=(12, 10, 12, 10),
            )
        )
        self._days.picked.connect(self._pick)
        self._days.moved.connect(self._name)
        self.setFocusProxy(self._days)
        self._name()

    def show_date(self, iso: str) -> None:
        """Shows the month of an ISO date; anything else shows this month."""
        day = QDate.fromString(iso[:10], Qt.DateFormat.ISODate)
        self._days.chosen = day
        self._days.go(day if day.isValid() else QDate.currentDate())

    def _turn(self, months: int) -> None:
        self._days.go(self._days.day.addMonths(months))

    def _name(self) -> None:
        day = self._days.day
        self._title.setText(month(date(day.year(), day.month(), 1)))

    def _pick(self, day: QDate) -> None:
        self.picked.emit(day.toString(Qt.DateFormat.ISODate))


class CalendarPopup(Calendar):
    """The calendar as a popup; picking or Esc closes it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setWindowFlags(Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.picked.connect(lambda: self.close())

    def pop_up(self, below: QWidget, iso: str) -> None:
        """Opens under a field."""
        self.show_date(iso)
        self.adjustSize()
        self.move(below.mapToGlobal(QPoint(0, below.height() + 2)))
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
