"""Bytes that are kept for as long as an object is: in memory while they are few, in a temporary file beyond that."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of


class SpillFile:
    """What is added stays where it is. It can be read from any thread, and is gone with this object."""

    def __init__(self, in_memory: int) -> None:
        """``in_memory``: bytes from which on they go to a file."""
        self._file = SpooledTemporaryFile(in_memory)  # noqa: SIM115 - it is closed with this object
        self._end = 0
        self._lock = Lock()
        weakref.finalize(self, _close, self._file)

    def add(self, data: bytes | bytearray) -> int:
        """Adds bytes. Returns where they begin. Raises FileProblem where there is no room for them."""
        with self._lock, _refusals():
            start = self._end
            self._file.seek(start)
            self._file.write(data)
            self._end += len(data)
            return start

    def read(self, start: int, length: int) -> bytes:
        """The bytes at a place. Raises FileProblem where there was no room for what was added last."""
        with self._lock, _refusals():
            self._file.seek(start)
            return self._file.read(length)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = Message(
            "There is no room for temporary files: {reason}. Make some, or set TMPDIR to a folder with more.",
            reason=reason_of(error),
        )
        raise FileProblem(message) from error


def _close(file: IO[bytes]) -> None:
    """Closes a file; what it still had to write has no reader any more, and needs no room."""
    with suppress(OSError):
        file.close()
