"""The estate's relationships as compact integer arrays, with what has changed since they were built.

Inside, nodes, links and groups are numbers; outside, CIs are their integer ids. Every dependency is a membership in a
group: a link without a group of its own stands in a group of one that needs one.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cmdb.graph.arrays import SOURCE, TARGET, Arrays
from cmdb.graph.columns import Columns
from cmdb.graph.edges import Edges, Ints, Longs
from cmdb.graph.results import DataError, DependencyGroup
from cmdb.model.errors import NotFound
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from cmdb.graph.changes import GraphChange
    from cmdb.graph.patch import Patch


class Graph(Columns):
    """The graph of one state of the estate; it does not change, so it may be read from any thread.

    ``following(change)`` gives the graph of the next state, which shares the arrays of this one.
    """

    def __init__(self, schema: Schema, arrays: Arrays, patch: Patch | None = None) -> None:
        super().__init__(arrays, patch)
        self.schema = schema
        self._hard = arrays.tables.hard.tolist()
        self._ids = arrays.ids.data
        self._classes = arrays.classes.data
        self._source, self._target = arrays.source.data, arrays.target.data
        self._type, self._flags = arrays.type.data, arrays.flags.data
        self._own_start, self._own_group = arrays.own_start.data, arrays.own_group.data
        self._of_start, self._of_group = arrays.of_start.data, arrays.of_group.data
        self._member_start, self._member_node = arrays.member_start.data, arrays.member_node.data
        self._out_start = arrays.out_start.data

    @classmethod
    def from_records(
        cls,
        cis: Iterable[tuple[int, str]],
        links: Iterable[tuple[str, int, int, Hashable | None]],
        groups: Mapping[Any, tuple[int, str, str] | tuple[int, str, str, str]] | None,
        schema: Schema,
    ) -> Graph:
        """The graph of plain records; see ``Edges.from_records``."""
        return cls.build(Edges.from_records(cis, links, groups, schema), schema)

    @classmethod
    def build(cls, edges: Edges, schema: Schema) -> Graph:
        """The graph of what the store handed over; ``edges`` are used up."""
        from cmdb.graph.build import build

        return cls(schema, build(edges, schema))

    def following(self, change: GraphChange) -> Graph | None:
        """The graph after a change; None where it has to be built anew."""
        from cmdb.graph.incremental_update import follow

        return follow(self, change)

    # -- CIs --------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """The number of CIs."""
        patch = self.patch
        return self._nodes + (len(patch.ids) - len(patch.gone) if patch is not None else 0)

    def nodes(self) -> Iterator[int]:
        """The nodes of all CIs."""
        gone = self.patch.gone if self.patch is not None else ()
        return (node for node in range(self.room) if node not in gone)

    @property
    def room(self) -> int:
        """Nodes are below this number."""
        return self._nodes + (len(self.patch.ids) if self.patch is not None else 0)

    def __contains__(self, ci: int) -> bool:
        """Whether the graph has CI ``ci``."""
        return self._find(ci) >= 0

    def _find(self, ci: int) -> int:
        at = bisect_left(self._ids, ci)
        if at == self._nodes or self._ids[at] != ci:
            at = self.patch.node_of.get(ci, -1) if self.patch is not None else -1
        return -1 if self.patch is not None and at in self.patch.gone else at

    def node(self, ci: int) -> int:
        """The position of a CI. Raises NotFound."""
        at = self._find(ci)
        if at < 0:
            raise NotFound(f"The graph has no record {ci}.")
        return at

    def id(self, node: int) -> int:
        """The CI id of a node."""
        if node < self._nodes:
            return self._ids[node]
        assert self.patch is not None
        return self.patch.ids[node - self._nodes]

    def nodes_at(self, ids: Longs) -> Longs:
        """The nodes of CIs, all of which are there."""
        if not len(ids) or not self._nodes:
            return np.array([self.node(ci) for ci in ids.tolist()], dtype=np.int64)
        at = np.minimum(np.searchsorted(self.arrays.ids, ids), self._nodes - 1)
        for place in np.flatnonzero(self.arrays.ids[at] != ids).tolist():
            at[place] = self.node(int(ids[place]))
        return at

    def code(self, node: int) -> int:
        """The class of a node, as a position in ``class_names``."""
        if self.patch is not None:
            if node in self.patch.recoded:
                return self.patch.recoded[node]
            if node >= self._nodes:
                return self.patch.classes[node - self._nodes]
        return self._classes[node]

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the class codes stand for."""
        return self.arrays.class_names

    def cls(self, ci: int) -> str:
        """The class name of a CI. Raises NotFound."""
        return self.arrays.class_names[self.code(self.node(ci))]

    def class_codes(self, class_name: str) -> frozenset[int]:
        """The codes of a class and its subclasses. Raises SchemaError."""
        self.schema.cls(class_name)
        family = set(self.schema.family(class_name))
        return frozenset(at for at, name in enumerate(self.arrays.class_names) if name in family)

    # -- links ------------------------------------------------------------------------------------------------------

    def link(self, number: int) -> tuple[int, int, str]:
        """Source, target (nodes) and type of a link."""
        return self.source(number), self.target(number), self.arrays.type_names[self.kind(number)]

    def source(self, link: int) -> int:
        """The node that is the source of a link."""
        if link < self._links:
            return self._source[link]
        assert self.patch is not None
        return self.patch.source[link - self._links]

    def target(self, link: int) -> int:
        """The node that is the target of a link."""
        if link < self._links:
            return self._target[link]
        assert self.patch is not None
        return self.patch.target[link - self._links]

    def kind(self, link: int) -> int:
        """The type of a link, as a position in ``type_names``."""
        if link < self._links:
            return self._type[link]
        assert self.patch is not None
        return self.patch.type[link - self._links]

    def does(self, link: int) -> int:
        """The flags of a link: what it does by itself."""
        if self.patch is not None and link in self.patch.flags:
            return self.patch.flags[link]
        return self._flags[link]

    def links(self, node: int) -> list[int]:
        """The numbers of the links that touch a node, each once: first those that it is the source of."""
        a, patch = self.arrays, self.patch
        found: list[int] = []
        if node < self._nodes:
            found = list(range(self._out_start[node], self._out_start[node + 1]))
            inward = a.in_link[a.in_start[node] : a.in_start[node + 1]]
            found += inward[a.source[inward] != node].tolist()
        if patch is not None and node in patch.touching:
            found = [link for link in found if link not in patch.cut]
            for link in patch.touching[node]:
                if link not in patch.cut:
                    insort(found, link, key=lambda one: self._place(one, node))
        return found

    def _place(self, link: int, node: int) -> tuple[Any, ...]:
        source, kind, target = self.order(link)
        return source != self.id(node), source, kind, target

    def order(self, link: int) -> tuple[int, int, int]:
        """Where a link stands among the others, whenever it came."""
        return self.id(self.source(link)), self.kind(link), self.id(self.target(link))

    # -- groups -----------------------------------------------------------------------------------------------------

    def groups_owned(self, node: int) -> Sequence[int]:
        """The numbers of the groups that a node owns: what it depends on."""
        found: Sequence[int] = ()
        if node < self._nodes:
            found = self._own_group[self._own_start[node] : self._own_start[node + 1]]
        if self.patch is None or node not in self.patch.owned:
            return found
        return self._merged(found, self.patch.owned[node])

    def groups_of(self, node: int) -> Sequence[int]:
        """The numbers of the groups that a node is a member of: what depends on it."""
        found: Sequence[int] = ()
        if node < self._nodes:
            found = self._of_group[self._of_start[node] : self._of_start[node + 1]]
        if self.patch is None or node not in self.patch.of:
            return found
        return self._merged(found, self.patch.of[node])

    def _merged(self, old: Sequence[int], new: list[int]) -> list[int]:
        assert self.patch is not None
        over = self.patch.over
        found = [group for group in old if group not in over]
        for group in new:
            if group not in over:
                insort(found, group, key=self.rank)
        return found

    def rank(self, group: int) -> tuple[Any, ...]:
        """Where a group stands among the others, whenever it came: stored ones by key, then single links."""
        if group < self.first_single:
            key = self.key(group)
            if key is not None:
                return 0, str(key).encode() if self.arrays.records.by_text else self._at(group)
            link, side = self.single(group)
            return 1, *self.order(link), side
        link, side = divmod(group - self.first_single, 2)
        return 2, *self.order(link), side

    def _at(self, group: int) -> int:
        """The place of a stored group among groups whose keys are no text: they stand as they were given."""
        return group if group < self._groups else self.arrays.records.find(self.key(group)) % (1 << 31)

    def single(self, group: int) -> tuple[int, int]:
        """Link and side of a group that a standby made of a single link."""
        if group >= self._groups:
            assert self.patch is not None
            single = self.patch.groups[group - self._groups].single
            assert single is not None
            return single
        link = int(self.arrays.member_link[self._member_start[group]])
        return link, int(self._source[link] != int(self.arrays.owner[group]))

    def owner(self, group: int) -> int:
        """The node that owns a group, -1 where it is not there."""
        if group >= self.first_single:
            link, side = divmod(group - self.first_single, 2)
            return self.target(link) if side else self.source(link)
        if group < self._groups:
            return int(self.arrays.owner[group])
        assert self.patch is not None
        return self.patch.groups[group - self._groups].owner

    def needed(self, group: int) -> int:
        """How many members a group needs."""
        if group >= self.first_single:
            return 1
        if group < self._groups:
            return int(self.arrays.needs[group])
        assert self.patch is not None
        return self.patch.groups[group - self._groups].needs

    def size(self, group: int) -> int:
        """How many members a group has."""
        if group >= self.first_single:
            return 1
        if group < self._groups:
            return self._member_start[group + 1] - self._member_start[group]
        assert self.patch is not None
        return len(self.patch.groups[group - self._groups].members)

    def hard(self, group: int) -> bool:
        """Whether the owner of a group cannot work without it."""
        if group >= self.first_single:
            link, side = divmod(group - self.first_single, 2)
            return bool(self._hard[self.kind(link)] and self.does(link) & (TARGET if side else SOURCE))
        if group < self._groups:
            return bool(self.arrays.hard[group])
        assert self.patch is not None
        return self.patch.groups[group - self._groups].hard

    def members(self, group: int) -> Sequence[int]:
        """The nodes in a group."""
        if group >= self.first_single:
            link, side = divmod(group - self.first_single, 2)
            return (self.source(link) if side else self.target(link),)
        if group < self._groups:
            return self._member_node[self._member_start[group] : self._member_start[group + 1]]
        assert self.patch is not None
        return self.patch.groups[group - self._groups].members

    def member_links(self, group: int) -> Sequence[int]:
        """For each member of a group, the link by which it is one."""
        if group >= self.first_single:
            return ((group - self.first_single) // 2,)
        if group < self._groups:
            found: list[int] = self.arrays.member_link[
                self._member_start[group] : self._member_start[group + 1]
            ].tolist()
            return found
        assert self.patch is not None
        return self.patch.groups[group - self._groups].links

    def key(self, group: int) -> Hashable | None:
        """The key of a stored group; None for a single link."""
        if group >= self.first_single:
            return None
        if group < self._groups:
            return self.arrays.records.key(group) if group < len(self.arrays.records) else None
        assert self.patch is not None
        record = self.patch.groups[group - self._groups].record
        return record.key if record is not None else None

    def stored(self, group: int) -> bool:
        """Whether a group was stored as one, rather than being a single link."""
        return self.key(group) is not None

    def kind_of(self, group: int) -> int:
        """The relationship type by which a group's first member is one, as a position in ``type_names``; or -1."""
        links = self.member_links(group)
        return self.kind(links[0]) if len(links) else -1

    def group(self, number: int) -> DependencyGroup:
        """A group as others see it."""
        kind, key = self.kind_of(number), self.key(number)
        if key is None:
            label = ""
        elif number < self._groups:
            label = self.arrays.records[number].label
        else:
            assert self.patch is not None
            record = self.patch.groups[number - self._groups].record
            label = record.label if record is not None else ""
        owner = self.owner(number)
        return DependencyGroup(
            number=number,
            owner=self.id(owner) if owner >= 0 else -1,
            label=label,
            needs=self.needed(number),
            hard=self.hard(number),
            members=tuple(self.id(node) for node in self.members(number)),
            type=self.arrays.type_names[kind] if kind >= 0 else "",
            key=key,
        )

    def groups(self, ci: int) -> list[DependencyGroup]:
        """What a CI depends on, group by group. Raises NotFound."""
        return [self.group(number) for number in self.groups_owned(self.node(ci))]

    def needed_by(self, node: int) -> int:
        """How many others depend on a node directly."""
        owners = self.owners(np.array(self.groups_of(node), dtype=np.int32))
        return len(np.unique(owners[(owners != node) & (owners >= 0)]))

    def stored_groups(self) -> Iterator[int]:
        """The numbers of the stored groups."""
        over = self.patch.over if self.patch is not None else ()
        yield from (number for number in range(len(self.arrays.records)) if number not in over)
        for at, one in enumerate(self.patch.groups if self.patch is not None else ()):
            if one.record is not None and self._groups + at not in over:
                yield self._groups + at

    @property
    def errors(self) -> tuple[DataError, ...]:
        """Groups that contradict themselves."""
        if self.patch is None or not self.patch.errors:
            return self.arrays.errors
        kept = [error for error in self.arrays.errors if error.key not in self.patch.errors]
        return (*kept, *(error for found in self.patch.errors.values() for error in found))

    def links_of_all(self, node: int) -> tuple[Ints, Ints]:
        """The links of a node, and the nodes at their other ends, as arrays."""
        links = np.array(self.links(node), dtype=np.int32)
        patch = self.patch
        sources = self.taken(self.arrays.source, patch.source if patch is not None else (), links)
        targets = self.taken(self.arrays.target, patch.target if patch is not None else (), links)
        return links, np.where(sources == node, targets, sources)
