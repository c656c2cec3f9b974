"""The time control: now, a day, before one of the latest imports, a baseline, or a typed moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QDate, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from app.moments import NOW, MomentChoices, PointInTime, Resolve, baseline, before, offers, on_day, what, word
from cmdb.model.characters import marked
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import Plain, day, is_day_first, moment, read_day
from cmdb.model.messages import Message, tr
from cmdb.model.query import resolve_date
from cmdb.model.relative_times import ago
from cmdb.model.schema import Attribute
from cmdb.model.values import parse
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.calendar import Calendar
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, clear, column, row

_STEPS = (
    (Message("Yesterday"), 0, -1),
    (Message("A week ago"), 0, -7),
    (Message("A month ago"), -1, 0),
    (Message("A year ago"), -12, 0),
)
_WIDTH = 284
_DAY = Attribute("day", "", "date")
#: Keys that the calendar gets from the field; and those that it gets from an empty one.
_OF_CALENDAR = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_OF_EMPTY = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: The number of baselines in the list.
_BASELINES = 6


def label_of(then: PointInTime) -> str:
    """What a moment is called: "31 Mar 2026 17:30 (revision 214)", "31 Mar 2026", "now"."""
    if then.number is None:
        return tr("now")
    when = moment(then.recorded) if then.recorded else day(then.day.isoformat()) if then.day else ""
    when = when or (tr("the beginning") if not then.number else "")
    note = str(then.note)
    return tr("{moment} ({note})", moment=when, note=note) if when and note else when or note


class TimePopup(QFrame):
    """Offers moments; ``choose`` is called with the way to find the one that was chosen."""

    def __init__(self, context: Context, parent: QWidget, choose: Callable[[Resolve], object], title: str = "") -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._choose = choose
        today = QDate.currentDate()
        steps: list[QWidget] = [SectionLabel(title or tr("Show the estate")), self._offer(tr("Now"), lambda _: NOW)]
        for text, months, days in _STEPS:
            when = today.addMonths(months).addDays(days)
            steps.append(self._offer(str(text), on_day(when.toString(Qt.DateFormat.ISODate))))
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Day, revision or name"))
        self.field.setAccessibleName(tr("Revision, date, time or baseline"))
        self.field.setToolTip(
            plain_tip(
                tr("For example 2026-03-31, today-30d, 2026-03-31T17:30, revision 214, or a baseline; Enter shows it")
            )
        )
        set_sizes(self.field, least_width=176)
        self.field.returnPressed.connect(self._typed)
        calendar = Calendar(context.theme, latest=today)
        calendar.setFrameShape(QFrame.Shape.NoFrame)
        calendar.setProperty("role", "plain")
        calendar.picked.connect(lambda iso: self._take(on_day(iso)))
        self._calendar = calendar
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self._lists = QVBoxLayout()
        self._lists.setSpacing(2)
        right = QWidget()
        set_sizes(right, width=_WIDTH)
        right.setLayout(column(self._lists, STRETCH, margins=(0, 14, 12, 10)))
        left = column(*steps, STRETCH, self.field, spacing=2, margins=(12, 14, 0, 12))
        self.setLayout(row(left, calendar, right, spacing=8))
        self._show(MomentChoices([], []), waiting=True)
        context.query(offers, self._show, key=("time", "offers"), owner=self, now=True)

    def _show(self, found: MomentChoices, waiting: bool = False) -> None:
        clear(self._lists)
        self._lists.addWidget(SectionLabel(tr("Before a change")))
        for header in found.changes:
            said = what(header)
            hint = tr(
                "Revision {number}, {time}: {title}",
                number=Plain(header.number),
                time=moment(header.recorded),
                title=said,
            )
            self._lists.addWidget(self._offer(said, before(header.number), ago(header.recorded), hint))
        if not found.changes:
            self._lists.addWidget(Text("…" if waiting else tr("No imports, scans or large changes yet."), "muted"))
        self._lists.addSpacing(8)
        self._lists.addWidget(SectionLabel(tr("Baselines")))
        for one in found.baselines[:_BASELINES]:
            hint = tr("Revision {number}", number=Plain(one.number))
            if one.note:
                hint = tr("{revision}: {note}", revision=hint, note=one.note)
            self._lists.addWidget(self._offer(one.name, baseline(one), f"#{one.number}", hint))
        if not found.baselines:
            text = "…" if waiting else tr("Moments get names in History.")
            self._lists.addWidget(Text(text, "muted"))
        elif len(found.baselines) > _BASELINES:
            self._lists.addWidget(
                Text(tr("and {number} more, by their names", number=len(found.baselines) - _BASELINES), "muted")
            )

    def _offer(self, title: str, resolve: Resolve, side: str = "", hint: str = "") -> Button:
        button = _Offer(title, side, partial(self._take, resolve), hint)
        set_sizes(button, least_width=128)
        return button

    def _typed(self) -> None:
        text = self.field.text().strip()
        if text:
            day = _day_meant(text)
            self._take(on_day(day) if day and day != text else word(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field has the focus; the calendar gets the keys that the field does not use, all while it is empty."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            keys = _OF_CALENDAR if self.field.text() else (*_OF_CALENDAR, *_OF_EMPTY)
            if event.key() in keys:
                target = self._calendar.focusProxy() or self._calendar
                QCoreApplication.sendEvent(target, QKeyEvent(event.type(), event.key(), event.modifiers()))
                return True
        return super().eventFilter(watched, event)

    def _take(self, resolve: Resolve) -> None:
        self.close()
        self._choose(resolve)

    def pop_up(self, below: QWidget) -> None:
        """Opens under a button: right-aligned with it where there is room, else inside the window."""
        self.adjustSize()
        corner = below.mapToGlobal(QPoint(below.width(), below.height() + 4))
        window = below.window()
        least = window.mapToGlobal(QPoint(8, 0)).x()
        self.move(max(corner.x() - self.width(), least), corner.y())
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _day_meant(text: str) -> str:
    """The ISO date of a typed day, as people here write it, or as "today-30d"; "" for a revision, time or name."""
    if text.isdigit() or ":" in text:
        return ""
    if found := read_day(text):
        return found.isoformat()
    relative = resolve_date(text)
    try:
        return relative if relative != text else str(parse(_DAY, text, day_first=is_day_first()))
    except InvalidValue:
        return ""


class _Offer(Button):
    """A moment to choose: what it is, cut where it is too long, and at the right when it was."""

    def __init__(self, title: str, side: str, clicked: Callable[[], object], hint: str) -> None:
        super().__init__(title, clicked, kind="plain", hint=hint)
        self.setProperty("align", "left")
        self._title = title
        self._side = Text(side, "faint")
        self._side.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if side:
            set_sizes(self, width=_WIDTH - 12)
            self.setLayout(row(STRETCH, self._side, margins=(0, 0, 10, 0)))
            room = _WIDTH - 12 - 20 - self._side.sizeHint().width() - 24
            super().setText(self.fontMetrics().elidedText(marked(title), Qt.TextElideMode.ElideRight, room))
            self.setAccessibleName(f"{title}, {side}")


def show_moment(context: Context, resolve: Resolve) -> None:
    """Shows the estate as of a moment, which is looked up in a worker. A moment that is no longer kept is reported."""

    def done(found: PointInTime) -> None:
        context.moment.set(found.number, label_of(found) if found.number is not None else "", found.day)

    context.query(resolve, done, key="moment", now=True)
