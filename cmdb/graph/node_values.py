"""The result of a graph traversal: numbers for nodes, in a dict for few nodes, in an array for many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from cmdb.graph.edges import Ints, Mask, Numbers


class SparseNodeValues(dict[int, int]):
    """Node → a number that is not negative, as a dict."""

    def arrays(self) -> tuple[Ints, Ints]:
        """The nodes, ascending, and their numbers."""
        nodes = np.fromiter(self, dtype=np.int32, count=len(self))
        values = np.fromiter(self.values(), dtype=np.int32, count=len(self))
        order = np.argsort(nodes)
        return nodes[order], values[order]

    def among(self, nodes: Numbers) -> Mask:
        """Whether each node has a number, as a mask."""
        return np.isin(nodes, np.fromiter(self, dtype=np.int32, count=len(self)))

    def of(self, node: int) -> int:
        """The number of a node, or -1."""
        return self.get(node, -1)


class DenseNodeValues(Collection[int]):
    """Node → a number that is not negative, as an array with -1 for all other nodes."""

    def __init__(self, values: Ints) -> None:
        self.values = values
        self._view = values.data
        self._count = int(np.count_nonzero(values >= 0))

    def __len__(self) -> int:
        """The number of nodes that have a number."""
        return self._count

    def __contains__(self, node: object) -> bool:
        """Whether a node has a number."""
        return isinstance(node, int) and 0 <= node < len(self._view) and self._view[node] >= 0

    def __iter__(self) -> Iterator[int]:
        """The nodes, ascending."""
        return iter(np.flatnonzero(self.values >= 0).tolist())

    def __getitem__(self, node: int) -> int:
        """The number of a node that has one."""
        return self._view[node]

    def of(self, node: int) -> int:
        """The number of a node, or -1."""
        return self._view[node]

    def arrays(self) -> tuple[Ints, Ints]:
        """The nodes, ascending, and their numbers."""
        nodes = np.flatnonzero(self.values >= 0).astype(np.int32)
        return nodes, self.values[nodes]

    def among(self, nodes: Numbers) -> Mask:
        """Whether each node has a number, as a mask."""
        found: Mask = self.values[nodes] >= 0
        return found


Marks = SparseNodeValues | DenseNodeValues


@dataclass(frozen=True, slots=True)
class Propagation:
    """The lost nodes: their levels (0: failed), and for each the group that broke first.

    ``held`` are the affected groups that took nothing down (hard with their quorum, or soft), ascending. ``lost`` is
    the number of members that each of them lost.
    """

    levels: Marks
    causes: Marks
    held: Ints
    lost: Ints
