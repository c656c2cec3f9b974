"""Background jobs: they are started with plain values, observed and cancelled. Results are delivered on a chosen
thread.

A job never touches widgets. It gets a ``Control`` for progress and cancelling, and returns a value. Its callbacks are
called on the worker's thread unless ``deliver`` is set; the window sets a hook there that posts them to its own thread.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal, TypeVar

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import EMPTY, Message

State = Literal["waiting", "running", "done", "failed", "cancelled"]
T = TypeVar("T")

#: The seconds between two reports of progress to listeners. Changes of state are reported immediately.
INTERVAL = 0.1

_log = logging.getLogger("terrier.jobs")


class Job:
    """One piece of work. ``done`` of ``total`` (0: unknown) and ``text`` are its progress; ``error`` is why it failed.

    ``place`` is the name of the page that shows its progress, or "".
    """

    def __init__(self, number: int, title: Message, place: str = "") -> None:
        self.id = number
        self.title = title
        self.place = place
        self.state: State = "waiting"
        self.done = 0
        self.total = 0
        self.text = EMPTY
        self.started = time.time()
        self.error: BaseException | None = None
        self._control: Control | None = None
        self._future: Future[None] | None = None
        self._ended = threading.Event()

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in ("waiting", "running")

    def cancel(self) -> None:
        """Cancels it: immediately if it has not begun, otherwise at the next check of its control."""
        if self._control is not None:
            self._control.cancel()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits at most ``timeout`` seconds until it has ended and its callback was called; whether it has ended."""
        return self._ended.wait(timeout)


class Jobs:
    """The background work of one workspace.

    ``listeners`` are called with a job whenever its state or progress changed. ``deliver`` takes a function and calls
    it on the right thread, in the order given.
    """

    def __init__(self, workers: int = 4) -> None:
        self.listeners: list[Callable[[Job], None]] = []
        self.deliver: Callable[[Callable[[], None]], None] | None = None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="terrier-job")
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._jobs: dict[int, Job] = {}

    def start(
        self,
        title: Message,
        function: Callable[..., T],
        *args: Any,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        place: str = "",
    ) -> Job:
        """Runs ``function(control, *args)``; ``done`` then gets its value, or ``failed`` its exception.

        A cancelled job fails with ``Cancelled``. Without ``failed``, an exception that is a bug is logged.
        """
        job = Job(next(self._numbers), title, place)
        job._control = Control(self._reporter(job))
        with self._lock:
            self._jobs[job.id] = job
        self._tell(job)
        job._future = self._pool.submit(self._run, job, function, args, done, failed)
        return job

    def run(self, title: Message, function: Callable[..., T], *args: Any) -> T:
        """Runs ``function(control, *args)`` on this thread, as a job that others see and can cancel; returns its value.

        Raises what the function raises.
        """
        job = Job(next(self._numbers), title)
        job._control = control = Control(self._reporter(job))
        job.state = "running"
        with self._lock:
            self._jobs[job.id] = job
        self._tell(job)
        try:
            value = function(control, *args)
            job.state = "done"
            return value
        except Exception as error:
            job.error = error
            job.state = "cancelled" if isinstance(error, Cancelled) else "failed"
            raise
        finally:
            with self._lock:
                del self._jobs[job.id]
            job._ended.set()
            self._tell(job)

    def active(self) -> list[Job]:
        """The jobs that wait or run, oldest first."""
        with self._lock:
            return [job for job in self._jobs.values() if job.active]

    @property
    def busy(self) -> bool:
        """Whether any job waits, runs, or has ended and its callback was not called yet."""
        with self._lock:
            return bool(self._jobs)

    def close(self) -> None:
        """Cancels the active jobs, waits for them to stop, and accepts no more."""
        for job in self.active():
            job.cancel()
        self._pool.shutdown(wait=True)

    def _run(
        self,
        job: Job,
        function: Callable[..., T],
        args: tuple[Any, ...],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        control = job._control
        assert control is not None
        answer: Callable[[], None] | None = None
        try:
            control.check()
            job.state = "running"
            self._tell(job)
            value = function(control, *args)
        except Exception as error:
            job.error = error
            job.state = "cancelled" if isinstance(error, Cancelled) else "failed"
            if failed is not None:
                report, problem = failed, error
                answer = lambda: report(problem)  # noqa: E731
            elif not isinstance(error, UserError):
                _log.error("The job %r failed.", str(job.title), exc_info=error)
        else:
            job.state = "done"
            if done is not None:
                take = done
                answer = lambda: take(value)  # noqa: E731
        self._tell(job)
        self._deliver(lambda: self._finish(job, answer))

    def _finish(self, job: Job, answer: Callable[[], None] | None) -> None:
        try:
            if answer is not None:
                answer()
        finally:
            with self._lock:
                del self._jobs[job.id]
            job._ended.set()

    def _reporter(self, job: Job) -> Callable[[int, int, Message], None]:
        last = 0.0

        def report(done: int, total: int, text: Message) -> None:
            nonlocal last
            job.done, job.total, job.text = done, total, text or job.text
            now = time.monotonic()
            if now - last >= INTERVAL:
                last = now
                self._tell(job)

        return report

    def _tell(self, job: Job) -> None:
        if self.listeners:
            self._deliver(lambda: self._call_listeners(job))

    def _call_listeners(self, job: Job) -> None:
        for listener in list(self.listeners):
            listener(job)

    def _deliver(self, call: Callable[[], None]) -> None:
        """Hands a call over to ``deliver``, or makes it here. An exception in a callback is a bug: it is reported."""
        try:
            if self.deliver is not None:
                self.deliver(call)
            else:
                call()
        except Exception as error:
            thread = threading.current_thread()
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, thread)))
