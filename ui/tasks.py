"""Work off the GUI thread: queries and edits in pools, their answers delivered on the GUI thread."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Hashable
from typing import Any, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

T = TypeVar("T")
Lane = Literal["read", "slow", "write"]
#: The number of tasks of a lane that run at the same time.
_AT_ONCE: dict[Lane, int] = {"read": 4, "slow": 2, "write": 1}


def give_back_memory() -> None:
    """Returns freed memory to the system; only the GNU C library keeps it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


class Tasks(QObject):
    """Runs functions in worker threads. Functions get no widgets; ``done`` and ``failed`` are called on the GUI thread.

    The "write" lane runs one function at a time, in the order given; the "read" lane a few at once. Slow tasks go to
    the "slow" lane, so that they do not delay what the person waits for. ``problem`` fires for a failure without a
    handler.
    """

    problem = Signal(object)
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Lane, QThreadPool] = {lane: QThreadPool(self) for lane in _AT_ONCE}
        for lane, number in _AT_ONCE.items():
            self._pools[lane].setMaxThreadCount(number)
        self._latest: dict[Hashable, int] = {}
        self._stops: dict[int, Callable[[], None]] = {}
        self._count = 0
        self._running = 0
        self._slow, self._lock = 0, threading.Lock()
        self._finished.connect(self._deliver)

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        key: Hashable = None,
        owner: QObject | None = None,
        lane: Lane = "read",
        stop: Callable[[], None] | None = None,
    ) -> None:
        """Calls ``function`` in a worker thread, then ``done`` with its value or ``failed`` with its exception.

        A later run with the same ``key`` makes this one's answer late, and late answers are dropped. So is a result
        whose ``owner`` no longer exists. ``stop`` ends the function early: it is called once the answer is late.
        """
        self._count += 1
        ticket = self._count
        if key is not None:
            self.forget(key)
            self._latest[key] = ticket
        if stop is not None:
            self._stops[ticket] = stop
        self._running += 1
        if lane == "slow":
            with self._lock:
                self._slow += 1

        def work() -> None:
            value: Any = None
            error: Exception | None = None
            try:
                if key is None or self._latest.get(key) == ticket:
                    value = function()
            except Exception as problem:
                error = problem
            self.post(answer, value, error)
            if lane == "slow":
                self._leave_slow()

        def answer(value: Any, error: Exception | None) -> None:
            self._running -= 1
            self._stops.pop(ticket, None)
            if key is not None:
                if self._latest.get(key) != ticket:
                    return
                del self._latest[key]
            if owner is not None and not shiboken6.isValid(owner):
                return
            if error is None:
                if done is not None:
                    done(value)
            elif failed is not None:
                failed(error)
            else:
                self.problem.emit(error)

        self._pools[lane].start(work)

    def post(self, function: Callable[..., None], *arguments: Any) -> None:
        """Calls ``function`` on the GUI thread, soon. From any thread."""
        if shiboken6.isValid(self):
            self._finished.emit((function, arguments))

    def forget(self, key: Hashable) -> None:
        """Makes the running task of ``key`` late: it is stopped if it can be, and its answer will be dropped."""
        stop = self._stops.pop(self._latest.pop(key, 0), None)
        if stop is not None:
            stop()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (late ones included)."""
        return self._running > 0

    def finish(self, milliseconds: int = 5000) -> bool:
        """Stops what can be stopped and waits for the workers to end, for closing an estate.

        Their answers come when the event loop runs again.
        """
        for key in list(self._latest):
            if self._latest[key] in self._stops:
                self.forget(key)
        return all(pool.waitForDone(milliseconds) for pool in self._pools.values())

    def _leave_slow(self) -> None:
        """Returns the memory of slow tasks to the system when the last of them has ended."""
        with self._lock:
            self._slow -= 1
            last = not self._slow
        if last:
            give_back_memory()

    @Slot(object)
    def _deliver(self, call: tuple[Callable[..., None], tuple[Any, ...]]) -> None:
        function, arguments = call
        try:
            function(*arguments)
        except Exception as error:
            self.problem.emit(error)
