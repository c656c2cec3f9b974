"""Edits kept in little memory: those of a large revision are packed while it is made.

An inventory has a thousand installations and rows of sections. As objects each edit takes some 700 bytes, packed 40;
of records that are not there yet, of which many machines have the same, it takes 8.
"""

from __future__ import annotations

import marshal
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cmdb.model.new_records import NewRecords
from cmdb.model.revision import Edit, Record
from cmdb.model.shared_values import SharedValues

_BATCH = 4_000
"""Edits that are packed together; fewer are not worth it."""
_MANY = 100
"""New records that are kept together; fewer are edits like others."""
MANY = frozenset({"installation", "section"})
"""The kinds of records of which inventories have many: no other edit rests on them."""


class PackedEdits:
    """Edits that can be iterated any number of times: first those that are held as they are, then the packed ones, and
    last those of many new records.

    ``packs`` are the kinds of records whose edits are packed; None: of all.
    """

    def __init__(self, edits: Iterable[Edit] = (), packs: frozenset[str] | None = MANY) -> None:
        self._packs = packs
        self._held: list[Edit] = []
        self._packed: list[bytes] = []
        self._new: list[tuple[type[NewRecords], int, Callable[[], NewRecords]]] = []
        self._values = SharedValues()
        self._waiting: list[Edit] = []
        self._count = 0
        self.add(edits)

    def add(self, edits: Iterable[Edit]) -> None:
        """Adds edits."""
        packs = self._packs
        for one in edits:
            if packs is not None and one[0][0] not in packs:
                self._held.append(one)
                continue
            self._waiting.append(one)
            if len(self._waiting) >= _BATCH:
                self._packed.append(_packed(self._waiting))
                self._count += len(self._waiting)
                self._waiting = []

    def add_new(self, new: NewRecords) -> None:
        """Adds records of a kind that is packed, which are not there yet."""
        if len(new) < _MANY:
            self.add(new.edits())
            return
        self._new.append((type(new), len(new), new.kept(self._values)))
        self._count += len(new)

    def number_of_new(self, kind: type[NewRecords]) -> int:
        """How many of ``new`` are of a kind."""
        return sum(number for its, number, *_ in self._new if its is kind)

    def __iadd__(self, edits: Iterable[Edit]) -> PackedEdits:
        self.add(edits)
        return self

    @property
    def leading(self) -> Iterable[Edit]:
        """All edits but those of kinds on which no other edit rests."""
        return self if self._packs is None else self._held

    def __len__(self) -> int:
        return len(self._held) + self._count + len(self._waiting)

    def __iter__(self) -> Iterator[Edit]:
        yield from self.single
        for one in self.new:
            yield from one.edits()

    @property
    def single(self) -> Iterator[Edit]:
        """All edits but those of ``new``."""
        yield from self._held
        for one in self._packed:
            yield from _unpacked(one)
        yield from self._waiting

    @property
    def new(self) -> Iterator[NewRecords]:
        """Records that were added many at a time."""
        return (again() for _, _, again in self._new)


def _packed(edits: list[Edit]) -> bytes:
    try:
        raw = b"m" + marshal.dumps([(kind, key, *rest) for (kind, key), *rest in edits])
    except ValueError:  # an amount, for example
        raw = b"p" + pickle.dumps(edits, pickle.HIGHEST_PROTOCOL)
    return zlib.compress(raw, 1)


def _unpacked(packed: bytes) -> list[Edit]:
    raw = zlib.decompress(packed)
    if raw[:1] == b"p":
        found: list[Edit] = pickle.loads(raw[1:])
        return found
    make: Any = tuple.__new__
    return [
        make(Edit, (make(Record, (kind, key)), field, before, after))
        for kind, key, field, before, after in marshal.loads(raw[1:])
    ]
