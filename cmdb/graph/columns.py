"""What a graph answers of many nodes, links and groups at once, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cmdb.graph.arrays import SOURCE, TARGET, Arrays, Mask
from cmdb.graph.edges import Ints, Longs

if TYPE_CHECKING:
    from cmdb.graph.patch import Patch


class Columns:
    """The arrays of a graph with what has changed since they were built. Numbers are as in ``Graph``."""

    def __init__(self, arrays: Arrays, patch: Patch | None) -> None:
        self.arrays = arrays
        self.patch = patch
        self.first_single = arrays.first_single
        self._nodes, self._links, self._groups = len(arrays.ids), len(arrays.source), arrays.explicit

    def ids(self, nodes: NDArray[Any]) -> Longs:
        """The CI ids of nodes."""
        return self.taken(self.arrays.ids, self.patch.ids if self.patch is not None else (), nodes)

    def codes(self, nodes: NDArray[Any]) -> Ints:
        """The classes of nodes, as positions in ``class_names``."""
        found = self.taken(self.arrays.classes, self.patch.classes if self.patch is not None else (), nodes)
        if self.patch is not None and self.patch.recoded:
            again = np.flatnonzero(np.isin(nodes, list(self.patch.recoded)))
            found[again] = [self.patch.recoded[node] for node in nodes[again].tolist()]
        return found

    @staticmethod
    def taken(base: NDArray[Any], more: Sequence[int], at: NDArray[Any]) -> NDArray[Any]:
        """What stands at ``at`` in an array and what follows on."""
        if not len(more):
            found: NDArray[Any] = base[at]
            return found
        rest = np.array(more, dtype=base.dtype)
        if not len(base):
            found = rest[at]
            return found
        beyond = at >= len(base)
        both: NDArray[Any] = np.where(beyond, rest[np.where(beyond, at - len(base), 0)], base[np.where(beyond, 0, at)])
        return both

    def owners(self, groups: NDArray[Any]) -> Ints:
        """The owners of groups."""
        found = np.empty(len(groups), dtype=np.int32)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        patch = self.patch
        sources = self.taken(self.arrays.source, patch.source if patch is not None else (), link)
        targets = self.taken(self.arrays.target, patch.target if patch is not None else (), link)
        found[single] = np.where(side == 1, targets, sources)
        found[~single] = self._of_explicit(self.arrays.owner, "owner", groups[~single])
        return found

    def _of_explicit(self, base: NDArray[Any], name: str, groups: NDArray[Any]) -> NDArray[Any]:
        more = [getattr(one, name) for one in self.patch.groups] if self.patch is not None else []
        return self.taken(base, more, groups)

    def hards(self, groups: NDArray[Any]) -> Mask:
        """Whether groups are hard."""
        found = np.empty(len(groups), dtype=bool)
        single = groups >= self.first_single
        link, side = np.divmod(groups[single] - self.first_single, 2)
        patch, a = self.patch, self.arrays
        kinds = self.taken(a.type, patch.type if patch is not None else (), link)
        flags = self.taken(a.flags, [0] * len(patch.type) if patch is not None else (), link)
        if patch is not None and patch.flags:
            again = np.flatnonzero(np.isin(link, np.fromiter(patch.flags, dtype=np.int64)))
            flags[again] = [patch.flags[one] for one in link[again].tolist()]
        found[single] = a.tables.hard[kinds] & ((flags & np.where(side == 1, TARGET, SOURCE)) > 0)
        found[~single] = self._of_explicit(a.hard, "hard", groups[~single])
        return found

    def spare(self, groups: NDArray[Any]) -> Longs:
        """How many members groups with a number below ``first_single`` may lose."""
        a = self.arrays
        base = groups[groups < self._groups]
        found = np.empty(len(groups), dtype=np.int64)
        found[groups < self._groups] = a.member_start[base + 1] - a.member_start[base] - a.needs[base]
        for at in np.flatnonzero(groups >= self._groups).tolist():
            assert self.patch is not None
            one = self.patch.groups[int(groups[at]) - self._groups]
            found[at] = len(one.members) - one.needs
        return found

    def groups_of_all(self, nodes: NDArray[Any]) -> Ints:
        """The groups of which nodes are members, one node after the other; a group as often as it has such members."""
        from cmdb.graph.vectorised_propagation import rows

        a, patch = self.arrays, self.patch
        found = rows(a.of_start, a.of_group, nodes[nodes < self._nodes] if patch is not None else nodes)
        if patch is None or not patch.of:
            return found
        if patch.over:
            found = found[~np.isin(found, np.fromiter(patch.over, dtype=np.int32))]
        changed = np.fromiter(patch.of, dtype=np.int64)
        more = [
            group
            for node in changed[np.isin(changed, nodes)].tolist()
            for group in patch.of[node]
            if group not in patch.over
        ]
        return np.concatenate([found, np.array(more, dtype=np.int32)])

    def single_members(self, groups: NDArray[Any]) -> Ints:
        """The members of single links' groups."""
        link, side = np.divmod(groups - self.first_single, 2)
        patch = self.patch
        sources = self.taken(self.arrays.source, patch.source if patch is not None else (), link)
        targets = self.taken(self.arrays.target, patch.target if patch is not None else (), link)
        return np.where(side == 1, sources, targets)

    def links_of_front(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The links of several nodes, and the nodes at their other ends; a link between two of them comes twice."""
        from cmdb.graph.vectorised_propagation import rows, spans

        a, patch = self.arrays, self.patch
        old = nodes[nodes < self._nodes]
        outward = spans(a.out_start, old)
        inward = rows(a.in_start, a.in_link, old)
        links = np.concatenate([outward, inward])
        others = np.concatenate([a.target[outward], a.source[inward]])
        if patch is None or not patch.touching:
            return links, others
        kept = ~np.isin(links, np.fromiter(patch.cut, dtype=np.int32, count=len(patch.cut)))
        changed = np.fromiter(patch.touching, dtype=np.int64)
        more = [
            (link, target if source == node else source)
            for node in changed[np.isin(changed, nodes)].tolist()
            for link in patch.touching[node]
            if link not in patch.cut
            for source, target in ((patch.source[link - self._links], patch.target[link - self._links]),)
        ]
        added = np.array(more, dtype=np.int32).reshape(-1, 2)
        return np.concatenate([links[kept], added[:, 0]]), np.concatenate([others[kept], added[:, 1]])
