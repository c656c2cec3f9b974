"""The time control: now, or the estate as of a day, a week, a month or a year ago, or any date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.context import Context
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.calendar import Calendar
from ui.widgets.dates import day
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import STRETCH, column, row

_STEPS = (("Yesterday", 0, -1), ("A week ago", 0, -7), ("A month ago", -1, 0), ("A year ago", -12, 0))


class TimePopup(QFrame):
    """Offers moments; ``choose`` is called with an ISO date, or "" for now."""

    def __init__(self, theme: Theme, parent: QWidget, choose: Callable[[str], object]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._choose = choose
        today = QDate.currentDate()
        offers: list[QWidget] = [SectionLabel("Show the estate"), self._offer("Now", "")]
        for title, months, days in _STEPS:
            when = today.addMonths(months).addDays(days)
            offers.append(self._offer(title, when.toString(Qt.DateFormat.ISODate)))
        calendar = Calendar(theme, latest=today)
        calendar.setFrameShape(QFrame.Shape.NoFrame)
        calendar.setProperty("role", "plain")
        calendar.picked.connect(self._take)
        self.setFocusProxy(calendar)
        self.setLayout(row(column(*offers, STRETCH, spacing=2, margins=(12, 14, 0, 8)), calendar, spacing=8))

    def _offer(self, title: str, iso: str) -> Button:
        button = Button(title, lambda: self._take(iso), kind="plain")
        button.setProperty("align", "left")
        button.setMinimumWidth(128)
        return button

    def _take(self, iso: str) -> None:
        self.close()
        self._choose(iso)

    def pop_up(self, below: QWidget) -> None:
        """Opens under a button, right-aligned with it."""
        self.adjustSize()
        corner = below.mapToGlobal(QPoint(below.width(), below.height() + 4))
        self.move(corner.x() - self.width(), corner.y())
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def show_moment(context: Context, iso: str) -> None:
    """Shows the estate as of the end of an ISO date; "" or today: now. The revision is looked up in a worker."""
    if not iso or iso >= date.today().isoformat():
        context.moment.set(None)
        return

    def work() -> int:
        with context.workspace.store.read() as reader:
            return reader.revision_at(iso)

    context.tasks.run(work, lambda number: context.moment.set(number, day(iso), date.fromisoformat(iso)), key="moment")


def show_revision(context: Context, number: int, time: str) -> None:
    """Shows the estate as it was after a revision; ``time`` is its ISO time."""
    local = datetime.fromisoformat(time)
    local = (local if local.tzinfo else local.replace(tzinfo=UTC)).astimezone()
    context.moment.set(number, f"{day(local.date().isoformat())} {local:%H:%M} (revision {number})", local.date())
