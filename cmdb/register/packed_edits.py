"""Edits kept in little memory: a large revision that is made from the register is packed while it is made."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from cmdb.model.revision import Edit, Record
from cmdb.store.rows.codec import dump, load

_BATCH = 500


class PackedEdits:
    """Edits that can be iterated any number of times. Deletions take some 30 bytes each."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: list[Edit] = []

    def add(self, edits: Iterable[Edit]) -> None:
        """Adds edits at the end."""
        for edit in edits:
            self._last.append(edit)
            if len(self._last) == _BATCH:
                rows = [(*one.record, one.field, one.before, one.after) for one in self._last]
                self._packed.append(zlib.compress(dump(rows), 1))
                self._last = []

    def __iter__(self) -> Iterator[Edit]:
        for part in self._packed:
            for kind, key, field, before, after in load(zlib.decompress(part)):
                yield Edit(Record(kind, tuple(key)), field, before, after)
        yield from self._last

    def __len__(self) -> int:
        return len(self._packed) * _BATCH + len(self._last)
