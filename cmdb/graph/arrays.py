"""The arrays of a graph, and the meaning of its classes and relationship types by their codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cmdb.graph import rules
from cmdb.graph.edges import Bytes, GroupRecords, Ints, Longs, Mask, Numbers, Shorts
from cmdb.graph.results import DataError
from cmdb.model.schema import Schema

#: The effect of a single link: its source depends on its target, its target depends on its source, or the loss of its
#: source, a part, degrades its target.
SOURCE, TARGET, PART = 1, 2, 4
#: The count of numbers that are reserved for groups which are added after a graph was built.
RESERVE = 1 << 17


@dataclass(frozen=True, slots=True)
class Tables:
    """The meaning of relationship types, by code, and of classes, by code."""

    hard: Mask
    subject_depends: Mask
    object_depends: Mask
    part: Mask
    placing: Mask
    virtualised: int
    standby: int
    papers: tuple[tuple[int, Mask], ...]
    """Types whose links to some classes carry no impact."""
    cluster: Mask

    @classmethod
    def of(cls, schema: Schema, type_names: tuple[str, ...], class_names: tuple[str, ...]) -> Tables:
        """The tables of a schema."""
        kinds = [schema.relationships.get(name) for name in type_names]
        ways = [rules.directions(kind) if kind else (False, False) for kind in kinds]
        code = {name: at for at, name in enumerate(type_names)}

        def classes(*names: str) -> Mask:
            family = rules.family(schema, *names)
            return np.array([name in family for name in class_names], dtype=bool)

        return cls(
            hard=np.array([kind is None or kind.strength == "hard" for kind in kinds], dtype=bool),
            subject_depends=np.array([way[0] for way in ways], dtype=bool),
            object_depends=np.array([way[1] for way in ways], dtype=bool),
            part=np.array([name in rules.PARTS for name in type_names], dtype=bool),
            placing=np.array([name in rules.PLACING for name in type_names], dtype=bool),
            virtualised=code.get(rules.VIRTUALISED, -1),
            standby=code.get(rules.STANDBY, -1),
            papers=tuple((code[name], classes(*papers)) for name, papers in rules.PAPERS.items() if name in code),
            cluster=classes(rules.CLUSTER),
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Arrays:
    """One state of the estate.

    Links are in the order of source, type and target; a node is a position in ``ids``. Groups 0 … ``len(records)`` - 1
    are the stored ones. Those after them, up to ``explicit``, are single links that a standby joined. A single link k
    has the groups ``first_single`` + 2k (its source depends) and + 2k + 1 (its target depends), if ``flags`` has the
    bit. These groups have no entries in the arrays of groups.
    """

    tables: Tables
    ids: Longs
    classes: Shorts
    class_names: tuple[str, ...]
    type_names: tuple[str, ...]
    source: Ints
    target: Ints
    type: Shorts
    flags: Bytes
    out_start: Ints
    """Node → its links as their source: ``out_start[n]`` to ``out_start[n + 1]``. The other ``_start`` arrays have the
    same form.
    """
    in_start: Ints
    in_link: Ints
    raw_link: Ints
    """The links that name a stored group, ascending, and the group in ``raw_record``; incorrect ones are included."""
    raw_record: Ints
    records: GroupRecords
    owner: Ints
    """For the groups below ``explicit``: the owner (a node or -1), the number needed, whether hard."""
    needs: Ints
    hard: Mask
    member_start: Ints
    member_node: Ints
    member_link: Ints
    own_start: Ints
    own_group: Ints
    of_start: Ints
    of_group: Ints
    errors: tuple[DataError, ...]

    @property
    def explicit(self) -> int:
        """The number of groups with entries in the arrays."""
        return len(self.owner)

    @property
    def first_single(self) -> int:
        """The number of the first single link's group."""
        return len(self.owner) + RESERVE


def rows(starts: Ints, values: Ints, keys: Numbers) -> Ints:
    """The rows ``keys`` of a compressed table, one after the other."""
    found: Ints = values[spans(starts, keys)]
    return found


def spans(starts: Ints, keys: Numbers) -> Ints:
    """The positions of the rows ``keys`` of a compressed table, one after the other."""
    first = starts[keys]
    lengths = starts[keys + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    at = np.arange(total, dtype=np.int32)
    at += np.repeat((first - (ends - lengths)).astype(np.int32), lengths)
    return at
