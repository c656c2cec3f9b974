"""Answers that take long, kept for all who ask for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class AnswerCache:
    """Costly answers, each computed once however many ask at the same time; of each kind the latest is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def get(self, kind: str, of: Hashable, compute: Callable[[], T]) -> T:
        """The answer ``of`` something: the kept one, else ``compute()``. In a worker: it waits for whoever computes."""
        with self._lock:
            lock = self._locks.setdefault(kind, threading.Lock())
        with lock:
            known, value = self._kept.get(kind, (None, None))
            if known != of:
                self._kept.pop(kind, None)  # two of them need not stand side by side
                value = compute()
                self._kept[kind] = (of, value)
            return cast(T, value)
