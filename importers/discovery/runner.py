"""Runs collectors in parallel, each within its own time limit, and reports the outcome of each.

A collector that does not return (a dead network mount, a broken device) cannot be stopped from outside; its thread is
left behind, a fresh one takes its place, and what it may still return is thrown away. The threads are daemons, so a
stuck one does not keep the program from ending.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence

from cmdb.model.control import Control
from cmdb.model.messages import Message, chain, verbatim
from importers.discovery.collector import (
    ABSENT,
    COLLECTED,
    FAILED,
    NOT_PERMITTED,
    TIMED_OUT,
    Collector,
    CollectorOutcome,
    Content,
)
from importers.discovery.collector_words import elevated_part
from importers.discovery.host import CollectorTimeout, Host, Probe

WORKERS = 4
_TITLE = Message("Scanning this computer")
# a collector notices its own limit at its next access; only a collector that does not respond is abandoned
_GRACE = 0.25


def run(
    collectors: Sequence[Collector],
    host: Host,
    control: Control | None = None,
    limit: float | None = None,
    workers: int = WORKERS,
) -> list[tuple[CollectorOutcome, Content]]:
    """The results of the collectors, in their order. ``limit`` caps every collector's limit, in seconds.

    Raises Cancelled through the control.
    """
    return _Run(collectors, host, control or Control(), limit).all(workers)


class _Run:
    def __init__(self, collectors: Sequence[Collector], host: Host, control: Control, limit: float | None) -> None:
        self._collectors = list(collectors)
        self._host = host
        self._control = control
        self._limits = [c.limit if limit is None else min(limit, c.limit) for c in collectors]
        self._waiting = deque(range(len(self._collectors)))
        self._started: dict[int, float] = {}
        self._results: dict[int, tuple[CollectorOutcome, Content]] = {}
        self._changed = threading.Condition()

    def all(self, workers: int) -> list[tuple[CollectorOutcome, Content]]:
        total = len(self._collectors)
        for _ in range(min(workers, total)):
            self._worker()
        reported = 0
        with self._changed:
            while len(self._results) < total:
                self._changed.wait(self._until_next_limit())
                self._give_up_on_hung()
                if self._control.cancelled:
                    self._waiting.clear()
                    self._control.check()
                if reported < len(self._results) < total:
                    reported = len(self._results)
                    self._control.progress(reported, total, _TITLE)
        self._control.progress(total, total, _TITLE)
        return [self._results[i] for i in range(total)]

    def _worker(self) -> None:
        threading.Thread(target=self._work, name="collector", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    return
                index = self._waiting.popleft()
                self._started[index] = time.monotonic()
            result = _collect(self._collectors[index], Probe(self._host, self._limits[index]))
            with self._changed:
                if index in self._results:  # abandoned in the meantime: another thread has replaced this one
                    return
                self._results[index] = result
                del self._started[index]
                self._changed.notify()

    def _until_next_limit(self) -> float:
        """Seconds until the first running collector is out of time; at most a tenth, for cancelling."""
        now = time.monotonic()
        left = [start + self._limits[i] + _GRACE - now for i, start in self._started.items()]
        return max(0.0, min([0.1, *left]))

    def _give_up_on_hung(self) -> None:
        now = time.monotonic()
        for index, start in list(self._started.items()):
            if now > start + self._limits[index] + _GRACE:
                collector = self._collectors[index]
                self._results[index] = (_timed_out(collector, now - start, self._limits[index], ()), {})
                del self._started[index]
                self._worker()


def _collect(collector: Collector, probe: Probe) -> tuple[CollectorOutcome, Content]:
    started = time.monotonic()
    try:
        content = collector.collect(probe)
    except CollectorTimeout:
        seconds = time.monotonic() - started
        return _timed_out(collector, seconds, probe.deadline - started, tuple(probe.elevate)), {}
    except Exception as error:  # a defect of one collector must not cost the person the other twenty; it is reported
        note = verbatim(f"{type(error).__name__}: {error}")
        return _unseen(collector, FAILED, time.monotonic() - started, note, ()), {}
    unmounted = probe.unmounted()
    if unmounted or probe.unreadable:  # what has no source is not seen, and not gone
        probe.missed.update(one.name for one in collector.sections if not _holds(content, one.name))
        probe.notes.extend(Message("{folder} is not mounted", folder=folder) for folder in unmounted)
    otherwise = NOT_PERMITTED if probe.elevate or probe.unreadable else FAILED if unmounted else ABSENT
    state = probe.state or (COLLECTED if content else otherwise)
    elevate = tuple(probe.elevate)
    incomplete = tuple(
        dict.fromkeys(s.name for s in collector.sections if s.elevate in elevate or s.name in probe.missed)
    )
    complete = tuple(dict.fromkeys(s.name for s in collector.sections if s.name not in incomplete))
    if elevate and probe.host.elevated:  # already an administrator: there is another reason
        parts = ", ".join(str(elevated_part(part)) for part in elevate)  # a list would need Babel, which agents lack
        probe.notes.append(Message("not permitted even to an administrator: {parts}", parts=parts))
        elevate = ()
    seconds = time.monotonic() - started
    return CollectorOutcome(collector.name, state, seconds, chain(probe.notes), elevate, complete, incomplete), content


def _holds(content: Content, section: str) -> bool:
    """Whether there is anything of a section: "memories", or one of our own, "terrier.services"."""
    own = content.get("terrier", {})
    return bool(own.get(section.removeprefix("terrier.")) if section.startswith("terrier.") else content.get(section))


def _timed_out(collector: Collector, seconds: float, limit: float, elevate: tuple[str, ...]) -> CollectorOutcome:
    note = Message("stopped after {seconds} s", seconds=f"{limit:.3g}")
    return _unseen(collector, TIMED_OUT, seconds, note, elevate)


def _unseen(
    collector: Collector, state: str, seconds: float, note: Message, elevate: tuple[str, ...]
) -> CollectorOutcome:
    """The outcome of a collector whose every section is incomplete."""
    incomplete = tuple(dict.fromkeys(section.name for section in collector.sections))
    return CollectorOutcome(collector.name, state, seconds, note, elevate, incomplete=incomplete)
