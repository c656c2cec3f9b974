"""A cache of answers that take long to compute, shared by all who need them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class AnswerCache:
    """Costly answers. Each is computed once, even when several threads ask at the same time; the latest of each kind
    is kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def get(self, kind: str, of: Hashable, compute: Callable[[], T]) -> T:
        """The kept answer for the key ``of``, else ``compute()``. For workers: it waits while another one computes."""
        with self._lock:
            lock = self._locks.setdefault(kind, threading.Lock())
        with lock:
            known, value = self._kept.get(kind, (None, None))
            if known != of:
                self._kept.pop(kind, None)  # so that memory never holds the old and the new answer at once
                value = compute()
                self._kept[kind] = (of, value)
            return cast(T, value)
