"""Watching connections for a while: what opens and closes between two looks is missed by a scan of one moment."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from types import FrameType

    from importers.discovery.collector import WatchedConnections

#: Seconds between two looks. What closed in between is still seen where this end has to wait before it forgets it.
INTERVAL = 0.5
#: A watch takes a day at most.
MOST = 86_400


class Watch:
    """For how many seconds connections are watched. ``end`` ends it before, with what was seen; from any thread.

    ``told`` hears how many seconds have passed, at each look.
    """

    def __init__(self, seconds: float, interval: float = INTERVAL, told: Callable[[int], None] | None = None) -> None:
        self.seconds = min(float(seconds), MOST)
        self.running = False
        self._interval = interval
        self._told = told
        self._ended = threading.Event()

    def end(self) -> None:
        """Ends the watch at once."""
        self._ended.set()

    @property
    def ended(self) -> bool:
        """Whether it was told to end."""
        return self._ended.is_set()

    def follow(self, seen: WatchedConnections, control: Control, now: Callable[[], float] = time.monotonic) -> int:
        """Looks at the connections again and again; the number of looks. Raises Cancelled."""
        start = now()
        looks = 0
        self.running = True
        try:
            while True:
                seen.look(_moment())
                looks += 1
                passed = now() - start
                if passed >= self.seconds or self._ended.is_set():
                    return looks
                if self._told is not None:
                    self._told(int(passed))
                control.progress(int(passed), int(self.seconds), Message("Watching connections"))
                self._ended.wait(min(self._interval, self.seconds - passed))
        finally:
            self.running = False


@contextmanager
def ended_by_interrupt(watch: Watch | None) -> Iterator[None]:
    """Ctrl-C ends a watch that is running, with what was seen; before it, and a second time, it cancels as ever."""
    if watch is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(number: int, frame: FrameType | None) -> None:
        if not watch.running or watch.ended:
            raise KeyboardInterrupt
        watch.end()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _moment() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(clock.moment().timestamp()))
