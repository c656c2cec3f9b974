"""The next graph from a graph and the changes, at a cost that depends on the size of the changes.

Everything that a change may affect is removed and built again from its links, by the same function that builds the
whole graph. So a graph that was updated a hundred times gives the same answers as a new one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

from cmdb.graph.arrays import RESERVE
from cmdb.graph.changes import GraphChange, GraphLink
from cmdb.graph.delta import Delta
from cmdb.graph.graph import Graph
from cmdb.graph.group_rebuild import GroupRebuild
from cmdb.graph.overlay import OverlaidGraph

#: What follows is folded into arrays when it holds more than this, or more than this share of the links.
HELD, SHARE = 20_000, 0.05


def follow(graph: Graph, change: GraphChange) -> Graph | None:
    """The graph after a change. None if it must be built anew: too much changed, or a class or type is unknown."""
    if not len(change):
        return graph
    arrays = graph.base.arrays
    names = {name for _, name in change.came} - set(arrays.class_names)
    types = {one.type for one in (*change.linked, *change.unlinked)} - set(arrays.type_names)
    if names or types:
        return None
    delta = graph.delta.copy() if isinstance(graph, OverlaidGraph) else Delta()
    following = OverlaidGraph(graph.base, delta)
    _IncrementalUpdate(following, change).run()
    if len(delta) > max(HELD, SHARE * len(arrays.source)) or len(delta.groups) >= RESERVE:
        return None
    return following


class _IncrementalUpdate:
    """Takes CIs and links into a graph's delta, and finds what has to be built anew for that."""

    def __init__(self, graph: OverlaidGraph, change: GraphChange) -> None:
        self.graph = graph
        self.change = change
        self.delta = graph.delta
        self.arrays = graph.base.arrays
        self.tables = self.arrays.tables
        self.type_code = {name: at for at, name in enumerate(self.arrays.type_names)}
        self.class_code = {name: at for at, name in enumerate(self.arrays.class_names)}
        self.again: set[Hashable] = set()
        """Stored groups that have to be built anew."""

    def run(self) -> None:
        reclassed = self._nodes()
        cut = [link for one in self.change.unlinked if (link := self._cut(one)) >= 0]
        affected = dict.fromkeys(self._covered(cut))
        new = [link for one in self.change.linked if (link := self._add(one)) >= 0]
        affected.update(dict.fromkeys(self._covered(new)))
        affected.update(dict.fromkeys(self._regrouped()))
        affected.update(dict.fromkeys(self._replaced([*cut, *new], reclassed)))
        for node in reclassed:
            affected.update(dict.fromkeys(self.graph.links(node)))
        affected.update(dict.fromkeys(new))
        affected.update(dict.fromkeys(self._alike([*cut, *affected])))
        fresh = [link for link in affected if link not in self.delta.cut]
        GroupRebuild(self.graph, self.change, self.again, fresh).run(cut)

    # -- CIs and links ----------------------------------------------------------------------------------------------

    def _nodes(self) -> list[int]:
        """Adds and removes CIs. Returns the nodes whose class changed."""
        graph, delta, reclassed = self.graph, self.delta, []
        delta.gone.update(graph.node(ci) for ci in self.change.gone if ci in graph)
        for ci, name in self.change.came:
            at, code = graph.place(ci), self.class_code[name]
            if at < 0:
                delta.node_of[ci] = graph.room
                delta.ids.append(ci)
                delta.classes.append(code)
                continue
            delta.recoded[at] = code
            if at in delta.gone:
                delta.gone.discard(at)
            else:
                reclassed.append(at)
        return reclassed

    def _cut(self, one: GraphLink) -> int:
        """Removes a link and returns its number; -1 if it does not exist."""
        graph = self.graph
        source, target = graph.place(one.source), graph.place(one.target)
        alike = graph.alike(source, self.type_code[one.type], target) if source >= 0 and target >= 0 else ()
        # Of several equal links, the one that names the same group.
        link = min(alike, key=lambda link: (graph.named(link) != one.group, link), default=-1)
        if link >= 0:
            self.delta.cut.add(link)
            for node in (source, target):
                self.delta.touching.setdefault(node, [])
            key = graph.named(link)
            if key is not None:
                self.again.add(key)
        return link

    def _add(self, one: GraphLink) -> int:
        """Adds a link and returns its number; -1 if an end is missing."""
        delta, source, target = self.delta, self.graph.place(one.source), self.graph.place(one.target)
        if source < 0 or target < 0:
            return -1
        number = len(self.arrays.source) + len(delta.source)
        delta.source.append(source)
        delta.target.append(target)
        delta.type.append(self.type_code[one.type])
        delta.flags[number] = 0
        if one.group is not None:
            delta.named[number] = one.group
            self.again.add(one.group)
        for node in dict.fromkeys((source, target)):
            delta.touching[node] = [*delta.touching.get(node, ()), number]
        return number

    # -- what a change affects -------------------------------------------------------------------------------------

    def _covered(self, links: Iterable[int]) -> list[int]:
        """The single links that a standby joined or left, because links of standbys changed. Stored groups are marked,
        too.
        """
        graph, found = self.graph, []
        for link in links:
            if graph.kind(link) == self.tables.standby:
                for group in graph.groups_of(graph.target(link)):
                    record = graph.record(group)
                    if record is not None:
                        self.again.add(record.key)
                    else:
                        found.append(graph.member_links(group)[0])
        return found

    def _alike(self, links: Iterable[int]) -> list[int]:
        """The links of the same ends and type: of equal links only one has an effect on an end."""
        graph = self.graph
        return [
            other
            for link in links
            for other in graph.alike(graph.source(link), graph.kind(link), graph.target(link))
            if other != link
        ]

    def _regrouped(self) -> list[int]:
        """The links that name added, removed or changed groups."""
        keys = {*self.change.ungrouped, *(record.key for record in self.change.grouped)}
        cis = {*self.change.gone, *(ci for ci, _ in self.change.came)}
        records = self.arrays.records
        if cis and len(records):  # a group whose owner was added or removed
            keys.update(map(records.key, np.flatnonzero(np.isin(records.owners, list(cis))).tolist()))
        keys.update(one.record.key for one in self.delta.groups if one.record is not None and one.record.owner in cis)
        self.again |= keys
        return [link for key in keys for link in self.graph.naming(key)]

    def _replaced(self, links: Iterable[int], reclassed: Iterable[int]) -> list[int]:
        """The placement links of machines that may run on a cluster now, or no longer do."""
        graph, virtualised = self.graph, self.tables.virtualised
        machines = {graph.source(link) for link in links if graph.kind(link) == virtualised}
        for node in reclassed:
            machines |= {graph.source(link) for link in graph.links(node) if graph.kind(link) == virtualised}
        return [
            link
            for node in machines
            for link in graph.links(node)
            if graph.source(link) == node and self.tables.placing[graph.kind(link)]
        ]
