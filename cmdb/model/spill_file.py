"""Bytes that are kept for as long as an object is: in memory while they are few, in a temporary file beyond that."""

from __future__ import annotations

import weakref
from tempfile import SpooledTemporaryFile
from threading import Lock


class SpillFile:
    """What is added stays where it is. It can be read from any thread, and is gone with this object."""

    def __init__(self, in_memory: int) -> None:
        """``in_memory``: bytes from which on they go to a file."""
        self._file = SpooledTemporaryFile(in_memory)  # noqa: SIM115 - it is closed with this object
        self._end = 0
        self._lock = Lock()
        weakref.finalize(self, self._file.close)

    def add(self, data: bytes | bytearray) -> int:
        """Adds bytes. Returns where they begin."""
        with self._lock:
            start = self._end
            self._file.seek(start)
            self._file.write(data)
            self._end += len(data)
            return start

    def read(self, start: int, length: int) -> bytes:
        """The bytes at a place."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)
