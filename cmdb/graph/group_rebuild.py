"""Removes the groups and single links that a change affects from a graph, and builds them anew into its delta."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

import numpy as np

from cmdb.graph.arrays import PART, SOURCE, TARGET, Arrays
from cmdb.graph.changes import GraphChange, GroupRecord
from cmdb.graph.construction import build
from cmdb.graph.delta import ExplicitGroup
from cmdb.graph.edges import Edges, GroupRecords
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.lookups import link_order, single_link
from cmdb.graph.overlay import OverlaidGraph

#: The effects of a link on its ends: on its source (0), on its target (1).
SIDES = (0, SOURCE), (1, TARGET | PART)


class GroupRebuild:
    """One rebuild: ``again`` are the keys of the stored groups, ``fresh`` the links whose effect may have changed.

    The delta already has the new CIs and links.
    """

    def __init__(self, graph: OverlaidGraph, change: GraphChange, again: set[Hashable], fresh: list[int]) -> None:
        self.graph, self.delta = graph, graph.delta
        self.arrays, self.tables = graph.base.arrays, graph.base.arrays.tables
        self.again, self.fresh = again, fresh
        self.records: dict[Hashable, GroupRecord | None] = dict.fromkeys(change.ungrouped)
        """The current records of the stored groups that were removed or added; None for removed ones."""
        self.records.update((record.key, record) for record in change.grouped)

    def run(self, cut: Iterable[int]) -> None:
        """Runs the rebuild; ``cut`` are the removed links."""
        self._take_out([*cut, *self.fresh])
        links, records = self._context()
        self._graft(links, self._built(links, records))

    # -- taking out -------------------------------------------------------------------------------------------------

    def _take_out(self, links: Iterable[int]) -> None:
        first = self.graph.first_single
        for link in links:
            for side, bits in SIDES:
                if self.graph.flags(link) & bits:
                    self._end(first + 2 * link + side)
                joined = self._joined(link, side)
                if joined >= 0:
                    self._end(joined)
        for key in self.again:
            number = self.graph.find_group(key)
            if number >= 0:
                self.records.setdefault(key, self.graph.record(number))
                self._end(number)
            self.delta.number[key] = -1
            self.delta.errors[key] = ()

    def _end(self, group: int) -> None:
        """Removes a group, and marks its owner and members as changed."""
        delta, graph = self.delta, self.graph
        delta.over.add(group)
        owner = graph.owner(group)
        if owner >= 0:
            delta.owned.setdefault(owner, [])
        for node in graph.members(group):
            delta.of.setdefault(node, [])

    def _joined(self, link: int, side: int) -> int:
        """The number of the group that a standby made of a single link, or -1."""
        if (link, side) in self.delta.joined:
            return self.delta.joined[link, side]
        a = self.arrays
        if link >= len(a.source):
            return -1
        node = int(a.source[link] if side == 0 else a.target[link])
        owned = a.own_group[a.own_start[node] : a.own_start[node + 1]]
        for group in owned[(owned >= len(a.records)) & (owned < a.explicit)].tolist():
            if single_link(self.graph, group) == (link, side):
                return int(group)
        return -1

    # -- what has to be known to build it anew ----------------------------------------------------------------------

    def _context(self) -> tuple[list[int], GroupRecords]:
        """The links that bear on what was taken out, in their order, and the groups they name."""
        graph = self.graph
        found = dict.fromkeys(self.fresh)
        for key in self.again:
            found.update(dict.fromkeys(graph.naming(key)))
        for node in {graph.source(link) for link in found if self.tables.placing[graph.kind(link)]}:
            of_node = (link for link in graph.links(node) if graph.kind(link) == self.tables.virtualised)
            found.update(dict.fromkeys(of_node))
        if self.tables.standby >= 0:
            self._add_standbys(found)
        keys = dict.fromkeys([*(graph.named(link) for link in found), *self.again])
        records = GroupRecords(record for key in keys if key is not None and (record := self._record(key)) is not None)
        place = {records.key(at): at for at in range(len(records))}
        order = sorted(found, key=lambda link: (*link_order(graph, link), place.get(graph.named(link), len(place))))
        return order, records

    def _add_standbys(self, links: dict[int, None]) -> None:
        """Adds the links of the standbys for an end of ``links``, and of the standbys for these standbys."""
        graph = self.graph
        nodes = {node for link in links for node in (graph.source(link), graph.target(link))}
        queue = list(nodes)
        for node in queue:
            for link in self._standbys(node):
                links[link] = None
                if graph.source(link) not in nodes:
                    nodes.add(graph.source(link))
                    queue.append(graph.source(link))

    def _standbys(self, node: int) -> Iterator[int]:
        """The links of the standbys for a node."""
        graph, a, delta = self.graph, self.arrays, self.delta
        if node < graph.base.room:  # which may have very many links
            inward = a.in_link[a.in_start[node] : a.in_start[node + 1]]
            old = inward[a.type[inward] == self.tables.standby].tolist()
            yield from (link for link in old if link not in delta.cut)
        for link in delta.touching.get(node, ()):
            if link not in delta.cut and graph.target(link) == node and graph.kind(link) == self.tables.standby:
                yield link

    def _record(self, key: Hashable) -> GroupRecord | None:
        """The current record of a stored group."""
        if key in self.records:
            return self.records[key]
        number = self.graph.find_group(key)
        return self.graph.record(number) if number >= 0 else None

    def _built(self, links: list[int], records: GroupRecords) -> Arrays:
        graph, a = self.graph, self.arrays
        ends = {node for link in links for node in (graph.source(link), graph.target(link))}
        ends |= {graph.node(ci) for ci in records.owners.tolist() if ci in graph}
        ids = sorted((graph.id(node), graph.code(node)) for node in ends)
        edges = Edges(
            np.array([ci for ci, _ in ids], dtype=np.int64),
            np.array([code for _, code in ids], dtype=np.int16),
            a.class_names,
            a.type_names,
            records,
        )
        place = {records.key(at): at for at in range(len(records))}
        by_type: dict[int, list[tuple[int, int, int]]] = {}
        for link in links:
            group = place.get(graph.named(link), -1)
            row = graph.id(graph.source(link)), graph.id(graph.target(link)), group
            by_type.setdefault(graph.kind(link), []).append(row)
        for kind, rows in by_type.items():
            source, target, groups = np.array(rows, dtype=np.int64).T
            edges.add(a.type_names[kind], source, target, groups.astype(np.int32))
        return build(edges, graph.schema, self.tables)

    # -- putting in -------------------------------------------------------------------------------------------------

    def _graft(self, links: list[int], built: Arrays) -> None:
        """Adds the parts that were built from ``links`` and had been removed."""
        wanted = set(self.fresh)
        local = FrozenGraph(self.graph.schema, built)
        back = [self.graph.node(ci) for ci in built.ids.tolist()]
        for number in range(built.explicit):
            record, single = local.record(number), None
            if record is None:
                link, side = single_link(local, number)
                single = (links[link], side)
            if record.key in self.again if record is not None else single is not None and single[0] in wanted:
                self._put(
                    ExplicitGroup(
                        record,
                        single,
                        back[local.owner(number)] if local.owner(number) >= 0 else -1,
                        local.needed(number),
                        local.hard(number),
                        tuple(back[node] for node in local.members(number)),
                        tuple(links[link] for link in local.member_links(number)),
                    )
                )
        for error in built.errors:
            if error.key in self.again:
                self.delta.errors[error.key] = (*self.delta.errors[error.key], error)
        for at, link in enumerate(links):
            if link in wanted:
                self._put_single(link, int(built.flags[at]))

    def _put(self, made: ExplicitGroup) -> None:
        delta = self.delta
        number = self.arrays.explicit + len(delta.groups)
        delta.groups.append(made)
        if made.record is not None:
            delta.number[made.record.key] = number
        if made.single is not None:
            delta.joined[made.single] = number
        self._know(number, made.owner, made.members)

    def _put_single(self, link: int, flags: int) -> None:
        before = self.graph.base.flags(link) if link < len(self.arrays.source) else 0
        self.delta.flags[link] = flags
        for side, bits in SIDES:
            number = self.graph.first_single + 2 * link + side
            if not flags & bits:
                continue
            self.delta.over.discard(number)
            owner, members = self.graph.owner(number), self.graph.members(number)
            if not before & bits and number not in self.delta.owned.get(owner, ()):
                self._know(number, owner, members)

    def _know(self, number: int, owner: int, members: Iterable[int]) -> None:
        """Owner and members of a new group know it."""
        delta = self.delta
        if owner >= 0:
            delta.owned[owner] = [*delta.owned.get(owner, ()), number]
        for node in members:
            delta.of[node] = [*delta.of.get(node, ()), number]
