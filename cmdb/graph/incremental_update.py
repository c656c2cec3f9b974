"""From a graph and what has changed to the next graph, at a cost that follows the change.

Whatever a change may have an effect on is taken out and built anew by the very same function that builds everything,
from the few links that bear on it; so a graph that has followed a hundred revisions answers as one built afresh.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator

import numpy as np

from cmdb.graph.arrays import PART, RESERVE, SOURCE, TARGET, Arrays
from cmdb.graph.build import build
from cmdb.graph.changes import GraphChange, GraphLink, GroupRecord
from cmdb.graph.edges import Edges, Records
from cmdb.graph.frozen import Graph
from cmdb.graph.patch import Explicit, Patch

#: What follows is folded into arrays when it holds more than this, or more than this share of the links.
HELD, SHARE = 20_000, 0.05


def follow(graph: Graph, change: GraphChange) -> Graph | None:
    """The graph after a change; None where it has to be built anew: too much changed, or a class or type is unknown."""
    if not len(change):
        return graph
    names = {name for _, name in change.came} - set(graph.class_names)
    types = {one.type for one in (*change.linked, *change.unlinked)} - set(graph.arrays.type_names)
    if names or types:
        return None
    patch = _Following(graph, change).run()
    if len(patch) > max(HELD, SHARE * len(graph.arrays.source)) or len(patch.groups) >= RESERVE:
        return None
    return Graph(graph.schema, graph.arrays, patch)


class _Following:
    def __init__(self, graph: Graph, change: GraphChange) -> None:
        self.change = change
        self.patch = graph.patch.copy() if graph.patch is not None else Patch()
        self.old = graph
        self.graph = Graph(graph.schema, graph.arrays, self.patch)
        self.arrays: Arrays = graph.arrays
        self.tables = graph.arrays.tables
        self.type_code = {name: at for at, name in enumerate(self.arrays.type_names)}
        self.class_code = {name: at for at, name in enumerate(self.arrays.class_names)}
        self.fresh: list[int] = []
        """Links whose own effect has to be found anew."""
        self.again: set[Hashable] = set()
        """Stored groups that have to be built anew."""
        self.records: dict[Hashable, GroupRecord] = {record.key: record for record in change.grouped}

    def run(self) -> Patch:
        reclassed = self._nodes()
        cut = [number for one in self.change.unlinked if (number := self._cut(one)) >= 0]
        affected = dict.fromkeys(self._covered(cut))
        new = [number for one in self.change.linked if (number := self._add(one)) >= 0]
        affected.update(dict.fromkeys(self._covered(new)))
        affected.update(dict.fromkeys(self._regrouped()))
        affected.update(dict.fromkeys(self._replaced([*cut, *new], reclassed)))
        for node in reclassed:
            affected.update(dict.fromkeys(self.graph.links(node)))
        affected.update(dict.fromkeys(new))
        self.fresh = [number for number in affected if number not in self.patch.cut]
        self._take_out([*cut, *self.fresh])
        self._graft()
        return self.patch

    # -- CIs and links ----------------------------------------------------------------------------------------------

    def _nodes(self) -> list[int]:
        """Takes in who came and went; the nodes whose class is another now."""
        patch, reclassed = self.patch, []
        for ci in self.change.gone:
            if ci in self.graph:
                patch.gone.add(self.graph.node(ci))
        for ci, name in self.change.came:
            code = self.class_code[name]
            if ci in self.graph:
                reclassed.append(self.graph.node(ci))
                patch.recoded[reclassed[-1]] = code
                continue
            at = bisect_left(self.arrays.ids.data, ci)
            if at == len(self.arrays.ids) or self.arrays.ids[at] != ci:
                at = patch.node_of.get(ci, -1)
            if at >= 0:  # it is back
                patch.gone.discard(at)
                patch.recoded[at] = code
            else:
                patch.node_of[ci] = len(self.arrays.ids) + len(patch.ids)
                patch.ids.append(ci)
                patch.classes.append(code)
        return reclassed

    def _place(self, ci: int) -> int:
        """The node of a CI, even of one that has gone; -1 where there never was one."""
        at = bisect_left(self.arrays.ids.data, ci)
        if at == len(self.arrays.ids) or self.arrays.ids[at] != ci:
            return self.patch.node_of.get(ci, -1)
        return at

    def _find(self, one: GraphLink) -> int:
        """The number of a link: of several alike the one that names the same group."""
        kind, source, target = self.type_code[one.type], self._place(one.source), self._place(one.target)
        if source < 0 or target < 0:
            return -1
        patch, a = self.patch, self.arrays
        found = []
        if source < len(a.ids):
            low, high = int(a.out_start[source]), int(a.out_start[source + 1])
            low += int(np.searchsorted(a.type[low:high], kind))
            high = low + int(np.searchsorted(a.type[low:high], kind, "right"))
            low += int(np.searchsorted(a.target[low:high], target))
            high = low + int(np.searchsorted(a.target[low:high], target, "right"))
            found = [number for number in range(low, high) if number not in patch.cut]
        found += [
            number
            for number in patch.touching.get(source, ())
            if number not in patch.cut
            and self.graph.source(number) == source
            and self.graph.target(number) == target
            and self.graph.kind(number) == kind
        ]
        return min(found, key=lambda number: (self._named(number) != one.group, number), default=-1)

    def _named(self, link: int) -> Hashable | None:
        """The key of the stored group that a link names."""
        if link >= len(self.arrays.source):
            return self.patch.named.get(link)
        at = int(np.searchsorted(self.arrays.raw_link, link))
        if at == len(self.arrays.raw_link) or self.arrays.raw_link[at] != link:
            return None
        return self.arrays.records.key(int(self.arrays.raw_record[at]))

    def _cut(self, one: GraphLink) -> int:
        """Cuts a link and says its number."""
        link = self._find(one)
        if link < 0:
            return link
        self.patch.cut.add(link)
        for node in (self.graph.source(link), self.graph.target(link)):
            self.patch.touching.setdefault(node, [])
        key = self._named(link)
        if key is not None:
            self.again.add(key)
        return link

    def _add(self, one: GraphLink) -> int:
        patch, source, target = self.patch, self._place(one.source), self._place(one.target)
        if source < 0 or target < 0:
            return -1
        number = len(self.arrays.source) + len(patch.source)
        patch.source.append(source)
        patch.target.append(target)
        patch.type.append(self.type_code[one.type])
        patch.flags[number] = 0
        if one.group is not None:
            patch.named[number] = one.group
            self.again.add(one.group)
        for node in dict.fromkeys((source, target)):
            patch.touching[node] = [*patch.touching.get(node, ()), number]
        return number

    # -- what a change bears on -------------------------------------------------------------------------------------

    def _covered(self, links: Iterable[int]) -> list[int]:
        """The single links that a standby joined or left, by the links of standbys that changed; stored groups too."""
        found = []
        for link in links:
            if self.graph.kind(link) == self.tables.standby:
                node = self.graph.target(link)
                for group in self.old.groups_of(node) if node < self.old.room else ():
                    key = self.old.key(group)
                    if key is not None:
                        self.again.add(key)
                    else:
                        found.append(self._single(self.old, group))
        return found

    @staticmethod
    def _single(graph: Graph, group: int) -> int:
        return (group - graph.first_single) // 2 if group >= graph.first_single else graph.single(group)[0]

    def _regrouped(self) -> list[int]:
        """The links that name groups which came, went or are others."""
        keys = {*self.change.ungrouped, *self.records}
        cis = {*self.change.gone, *(ci for ci, _ in self.change.came)}
        records = self.arrays.records
        if cis and len(records):  # a group whose owner came or went
            keys.update(map(records.key, np.flatnonzero(np.isin(records.owners, list(cis))).tolist()))
        keys.update(one.record.key for one in self.patch.groups if one.record is not None and one.record.owner in cis)
        self.again |= keys
        return [link for key in keys for link in self._naming(key)]

    def _naming(self, key: Hashable) -> list[int]:
        """The links that name a stored group."""
        found: list[int] = []
        at = self.arrays.records.find(key)
        if at >= 0:
            found = self.arrays.raw_link[self.arrays.raw_record == at].tolist()
        found += [number for number, one in self.patch.named.items() if one == key]
        return [number for number in found if number not in self.patch.cut]

    def _replaced(self, links: Iterable[int], reclassed: Iterable[int]) -> list[int]:
        """The links by which a machine says where it runs, where it may run on a cluster now, or no longer."""
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

    # -- taking out and putting in ----------------------------------------------------------------------------------

    def _take_out(self, links: Iterable[int]) -> None:
        first = self.graph.first_single
        for link in links:
            for side, bits in ((0, SOURCE), (1, TARGET | PART)):
                if self.graph.does(link) & bits:
                    self._over(first + 2 * link + side)
                joined = self._joined(link, side)
                if joined >= 0:
                    self._over(joined)
        for key in self.again:
            number = self._stored(key)
            if number >= 0:
                self._over(number)
            self.patch.number[key] = -1
            self.patch.errors[key] = ()

    def _over(self, group: int) -> None:
        """A group is no more; its owner and its members have to be looked at anew."""
        patch, graph = self.patch, self.graph
        patch.over.add(group)
        owner = graph.owner(group)
        if owner >= 0:
            patch.owned.setdefault(owner, [])
        for node in graph.members(group):
            patch.of.setdefault(node, [])

    def _joined(self, link: int, side: int) -> int:
        """The number of the group that a standby made of a single link, or -1."""
        if (link, side) in self.patch.joined:
            return self.patch.joined[link, side]
        a = self.arrays
        if link >= len(a.source):
            return -1
        node = int(a.source[link] if side == 0 else a.target[link])
        owned = a.own_group[a.own_start[node] : a.own_start[node + 1]]
        for group in owned[(owned >= len(a.records)) & (owned < a.explicit)].tolist():
            if self.graph.single(group) == (link, side):
                return int(group)
        return -1

    def _stored(self, key: Hashable) -> int:
        return self.patch.number[key] if key in self.patch.number else self.arrays.records.find(key)

    def _record(self, key: Hashable) -> GroupRecord | None:
        """A stored group as it is now."""
        if key in self.records:
            return self.records[key]
        if key in self.change.ungrouped:
            return None
        number = self.old.patch.number.get(key, -2) if self.old.patch is not None else -2
        if number == -1:
            return None
        if number >= 0:
            assert self.old.patch is not None
            return self.old.patch.groups[number - self.arrays.explicit].record
        at = self.arrays.records.find(key)
        record: GroupRecord | None = self.arrays.records[at] if at >= 0 else None
        return record

    def _graft(self) -> None:
        """Builds what was taken out from the links that bear on it, and puts it in."""
        links, records = self._context()
        small = self._built(links, records)
        local = Graph(self.graph.schema, small)
        wanted = set(self.fresh)
        back = [self.graph.node(ci) for ci in small.ids.tolist()]
        groups: dict[tuple[int, int], Explicit] = {}
        for number in range(small.explicit):
            record = small.records[number] if number < len(small.records) else None
            single = None
            if record is None:
                link, side = local.single(number)
                single = (links[link], side)
            if record.key in self.again if record is not None else single is not None and single[0] in wanted:
                made = Explicit(
                    record,
                    single,
                    back[local.owner(number)] if local.owner(number) >= 0 else -1,
                    local.needed(number),
                    local.hard(number),
                    tuple(back[node] for node in local.members(number)),
                    tuple(links[link] for link in local.member_links(number)),
                )
                self._put(made)
                if single is not None:
                    groups[single] = made
        for error in small.errors:
            if error.key in self.again:
                self.patch.errors[error.key] = (*self.patch.errors[error.key], error)
        for at, link in enumerate(links):
            if link in wanted:
                self._put_single(link, int(small.flags[at]))

    def _put(self, made: Explicit) -> None:
        patch = self.patch
        number = self.arrays.explicit + len(patch.groups)
        patch.groups.append(made)
        if made.record is not None:
            patch.number[made.record.key] = number
        if made.single is not None:
            patch.joined[made.single] = number
        self._know(number, made.owner, made.members)

    def _know(self, number: int, owner: int, members: Iterable[int]) -> None:
        patch = self.patch
        if owner >= 0:
            patch.owned[owner] = [*patch.owned.get(owner, ()), number]
        for node in members:
            patch.of[node] = [*patch.of.get(node, ()), number]

    def _put_single(self, link: int, flags: int) -> None:
        patch, a = self.patch, self.arrays
        before = int(a.flags[link]) if link < len(a.source) else 0
        patch.flags[link] = flags
        for side, bits in ((0, SOURCE), (1, TARGET | PART)):
            number = self.graph.first_single + 2 * link + side
            if not flags & bits:
                continue
            patch.over.discard(number)
            owner, members = self.graph.owner(number), self.graph.members(number)
            if not before & bits and number not in patch.owned.get(owner, ()):
                self._know(number, owner, members)

    def _context(self) -> tuple[list[int], Records]:
        """The links that have to be known to build what was taken out, in their order, and the groups they name."""
        graph = self.graph
        found = dict.fromkeys(self.fresh)
        for key in self.again:
            found.update(dict.fromkeys(self._naming(key)))
        for node in {graph.source(link) for link in found if self.tables.placing[graph.kind(link)]}:
            of_node = (link for link in graph.links(node) if graph.kind(link) == self.tables.virtualised)
            found.update(dict.fromkeys(of_node))
        if self.tables.standby >= 0:
            nodes = {node for link in found for node in (graph.source(link), graph.target(link))}
            queue = list(nodes)
            for node in queue:
                for link in self._standbys(node):
                    found[link] = None
                    if graph.source(link) not in nodes:
                        nodes.add(graph.source(link))
                        queue.append(graph.source(link))
        keys = dict.fromkeys([*(self._named(link) for link in found), *self.again])
        known = [record for key in keys if key is not None and (record := self._record(key)) is not None]
        records = Records(known)
        place = {records.key(at): at for at in range(len(records))}
        order = sorted(found, key=lambda link: (*graph.order(link), place.get(self._named(link), len(place))))
        return order, records

    def _standbys(self, node: int) -> Iterator[int]:
        """The links of those who stand by for a node."""
        a, patch = self.arrays, self.patch
        if node < len(a.ids):
            inward = a.in_link[a.in_start[node] : a.in_start[node + 1]]
            for link in inward[a.type[inward] == self.tables.standby].tolist():
                if link not in patch.cut:
                    yield link
        new = (link for link in patch.touching.get(node, ()) if link not in patch.cut)
        wanted = node, self.arrays.type_names[self.tables.standby]
        yield from (link for link in new if self.graph.link(link)[1:] == wanted)

    def _built(self, links: list[int], records: Records) -> Arrays:
        graph, names = self.graph, self.arrays.type_names
        ends = {node for link in links for node in (graph.source(link), graph.target(link))}
        ends |= {graph.node(ci) for ci in records.owners.tolist() if ci in graph}
        ids = sorted((graph.id(node), graph.code(node)) for node in ends)
        edges = Edges(
            np.array([ci for ci, _ in ids], dtype=np.int64),
            np.array([code for _, code in ids], dtype=np.int16),
            self.arrays.class_names,
            names,
            records,
        )
        place = {edges.records.key(at): at for at in range(len(edges.records))}
        by_type: dict[int, list[tuple[int, int, int]]] = {}
        for link in links:
            group = place.get(self._named(link), -1)
            row = graph.id(graph.source(link)), graph.id(graph.target(link)), group
            by_type.setdefault(graph.kind(link), []).append(row)
        for kind, rows in by_type.items():
            source, target, groups = np.array(rows, dtype=np.int64).T
            edges.add(names[kind], source, target, groups.astype(np.int32))
        return build(edges, graph.schema, self.tables)
