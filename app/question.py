"""One query to an open estate: it runs in a worker thread, and another thread can interrupt it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store

T = TypeVar("T")

Ask = Callable[[Reader], T]
"""A function that finds an answer. It gets a view of the estate, which is closed when it returns."""


class EstateQuestion(Generic[T]):
    """A question about one moment of the estate. Its holder needs no access to the store."""

    def __init__(self, store: Store, ask: Ask[T], at: int | None = None, today: date | None = None) -> None:
        self._store, self._ask = store, ask
        self._at, self._today = at, today
        self._lock = threading.Lock()
        self._reader: Reader | None = None

    def answer(self) -> T:
        """Runs the query on a separate connection. Raises what the question raises; StoreProblem."""
        with self._store.read(self._at, self._today) as reader:
            with self._lock:
                self._reader = reader
            try:
                return self._ask(reader)
            finally:
                with self._lock:
                    self._reader = None

    def stop(self) -> None:
        """Stops the running statement, from any thread; ``answer`` raises then. Without a running statement nothing
        happens.
        """
        with self._lock:
            if self._reader is not None:
                self._reader.interrupt()
