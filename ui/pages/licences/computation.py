"""Computes the licence position off the GUI thread: one computation at a time, always for the latest request."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.positions import positions_of
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message
from ui.context import Context

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Positions

#: Revisions that follow each other this closely (milliseconds) are taken in together.
PAUSE = 350


class PositionComputation(QObject):
    """Computes positions. While one computation runs, requests wait; only the last one is then computed."""

    counted = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._request: tuple[date, int | None, str] | None = None
        self._running = False
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._start)

    def ask(self, day: date, *, soon: bool = False) -> None:
        """Computes the position of a day at the moment shown: at once, or ``soon``, with what else may come."""
        self._request = (day, *self._context.shown)
        if soon:
            self._soon.start()
        else:
            self._start()

    def _start(self) -> None:
        self._soon.stop()
        if self._running:
            self._again = True
            return
        assert self._request is not None
        request, self._running, self._again = self._request, True, False
        self.busy.emit(True)

        def done(found: Positions) -> None:
            if self._finish(request):
                self.counted.emit(found)

        def failed(error: Exception) -> None:
            if self._finish(request):
                stopped = isinstance(error, Cancelled)
                self.failed.emit(UserError(Message("Counting licences was stopped.")) if stopped else error)

        known, jobs = self._context.remembered, self._context.workspace.jobs
        self._context.query(
            lambda reader: positions_of(known, reader, request[0], jobs), done, failed, owner=self, lane="slow"
        )

    def _finish(self, request: tuple[date, int | None, str]) -> bool:
        """Ends a computation; whether its answer is still wanted."""
        self._running = False
        wanted = request == self._request
        if self._again:
            self._start()
        else:
            self.busy.emit(False)
        return wanted
