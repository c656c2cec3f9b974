"""Edits kept in little memory: those of a large revision are packed while it is made.

An inventory has a thousand installations and rows of sections. As objects each edit takes some 700 bytes, packed 40.
"""

from __future__ import annotations

import marshal
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cmdb.model.revision import Edit, Record

_BATCH = 4_000
"""Edits that are packed together; fewer are not worth it."""
_MANY = 100
"""New records of a kind that are packed together; fewer are edits like others."""
MANY = frozenset({"installation", "section"})
"""The kinds of records of which inventories have many: no other edit rests on them."""


class NewRecords(NamedTuple):
    """Records of one kind that are not there yet: their keys, all different, and the fields of each."""

    kind: str
    keys: Sequence[tuple[str, ...]]
    fields: Sequence[Mapping[str, object]]

    def edits(self) -> list[Edit]:
        """The edits that make them."""
        return [Edit(Record(self.kind, key), "", None, its) for key, its in zip(self.keys, self.fields, strict=True)]


class PackedEdits:
    """Edits that can be iterated any number of times: first those that are held as they are, then the packed ones, and
    last those of many new records.

    ``packs`` are the kinds of records whose edits are packed; None: of all.
    """

    def __init__(self, edits: Iterable[Edit] = (), packs: frozenset[str] | None = MANY) -> None:
        self._packs = packs
        self._held: list[Edit] = []
        self._packed: list[bytes] = []
        self._new: list[bytes] = []
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

    def add_new(self, kind: str, keys: Sequence[tuple[str, ...]], fields: Sequence[Mapping[str, object]]) -> None:
        """Adds records of a kind that is packed, which are not there yet, with their fields."""
        if len(keys) < _MANY:
            self.add(NewRecords(kind, keys, fields).edits())
            return
        self._new.append(_packed_new(kind, keys, fields))
        self._count += len(keys)

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
        return map(_unpacked_new, self._new)


def _packed(edits: list[Edit]) -> bytes:
    try:
        raw = b"m" + marshal.dumps([(kind, key, *rest) for (kind, key), *rest in edits])
    except ValueError:  # an amount, for example
        raw = b"p" + pickle.dumps(edits, pickle.HIGHEST_PROTOCOL)
    return zlib.compress(raw, 1)


def _packed_new(kind: str, keys: Sequence[tuple[str, ...]], fields: Sequence[Mapping[str, object]]) -> bytes:
    whole: Any = (kind, keys, fields)
    try:
        raw = b"m" + marshal.dumps(whole)
    except ValueError:
        raw = b"p" + pickle.dumps(whole, pickle.HIGHEST_PROTOCOL)
    return zlib.compress(raw, 1)


def _unpacked_new(packed: bytes) -> NewRecords:
    raw = zlib.decompress(packed)
    return NewRecords(*(pickle.loads(raw[1:]) if raw[:1] == b"p" else marshal.loads(raw[1:])))


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
