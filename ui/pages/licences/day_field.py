"""The day that rights are judged at: a button that opens a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdb.model import clock
from cmdb.model.formats import day
from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.calendar import CalendarPopup
from ui.widgets.labels import Text
from ui.widgets.layout import row


class DayField(QWidget):
    """Shows "today" or a day; ``changed``: a person picked another. ``today`` gives that of the moment shown."""

    changed = Signal()

    def __init__(self, theme: Theme, today: Callable[[], date] = clock.today) -> None:
        super().__init__()
        self._theme, self._now = theme, today
        self.chosen: date | None = None
        label = Text(tr("Rights judged at"), "muted")
        self._button = Button("", self._open, icon="calendar", theme=theme, hint=tr("Choose the day"))
        self._today = IconButton(theme, "close", tr("Back to today"), lambda: self.pick(""), size=24)
        self.setLayout(row(label, self._button, self._today, spacing=6))
        self.show_day(None)

    @property
    def day(self) -> date:
        """The day chosen, or today (in the past: the day that is shown)."""
        return self.chosen or self._now()

    def show_day(self, chosen: date | None) -> None:
        """Shows a day (None: today) without announcing it."""
        self.chosen = chosen
        present = self.day == clock.today() and chosen is None
        self._button.setText(tr("Today") if present else day(self.day.isoformat()))
        self._today.setVisible(chosen is not None)

    def pick(self, iso: str) -> None:
        """Takes a day as a person's choice; "" and today's date mean today, whenever that is."""
        chosen = date.fromisoformat(iso) if iso else None
        chosen = None if chosen == self._now() else chosen
        if chosen != self.chosen:
            self.show_day(chosen)
            self.changed.emit()

    def _open(self) -> None:
        from PySide6.QtCore import Qt

        popup = CalendarPopup(self._theme, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.picked.connect(self.pick)
        popup.pop_up(self._button, self.day.isoformat())
