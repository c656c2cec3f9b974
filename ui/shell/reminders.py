"""Reminders in the window: said once a day in a calm message, on start and while the window is open."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from app.work.reminders import REMINDER, TaskReminder, came, keep_said, last_said
from cmdb.model import clock
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.shell.services import Services

#: How often it is looked whether another day has begun, and how long after opening for the first time (milliseconds).
EVERY, PAUSE = 5 * 60_000, 1200
#: The number of reminders that are named.
NAMED = 2


class Reminders(QObject):
    """Says which reminders have come. ``day_changed`` fires when another day has begun: what is due is another."""

    day_changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._day: date | None = None
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True)
        self._first.timeout.connect(self.look)

    def begin(self) -> None:
        """An estate was opened: looks when its first page has been shown, and then from time to time."""
        self._day = clock.today()
        self._first.start(PAUSE)
        self._timer.start()

    def end(self) -> None:
        """The estate was closed."""
        self._first.stop()
        self._timer.stop()

    def look(self) -> None:
        """Says the reminders that have come since they were last said, at most once a day."""
        context, today = self._services.context, clock.today()
        if context is None:
            return
        if today != self._day:
            self._day = today
            self.day_changed.emit()
        workspace = context.workspace
        after, person = last_said(workspace), workspace.writer.person
        if after >= today.isoformat():
            return

        def done(found: list[TaskReminder]) -> None:
            keep_said(workspace, today)
            if found:
                self._say(context, found)

        context.query(
            lambda reader: came(reader, person, after, today),
            done,
            key="reminders",
            owner=self,
            now=True,
            beside_draft=True,
        )

    def _say(self, context: Context, found: list[TaskReminder]) -> None:
        def show() -> None:
            if len(found) == 1:
                context.shell.go("tasks", uid=found[0].uid)
            else:
                context.shell.go("tasks", shown="open", where=f"{REMINDER} <= today")

        named = listing([f"{one.number} {one.name}".strip() for one in found[:NAMED]], "unit")
        more = len(found) - NAMED
        what = tr("{names} and {count} more", names=named, count=more) if more > 0 else named
        text = trn("Reminder: {tasks}", "Reminders: {tasks}", len(found), tasks=what)
        self._services.remind(text, tr("Open"), show)
