"""The jobs of an import, of which only the last one started counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from ui.context import Context

if TYPE_CHECKING:
    from app.jobs import Job

T = TypeVar("T")


class LatestJob(QObject):
    """Runs one job at a time: starting another stops the one before, and an answer that is too late is dropped.

    ``started`` fires with each job.
    """

    started = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._failed: Callable[[Exception], None] | None = None
        self._turn = 0

    @property
    def busy(self) -> bool:
        """Whether its job runs."""
        return self._job is not None

    @property
    def turn(self) -> int:
        """Another number after each start and stop."""
        return self._turn

    def start(
        self,
        title: Message,
        work: Callable[[Control], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Runs ``work`` in a job; ``done`` gets its value, ``failed`` its exception, ``Cancelled`` where it was."""
        self.stop()
        turn = self._turn

        def finished(value: T) -> None:
            if turn == self._turn:
                self._ended()
                done(value)

        def broke(error: Exception) -> None:
            if turn == self._turn:
                self._ended()
                failed(error)
            elif not isinstance(error, Cancelled):
                self._context.shell.problem(error)

        self._failed = failed
        self._job = self._context.workspace.jobs.start(title, work, done=finished, failed=broke, place="import")
        self.started.emit(self._job)

    def stop(self) -> None:
        """Stops the job; nobody hears of it any more."""
        self._turn += 1
        job = self._job
        self._ended()
        if job is not None:
            job.cancel()

    def give_up(self) -> None:
        """Stops the job, and says so at once: the worker may take a moment to notice, and changes nothing more."""
        failed = self._failed
        if self._job is not None and failed is not None:
            self.stop()
            failed(Cancelled())

    def _ended(self) -> None:
        self._job = self._failed = None
