"""A shared cache of results that take long to compute."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class AnswerCache:
    """Costly answers. Each is computed once, even if several threads need it at the same time. The latest of each kind
    is kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def get(self, kind: str, of: Hashable, compute: Callable[[], T]) -> T:
        """The cached result for the key ``of``, otherwise ``compute()``. For workers: it waits while another one
        computes.
        """
        with self._lock:
            lock = self._locks.setdefault(kind, threading.Lock())
        with lock:
            known, value = self._kept.get(kind, (None, None))
            if known != of:
                self._kept.pop(kind, None)  # so that memory never holds the old and the new result together
                value = compute()
                self._kept[kind] = (of, value)
            return cast(T, value)
