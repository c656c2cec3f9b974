"""A frozen graph with the changes since: graphs of near moments share their arrays."""

from __future__ import annotations

from bisect import insort
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from cmdb.graph.arrays import SOURCE, TARGET
from cmdb.graph.changes import GroupRecord
from cmdb.graph.delta import Delta, continued
from cmdb.graph.edges import Ints, Longs, Mask, Numbers
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.lookups import link_order, single_link
from cmdb.graph.results import DataError
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message

#: The sort key of a group.
Rank = tuple[int | bytes, ...]


class OverlaidGraph:
    """A frozen graph and a delta; ``Graph`` describes the methods.

    The delta continues the numbers of the arrays: lower numbers belong to the base.
    """

    def __init__(self, base: FrozenGraph, delta: Delta) -> None:
        self.base = base
        self.delta = delta
        self.schema = base.schema
        self.first_single = base.first_single
        self._nodes, self._links, self._groups = base.room, len(base.arrays.source), base.arrays.explicit
        self._first_new = self.first_single + 2 * self._links

    @property
    def room(self) -> int:
        """Nodes are below this number."""
        return self._nodes + len(self.delta.ids)

    @property
    def errors(self) -> tuple[DataError, ...]:
        """Groups that contradict themselves: the errors of the base, and for rebuilt groups the current ones."""
        again = self.delta.errors
        kept = [error for error in self.base.errors if error.key not in again]
        return (*kept, *(error for found in again.values() for error in found))

    # -- CIs --------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """The number of CIs."""
        return self.room - len(self.delta.gone)

    def __contains__(self, ci: int) -> bool:
        """Whether the graph has a CI."""
        at = self.place(ci)
        return at >= 0 and at not in self.delta.gone

    def place(self, ci: int) -> int:
        """The node of a CI, even of a removed CI; -1 if it never existed."""
        at = self.base.find(ci)
        return at if at >= 0 else self.delta.node_of.get(ci, -1)

    def node(self, ci: int) -> int:
        """The node of a CI. Raises NotFound."""
        at = self.place(ci)
        if at < 0 or at in self.delta.gone:
            raise NotFound(Message("The graph has no record {record}.", record=str(ci)))
        return at

    def nodes(self) -> Iterator[int]:
        """The nodes of all CIs."""
        return (node for node in range(self.room) if node not in self.delta.gone)

    def nodes_at(self, ids: Longs) -> Longs:
        """The nodes of CIs, all of which must exist."""
        known = self.base.arrays.ids
        if not len(known):
            return np.array([self.node(ci) for ci in ids.tolist()], dtype=np.int64)
        found = np.minimum(np.searchsorted(known, ids), self._nodes - 1)
        for at in np.flatnonzero(known[found] != ids).tolist():
            found[at] = self.node(int(ids[at]))
        return found

    def id(self, node: int) -> int:
        """The CI id of a node."""
        return self.base.id(node) if node < self._nodes else self.delta.ids[node - self._nodes]

    def ids(self, nodes: Numbers) -> Longs:
        """The CI ids of nodes."""
        return continued(self.base.arrays.ids, self.delta.ids, nodes)

    def code(self, node: int) -> int:
        """The class of a node."""
        if node in self.delta.recoded:
            return self.delta.recoded[node]
        return self.base.code(node) if node < self._nodes else self.delta.classes[node - self._nodes]

    def codes(self, nodes: Numbers) -> Numbers:
        """The classes of nodes."""
        found = continued(self.base.arrays.classes, self.delta.classes, nodes)
        if self.delta.recoded:
            again = np.flatnonzero(np.isin(nodes, list(self.delta.recoded)))
            found[again] = [self.delta.recoded[node] for node in nodes[again].tolist()]
        return found

    # -- links ------------------------------------------------------------------------------------------------------

    def source(self, link: int) -> int:
        """The source of a link."""
        return self.base.source(link) if link < self._links else self.delta.source[link - self._links]

    def target(self, link: int) -> int:
        """The target of a link."""
        return self.base.target(link) if link < self._links else self.delta.target[link - self._links]

    def ends(self, links: Numbers) -> tuple[Ints, Ints]:
        """The sources and the targets of links."""
        a, delta = self.base.arrays, self.delta
        return continued(a.source, delta.source, links), continued(a.target, delta.target, links)

    def kind(self, link: int) -> int:
        """The type of a link."""
        return self.base.kind(link) if link < self._links else self.delta.type[link - self._links]

    def flags(self, link: int) -> int:
        """The effect of a single link: see ``arrays``."""
        found = self.delta.flags.get(link)
        return self.base.flags(link) if found is None else found

    def named(self, link: int) -> Hashable | None:
        """The key of the stored group that a link names, also where it has no place in it."""
        return self.base.named(link) if link < self._links else self.delta.named.get(link)

    def naming(self, key: Hashable) -> list[int]:
        """The links that name a stored group."""
        new = (link for link, name in self.delta.named.items() if name == key)
        return [link for link in (*self.base.naming(key), *new) if link not in self.delta.cut]

    def alike(self, source: int, kind: int, target: int) -> list[int]:
        """The links of these ends and this type."""
        old = self.base.alike(source, kind, target) if source < self._nodes else ()
        wanted = source, kind, target
        found = [link for link in old if link not in self.delta.cut]
        return found + [
            link
            for link in self._new_links(source)
            if (self.source(link), self.kind(link), self.target(link)) == wanted
        ]

    def _new_links(self, node: int) -> list[int]:
        return [link for link in self.delta.touching.get(node, ()) if link not in self.delta.cut]

    def links(self, node: int) -> list[int]:
        """The links that touch a node."""
        found = self.base.links(node) if node < self._nodes else []
        if node not in self.delta.touching:
            return found

        def place(link: int) -> tuple[int, ...]:
            return self.source(link) != node, *link_order(self, link)

        found = [link for link in found if link not in self.delta.cut]
        for link in self._new_links(node):
            insort(found, link, key=place)
        return found

    def links_of_all(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The links of several nodes, and their other ends."""
        delta = self.delta
        links, others = self.base.links_of_all(nodes[nodes < self._nodes])
        if not delta.touching:
            return links, others
        kept = ~np.isin(links, np.fromiter(delta.cut, dtype=np.int32, count=len(delta.cut)))
        changed = np.fromiter(delta.touching, dtype=np.int64)
        more = [
            (link, self.target(link) if self.source(link) == node else self.source(link))
            for node in changed[np.isin(changed, nodes)].tolist()
            for link in self._new_links(node)
        ]
        added = np.array(more, dtype=np.int32).reshape(-1, 2)
        return np.concatenate([links[kept], added[:, 0]]), np.concatenate([others[kept], added[:, 1]])

    # -- groups -----------------------------------------------------------------------------------------------------

    def groups_owned(self, node: int) -> Sequence[int]:
        """The groups that a node owns."""
        old = self.base.groups_owned(node) if node < self._nodes else ()
        return self._merged(old, self.delta.owned[node]) if node in self.delta.owned else old

    def groups_of(self, node: int) -> Sequence[int]:
        """The groups that a node is a member of."""
        old = self.base.groups_of(node) if node < self._nodes else ()
        return self._merged(old, self.delta.of[node]) if node in self.delta.of else old

    def _merged(self, old: Sequence[int], new: list[int]) -> list[int]:
        over = self.delta.over
        found = [group for group in old if group not in over]
        for group in new:
            if group not in over:
                insort(found, group, key=self._rank)
        return found

    def groups_of_all(self, nodes: Numbers) -> Ints:
        """The groups of which the nodes are members."""
        delta = self.delta
        found = self.base.groups_of_all(nodes[nodes < self._nodes])
        if not delta.of:
            return found
        if delta.over:
            found = found[~np.isin(found, np.fromiter(delta.over, dtype=np.int32))]
        changed = np.fromiter(delta.of, dtype=np.int64)
        changed = changed[np.isin(changed, nodes)]
        more = [group for node in changed.tolist() for group in delta.of[node] if group not in delta.over]
        return np.concatenate([found, np.array(more, dtype=np.int32)])

    def owner(self, group: int) -> int:
        """The owner of a group."""
        if group < self._groups or self.first_single <= group < self._first_new:
            return self.base.owner(group)
        if group < self.first_single:
            return self.delta.groups[group - self._groups].owner
        link, side = divmod(group - self._first_new, 2)
        return self.delta.target[link] if side else self.delta.source[link]

    def owners(self, groups: Numbers) -> Ints:
        """The owners of groups."""
        found = np.empty(len(groups), dtype=np.int32)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        sources, targets = self.ends(link)
        found[single] = np.where(side == 1, targets, sources)
        new = [one.owner for one in self.delta.groups]
        found[~single] = continued(self.base.arrays.owner, new, groups[~single])
        return found

    def hard(self, group: int) -> bool:
        """Whether a group is hard."""
        if group < self.first_single:
            return self.base.hard(group) if group < self._groups else self.delta.groups[group - self._groups].hard
        link, side = divmod(group - self.first_single, 2)
        if link not in self.delta.flags:
            return self.base.hard(group)
        flags = self.delta.flags[link]
        return bool(self.base.arrays.tables.hard[self.kind(link)] and flags & (TARGET if side else SOURCE))

    def hards(self, groups: Numbers) -> Mask:
        """Whether groups are hard."""
        a, delta = self.base.arrays, self.delta
        found = np.empty(len(groups), dtype=bool)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        kinds = continued(a.type, delta.type, link)
        flags = continued(a.flags, [0] * len(delta.type), link)
        if delta.flags:
            again = np.flatnonzero(np.isin(link, np.fromiter(delta.flags, dtype=np.int64)))
            flags[again] = [delta.flags[one] for one in link[again].tolist()]
        found[single] = a.tables.hard[kinds] & ((flags & np.where(side == 1, TARGET, SOURCE)) > 0)
        found[~single] = continued(a.hard, [one.hard for one in delta.groups], groups[~single])
        return found

    def size(self, group: int) -> int:
        """The number of members of a group."""
        if group >= self.first_single:
            return 1
        return self.base.size(group) if group < self._groups else len(self.delta.groups[group - self._groups].members)

    def needed(self, group: int) -> int:
        """The number of members that a group needs."""
        if group >= self.first_single:
            return 1
        return self.base.needed(group) if group < self._groups else self.delta.groups[group - self._groups].needs

    def spare(self, groups: Numbers) -> Longs:
        """The numbers of members that groups may lose."""
        found = np.empty(len(groups), dtype=np.int64)
        old = groups < self._groups
        found[old] = self.base.spare(groups[old])
        new = [self.delta.groups[group - self._groups] for group in groups[~old].tolist()]
        found[~old] = [len(one.members) - one.needs for one in new]
        return found

    def members(self, group: int) -> Sequence[int]:
        """The nodes in a group."""
        if group < self._groups or self.first_single <= group < self._first_new:
            return self.base.members(group)
        if group < self.first_single:
            return self.delta.groups[group - self._groups].members
        link, side = divmod(group - self._first_new, 2)
        return (self.delta.source[link] if side else self.delta.target[link],)

    def member_links(self, group: int) -> Sequence[int]:
        """The links by which the members of a group are in it."""
        if self._groups <= group < self.first_single:
            return self.delta.groups[group - self._groups].links
        return self.base.member_links(group)

    def record(self, group: int) -> GroupRecord | None:
        """The stored record of a group."""
        if self._groups <= group < self.first_single:
            return self.delta.groups[group - self._groups].record
        return self.base.record(group)

    def stored_groups(self) -> Iterator[int]:
        """The groups that are stored."""
        yield from (group for group in self.base.stored_groups() if group not in self.delta.over)
        for group, one in enumerate(self.delta.groups, self._groups):
            if one.record is not None and group not in self.delta.over:
                yield group

    def find_group(self, key: Hashable) -> int:
        """The number of a stored group; -1 if it does not exist."""
        found = self.delta.number.get(key)
        return self.base.arrays.records.find(key) if found is None else found

    def earlier(self, group: int, other: int) -> int:
        """The first of two groups in order."""
        return other if group != other and self._rank(other) < self._rank(group) else group

    def unordered(self, nodes: Ints) -> Longs:
        """The positions of the nodes whose own groups have changed."""
        return np.flatnonzero(np.isin(nodes, np.fromiter(self.delta.owned, dtype=np.int64)))

    def _rank(self, group: int) -> Rank:
        """The stored ones by key, then the single links that a standby joined, then the others, each by its link."""
        if group >= self.first_single:
            link, side = divmod(group - self.first_single, 2)
            return 2, *link_order(self, link), side
        record = self.record(group)
        if record is None:
            link, side = single_link(self, group)
            return 1, *link_order(self, link), side
        if self.base.arrays.records.by_text:
            return 0, str(record.key).encode()
        # Groups whose keys are not texts keep the given order; new ones follow.
        return 0, group if group < self._groups else self.base.arrays.records.find(record.key) % (1 << 31)
