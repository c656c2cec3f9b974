"""The input of the graph from the store: CIs, links and dependency groups as compact columns.

There is no object for each CI or link. A link is one number of 64 bits that contains its source, type and target, so
that sorting the numbers sorts the links.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from cmdb.graph.changes import GroupRecord
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.schema import Schema

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Shorts = NDArray[np.int16]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.integer]

Key = TypeVar("Key", bound=Hashable)

#: A packed link: 25 bits source, 12 bits type, 26 bits target; source and target are nodes (positions among the CIs).
TYPE_BITS, TARGET_BITS = 12, 26
MOST_NODES = 1 << 25


class GroupRecords(Sequence[GroupRecord]):
    """Stored groups as columns, by key. Equal texts are kept once."""

    def __init__(self, rows: Iterable[tuple[Hashable, int, str, str, str]]) -> None:
        codes: dict[tuple[str, str, str], int] = {}
        keys: list[Hashable] = []
        owners: list[int] = []
        which: list[int] = []
        for key, owner, label, needs, strength in rows:
            keys.append(key.encode() if isinstance(key, str) else key)
            owners.append(owner)
            which.append(codes.setdefault((label, needs, strength), len(codes)))
        self.texts = list(codes)
        self.by_text = all(isinstance(key, bytes) for key in keys)
        self.keys: NDArray[np.bytes_] | NDArray[np.object_]
        self.keys = np.array(keys, dtype="S") if self.by_text else _objects(keys)
        order = np.argsort(self.keys, kind="stable") if self.by_text else np.arange(len(keys))
        self.keys = self.keys[order]
        self.owners: Longs = np.array(owners, dtype=np.int64)[order]
        self.which: Ints = np.array(which, dtype=np.int32)[order]

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> GroupRecord: ...

    @overload
    def __getitem__(self, at: slice) -> list[GroupRecord]: ...

    def __getitem__(self, at: int | slice) -> GroupRecord | list[GroupRecord]:
        """The group at a position, or the groups of a slice."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        label, needs, strength = self.texts[self.which[at]]
        return GroupRecord(self.key(at), int(self.owners[at]), label, needs, strength)

    def key(self, at: int) -> Hashable:
        """The key of the group at a position."""
        key = self.keys[at]
        found: Hashable = key.decode() if self.by_text else key
        return found

    def find(self, key: Hashable) -> int:
        """The position of a key, or -1."""
        if self.by_text:
            return int(self.positions([str(key)])[0])
        return next((at for at, one in enumerate(self.keys) if one == key), -1)

    def positions(self, keys: Sequence[str]) -> Ints:
        """The positions of text keys; -1 for a missing key."""
        if not self.by_text or not len(keys) or not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int32)
        wanted = np.array([key.encode() for key in keys])
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, at, -1).astype(np.int32)


def _objects(values: list[Hashable]) -> NDArray[np.object_]:
    found = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        found[at] = value
    return found


class Locator:
    """Finds nodes by CI id: by a table if the ids are dense, otherwise by bisection."""

    def __init__(self, ids: Longs) -> None:
        self._ids = ids
        self._low = int(ids[0]) if len(ids) else 0
        span = int(ids[-1]) - self._low + 1 if len(ids) else 0
        self._table: Ints | None = None
        if 0 < span <= 4 * len(ids) + 1024:
            self._table = np.full(span, -1, dtype=np.int32)
            self._table[ids - self._low] = np.arange(len(ids), dtype=np.int32)

    def __call__(self, wanted: Longs) -> Longs:
        """The nodes of CI ids; -1 for a missing CI."""
        if not len(self._ids) or not len(wanted):
            return np.full(len(wanted), -1, dtype=np.int64)
        if self._table is None:
            at = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
            return np.where(self._ids[at] == wanted, at, -1)
        place = wanted - self._low
        inside = (place >= 0) & (place < len(self._table))
        return np.where(inside, self._table[np.where(inside, place, 0)], -1).astype(np.int64)


