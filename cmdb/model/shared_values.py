"""Lists of texts of which many have the same: each text is held once, and a list is kept as the numbers of its texts.

A thousand machines have most of their software in common. What is kept of each of them stands in a temporary file where
it is too much for memory.
"""

from __future__ import annotations

import marshal
import zlib
from array import array
from collections.abc import Sequence
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

from cmdb.model.spill_file import SpillFile

T = TypeVar("T", bound=str | bytes | tuple[str, ...])
"""What can be kept: texts, and rows of texts."""
_MOST = 100_000
"""The number of different values that are held."""
_IN_MEMORY = 4 << 20
"""The bytes of lists from which on they go to a file."""


class Kept(NamedTuple, Generic[T]):
    """Where a list is. ``packed``: by itself, as too much of it is its own."""

    start: int
    length: int
    packed: bool


class SharedValues:
    """Keeps lists. They can be asked for from any thread."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._values: list[Any] = []
        self._file = SpillFile(_IN_MEMORY)
        self._lock = Lock()

    def keep(self, values: Sequence[T]) -> Kept[T]:
        """Keeps a list."""
        with self._lock:
            data, packed = self._numbered(values), False
        if data is None:
            data, packed = zlib.compress(marshal.dumps(list(values)), 1), True
        return Kept(self._file.add(data), len(data), packed)

    def _numbered(self, values: Sequence[Any]) -> bytes | None:
        """The numbers of values; None where there would be too many of them."""
        known = self._numbers
        numbers: list[Any] = list(map(known.get, values))
        if None in numbers:
            new = [one for one in dict.fromkeys(values) if one not in known]
            if len(known) + len(new) > _MOST:
                return None
            known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
            self._values += new
            numbers = list(map(known.get, values))
        return array("I", numbers).tobytes()

    def __getitem__(self, kept: Kept[T]) -> list[T]:
        data = self._file.read(kept.start, kept.length)
        if kept.packed:
            found: list[T] = marshal.loads(zlib.decompress(data))
            return found
        return list(map(self._values.__getitem__, array("I", data)))
