"""Control of a long-running piece of work: it reports progress and notices that it is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cmdb.model.errors import Cancelled
from cmdb.model.messages import EMPTY, Message


class Control:
    """Handed to every job. ``progress`` may be called often; ``check`` raises Cancelled once ``cancel`` was called."""

    def __init__(self, report: Callable[[int, int, Message], None] | None = None) -> None:
        self._report = report
        self._stop = threading.Event()

    def progress(self, done: int, total: int = 0, text: Message = EMPTY) -> None:
        """Reports the progress of the job (``total`` 0: unknown) and its current step. Raises Cancelled."""
        self.check()
        if self._report is not None:
            self._report(done, total, text)

    def cancel(self) -> None:
        """Asks the job to stop at its next check. May be called from any thread."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether ``cancel`` was called."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Waits, and not longer than until ``cancel`` is called. Raises Cancelled."""
        self._stop.wait(seconds)
        self.check()

    def check(self) -> None:
        """Raises Cancelled if the job is to stop."""
        if self._stop.is_set():
            raise Cancelled