@dataclass(slots=True)
class Edges:
    """The estate's CIs and links.

    ``ids`` ascend; ``type_names`` and ``class_names`` are the names by code. ``links`` are packed. For a link in a
    stored group, ``grouped`` has the packed link and ``grouped_in`` the position of the group in ``records``. Reference
    attributes that name a relationship type are links of that type.
    """

    ids: Longs
    classes: Shorts
    class_names: tuple[str, ...]
    type_names: tuple[str, ...]
    records: GroupRecords
    links: list[Longs] = field(default_factory=list)
    grouped: list[Longs] = field(default_factory=list)
    grouped_in: list[Ints] = field(default_factory=list)
    _locate: Locator | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raises UserError for an estate that is too large."""
        if len(self.ids) > MOST_NODES:
            raise UserError(
                Message(
                    "The map, impact and cut sets take at most {most} records, and there are {number}. "
                    "Keep a part of them in an estate of its own.",
                    most=MOST_NODES,
                    number=len(self.ids),
                )
            )

    @classmethod
    def from_records(
        cls,
        cis: Iterable[tuple[int, str]],
        links: Iterable[tuple[str, int, int, Hashable | None]],
        groups: Mapping[Key, tuple[int, str, str] | tuple[int, str, str, str]] | None,
        schema: Schema,
    ) -> Edges:
        """Edges of (id, class); (type, source, target, group key or None); key → (owner, label, needs, strength)."""
        nodes = sorted(cis)
        given = list(links)
        class_names = names_of(schema.classes, (name for _, name in nodes))
        type_names = names_of(schema.relationships, (one[0] for one in given))
        code = {name: at for at, name in enumerate(class_names)}
        records = GroupRecords((key, *one, *[""] * (4 - len(one))) for key, one in (groups or {}).items())
        edges = cls(
            np.array([ci for ci, _ in nodes], dtype=np.int64),
            np.array([code[name] for _, name in nodes], dtype=np.int16),
            class_names,
            type_names,
            records,
        )
        place = {records.key(at): at for at in range(len(records))}
        by_type: dict[str, list[tuple[int, int, int]]] = {}
        for name, source, target, group in given:
            by_type.setdefault(name, []).append((source, target, place.get(group, -1) if group is not None else -1))
        for name, rows in by_type.items():
            source, target, group = np.array(rows, dtype=np.int64).T
            edges.add(name, source, target, group.astype(np.int32))
        return edges

    def add(self, type_name: str, source: Longs, target: Longs, group: Ints | None = None) -> None:
        """Adds links between CI ids. Links to missing CIs are left out.

        ``group`` has the position of each link's group in ``records``, -1 for none.
        """
        if self._locate is None:
            self._locate = Locator(self.ids)
        a, b = self._locate(source), self._locate(target)
        there = (a >= 0) & (b >= 0)
        packed = pack(a[there], self.type_names.index(type_name), b[there])
        if group is None:
            self.links.append(packed)
            return
        within = group[there]
        self.links.append(packed[within < 0])
        self.grouped.append(packed[within >= 0])
        self.grouped_in.append(within[within >= 0])


def names_of(known: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """The names of a schema in order, then found names that it lacks. A code is a position in this tuple."""
    first = sorted(known)
    return (*first, *sorted(set(found) - set(first)))


def pack(source: Longs, kind: int, target: Longs) -> Longs:
    """Nodes and a type code as packed links."""
    return (source << (TYPE_BITS + TARGET_BITS)) | (kind << TARGET_BITS) | target


def unpack(links: Longs) -> tuple[Ints, Shorts, Ints]:
    """Sources, type codes and targets of packed links."""
    source = (links >> (TYPE_BITS + TARGET_BITS)).astype(np.int32)
    kind = ((links >> TARGET_BITS) & ((1 << TYPE_BITS) - 1)).astype(np.int16)
    return source, kind, (links & ((1 << TARGET_BITS) - 1)).astype(np.int32)
