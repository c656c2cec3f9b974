"""The estate's relationships as compact integer arrays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from cmdb.graph.arrays import SOURCE, TARGET, Arrays, rows, spans
from cmdb.graph.changes import GroupRecord
from cmdb.graph.construction import build
from cmdb.graph.edges import Edges, Ints, Longs, Mask, Numbers
from cmdb.graph.results import DataError
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.model.schema import Schema


class FrozenGraph:
    """A graph that consists of arrays only; see ``Graph`` for the methods."""

    def __init__(self, schema: Schema, arrays: Arrays) -> None:
        self.schema = schema
        self.arrays = arrays
        self.first_single = arrays.first_single
        self.room = len(arrays.ids)
        self.errors: tuple[DataError, ...] = arrays.errors
        # One number out of a memory view costs half of one out of an array.
        self._hard_type = arrays.tables.hard.tolist()
        self._ids, self._classes = arrays.ids.data, arrays.classes.data
        self._source, self._target = arrays.source.data, arrays.target.data
        self._type, self._flags = arrays.type.data, arrays.flags.data
        self._out_start = arrays.out_start.data
        self._own_start, self._own_group = arrays.own_start.data, arrays.own_group.data
        self._of_start, self._of_group = arrays.of_start.data, arrays.of_group.data
        self._owner, self._needs, self._hard = arrays.owner.data, arrays.needs.data, arrays.hard.data
        self._member_start, self._member_node = arrays.member_start.data, arrays.member_node.data
        self._member_link = arrays.member_link.data

    @classmethod
    def build(cls, edges: Edges, schema: Schema) -> FrozenGraph:
        """The graph of compact columns; ``edges`` are used up."""
        return cls(schema, build(edges, schema))

    @property
    def base(self) -> FrozenGraph:
        """Itself."""
        return self

    # -- CIs --------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """The number of CIs."""
        return self.room

    def __contains__(self, ci: int) -> bool:
        """Whether the graph has a CI."""
        return self.find(ci) >= 0

    def find(self, ci: int) -> int:
        """The node of a CI, or -1."""
        at = bisect_left(self._ids, ci)
        return at if at < self.room and self._ids[at] == ci else -1

    def node(self, ci: int) -> int:
        """The node of a CI. Raises NotFound."""
        at = self.find(ci)
        if at < 0:
            raise NotFound(Message("The graph has no record {record}.", record=str(ci)))
        return at

    def nodes(self) -> Iterator[int]:
        """The nodes of all CIs."""
        return iter(range(self.room))

    def nodes_at(self, ids: Longs) -> Longs:
        """The nodes of CIs, all of which must exist."""
        return np.searchsorted(self.arrays.ids, ids)

    def id(self, node: int) -> int:
        """The CI id of a node."""
        return self._ids[node]

    def ids(self, nodes: Numbers) -> Longs:
        """The CI ids of nodes."""
        found: Longs = self.arrays.ids[nodes]
        return found

    def code(self, node: int) -> int:
        """The class of a node."""
        return self._classes[node]

    def codes(self, nodes: Numbers) -> Numbers:
        """The classes of nodes."""
        found: Numbers = self.arrays.classes[nodes]
        return found

    # -- links ------------------------------------------------------------------------------------------------------

    def source(self, link: int) -> int:
        """The source of a link."""
        return self._source[link]

    def target(self, link: int) -> int:
        """The target of a link."""
        return self._target[link]

    def ends(self, links: Numbers) -> tuple[Ints, Ints]:
        """The sources and the targets of links."""
        return self.arrays.source[links], self.arrays.target[links]

    def kind(self, link: int) -> int:
        """The type of a link."""
        return self._type[link]

    def flags(self, link: int) -> int:
        """The effect of a single link: see ``arrays``."""
        return self._flags[link]

    def named(self, link: int) -> Hashable | None:
        """The key of the stored group that a link names, also where it has no place in it."""
        a = self.arrays
        at = int(np.searchsorted(a.raw_link, link))
        there = at < len(a.raw_link) and a.raw_link[at] == link
        return a.records.key(int(a.raw_record[at])) if there else None

    def naming(self, key: Hashable) -> list[int]:
        """The links that name a stored group."""
        at = self.arrays.records.find(key)
        found: list[int] = self.arrays.raw_link[self.arrays.raw_record == at].tolist() if at >= 0 else []
        return found

    def alike(self, source: int, kind: int, target: int) -> range:
        """The links of these ends and this type."""
        a = self.arrays
        low, high = self._out_start[source], self._out_start[source + 1]
        low, high = (low + int(np.searchsorted(a.type[low:high], kind, side)) for side in ("left", "right"))
        first, last = (low + int(np.searchsorted(a.target[low:high], target, side)) for side in ("left", "right"))
        return range(first, last)

    def links(self, node: int) -> list[int]:
        """The links that touch a node."""
        a = self.arrays
        inward = a.in_link[a.in_start[node] : a.in_start[node + 1]]
        others: list[int] = inward[a.source[inward] != node].tolist()
        return [*range(self._out_start[node], self._out_start[node + 1]), *others]

    def links_of_all(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The links of several nodes, and their other ends."""
        a = self.arrays
        outward = spans(a.out_start, nodes)
        inward = rows(a.in_start, a.in_link, nodes)
        return np.concatenate([outward, inward]), np.concatenate([a.target[outward], a.source[inward]])

    # -- groups -----------------------------------------------------------------------------------------------------

    def groups_owned(self, node: int) -> Sequence[int]:
        """The groups that a node owns."""
        return self._own_group[self._own_start[node] : self._own_start[node + 1]]

    def groups_of(self, node: int) -> Sequence[int]:
        """The groups that a node is a member of."""
        return self._of_group[self._of_start[node] : self._of_start[node + 1]]

    def groups_of_all(self, nodes: Numbers) -> Ints:
        """The groups of which the nodes are members."""
        return rows(self.arrays.of_start, self.arrays.of_group, nodes)

    def owner(self, group: int) -> int:
        """The owner of a group."""
        if group < self.first_single:
            return self._owner[group]
        link, side = divmod(group - self.first_single, 2)
        return self._target[link] if side else self._source[link]

    def owners(self, groups: Numbers) -> Ints:
        """The owners of groups."""
        found = np.empty(len(groups), dtype=np.int32)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        found[single] = np.where(side == 1, self.arrays.target[link], self.arrays.source[link])
        found[~single] = self.arrays.owner[groups[~single]]
        return found

    def hard(self, group: int) -> bool:
        """Whether a group is hard."""
        if group < self.first_single:
            return bool(self._hard[group])
        link, side = divmod(group - self.first_single, 2)
        return bool(self._hard_type[self._type[link]] and self._flags[link] & (TARGET if side else SOURCE))

    def hards(self, groups: Numbers) -> Mask:
        """Whether groups are hard."""
        a = self.arrays
        found = np.empty(len(groups), dtype=bool)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        found[single] = a.tables.hard[a.type[link]] & ((a.flags[link] & np.where(side == 1, TARGET, SOURCE)) > 0)
        found[~single] = a.hard[groups[~single]]
        return found

    def size(self, group: int) -> int:
        """The number of members of a group."""
        return 1 if group >= self.first_single else self._member_start[group + 1] - self._member_start[group]

    def needed(self, group: int) -> int:
        """The number of members that a group needs."""
        return 1 if group >= self.first_single else self._needs[group]

    def spare(self, groups: Numbers) -> Longs:
        """The numbers of members that groups may lose."""
        a = self.arrays
        return (a.member_start[groups + 1] - a.member_start[groups] - a.needs[groups]).astype(np.int64)

    def members(self, group: int) -> Sequence[int]:
        """The nodes in a group."""
        if group < self.first_single:
            return self._member_node[self._member_start[group] : self._member_start[group + 1]]
        link, side = divmod(group - self.first_single, 2)
        return (self._source[link] if side else self._target[link],)

    def member_links(self, group: int) -> Sequence[int]:
        """The links by which the members of a group are in it."""
        if group >= self.first_single:
            return ((group - self.first_single) // 2,)
        return self._member_link[self._member_start[group] : self._member_start[group + 1]]

    def record(self, group: int) -> GroupRecord | None:
        """The stored record of a group."""
        return self.arrays.records[group] if group < len(self.arrays.records) else None

    def stored_groups(self) -> Iterator[int]:
        """The groups that are stored."""
        return iter(range(len(self.arrays.records)))

    def earlier(self, group: int, other: int) -> int:
        """The first of two groups in order: they are numbered in that order."""
        return min(group, other)

    def unordered(self, nodes: Ints) -> Longs:
        """None: all are numbered in their order."""
        return np.empty(0, dtype=np.int64)
