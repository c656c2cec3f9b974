"""Standbys: a CI that can replace another joins every group of that CI, and so do its own standbys."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from cmdb.graph.arrays import PART, SOURCE, TARGET, Tables
from cmdb.graph.edges import Bytes, Longs, Mask
from cmdb.graph.memberships import Memberships, OrderedLinks

#: Node → its standbys, each with its link.
Stands = dict[int, list[tuple[int, int]]]


def with_standbys(
    members: Memberships, needs: Longs, flags: Bytes, links: OrderedLinks, nodes: int, tables: Tables
) -> tuple[Memberships, Longs]:
    """Memberships and needs with each standby in every group of the CI it stands by for, but never in its own groups.

    A single link with a standby becomes a group with entries in the arrays; its bit in ``flags`` is cleared.
    """
    stands = _stands(links, tables)
    if not stands:
        return members, needs
    covered = np.zeros(nodes, dtype=bool)
    covered[list(stands)] = True
    growing = _Growing(len(members.owner), stands)
    for link, side in _covered_singles(flags, links, covered):
        source, target = int(links.source[link]), int(links.target[link])
        owner, node = (target, source) if side else (source, target)
        only_suffers = side == 1 and not tables.object_depends[links.type[link]]
        if growing.single(link, owner, node, hard=bool(tables.hard[links.type[link]]) and not only_suffers):
            flags[link] &= np.uint8(SOURCE) if side else np.uint8(TARGET | PART)
    for group, present in _with_covered(members, covered).items():
        growing.join(group, present, int(members.owner[group]))
    return growing.grown(members, needs)


def _stands(links: OrderedLinks, tables: Tables) -> Stands:
    stands: Stands = defaultdict(list)
    for link in np.flatnonzero(links.type == tables.standby).tolist() if tables.standby >= 0 else ():
        stands[int(links.target[link])].append((int(links.source[link]), link))
    return stands


def _covered_singles(flags: Bytes, links: OrderedLinks, covered: Mask) -> list[tuple[int, int]]:
    """The single links to a CI that has a standby, with the side that owns each: source (0) or target (1)."""
    for_source = np.flatnonzero((flags & SOURCE).astype(bool) & covered[links.target])
    for_target = np.flatnonzero((flags & (TARGET | PART)).astype(bool) & covered[links.source])
    return sorted([(link, 0) for link in for_source.tolist()] + [(link, 1) for link in for_target.tolist()])


def _with_covered(members: Memberships, covered: Mask) -> dict[int, set[int]]:
    """Stored groups with a member that has a standby → all their members."""
    wanted = np.unique(members.group[covered[members.node]])
    some = np.isin(members.group, wanted)
    found: dict[int, set[int]] = {}
    for group, node in zip(members.group[some].tolist(), members.node[some].tolist(), strict=True):
        found.setdefault(group, set()).add(node)
    return found


class _Growing:
    """The additions by standbys: memberships (group, node, link), and the groups that were single links, from ``first``
    on.
    """

    def __init__(self, first: int, stands: Stands) -> None:
        self.first, self.stands = first, stands
        self.added: list[tuple[int, int, int]] = []
        self.owners: list[int] = []
        self.hard: list[bool] = []

    def single(self, link: int, owner: int, node: int, *, hard: bool) -> bool:
        """Makes a group from a single link if a standby joins it."""
        joined = self._joining({node}, owner)
        if joined:
            number = self.first + len(self.owners)
            self.owners.append(owner)
            self.hard.append(hard)
            self.added += [(number, node, link), *((number, one, by) for one, by in joined)]
        return bool(joined)

    def join(self, group: int, present: set[int], owner: int) -> None:
        """Adds to a stored group the standbys that join it."""
        self.added += [(group, one, by) for one, by in self._joining(present, owner)]

    def _joining(self, present: set[int], owner: int) -> list[tuple[int, int]]:
        """The standbys that join a group of these members, with their links."""
        joined = []
        queue = sorted(present)
        for node in queue:
            for stand_in, link in self.stands.get(node, ()):
                if stand_in not in present and stand_in != owner:
                    present.add(stand_in)
                    joined.append((stand_in, link))
                    queue.append(stand_in)
        return joined

    def grown(self, members: Memberships, needs: Longs) -> tuple[Memberships, Longs]:
        """The memberships with these additions. A group that was a single link needs one."""
        if not self.added:
            return members, needs
        groups, nodes, by = np.array(self.added, dtype=np.int64).T
        found = Memberships(
            np.concatenate([members.group, groups]),
            np.concatenate([members.node, nodes]),
            np.concatenate([members.link, by]),
            np.concatenate([members.owner, np.array(self.owners, dtype=np.int64)]),
            np.concatenate([members.hard, np.array(self.hard, dtype=bool)]),
        )
        return found, np.concatenate([needs, np.ones(len(self.owners), dtype=np.int64)])
