"""The protocol of the graph, for a frozen graph as well as for one that was updated.

Inside, nodes, links and groups are numbers; outside, CIs are their integer ids. Every dependency is a membership in a
group: a link without a group is in a group of one member that needs one, a *single link's group*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from cmdb.graph.changes import GroupRecord
from cmdb.graph.edges import Ints, Longs, Mask, Numbers
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.results import DataError
from cmdb.model.schema import Schema


class Graph(Protocol):
    """The graph of one state of the estate. It does not change, so it may be read from any thread.

    ``FrozenGraph`` is one in arrays, ``OverlaidGraph`` one of those with what has changed since. What else can be said
    of a graph follows from this: see ``lookups``.
    """

    @property
    def schema(self) -> Schema:
        """What the classes and relationship types mean."""

    @property
    def base(self) -> FrozenGraph:
        """The arrays below it, which graphs of neighbouring revisions share."""

    @property
    def first_single(self) -> int:
        """The groups of single links have this number or one above it, the others one below."""

    @property
    def room(self) -> int:
        """Nodes are below this number."""

    @property
    def errors(self) -> tuple[DataError, ...]:
        """The groups that contradict themselves, independent of failures."""

    # -- CIs --------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """The number of CIs."""

    def __contains__(self, ci: int) -> bool:
        """Whether the graph has CI ``ci``."""

    def nodes(self) -> Iterator[int]:
        """The nodes of all CIs."""

    def node(self, ci: int) -> int:
        """The node of a CI. Raises NotFound."""

    def nodes_at(self, ids: Longs) -> Longs:
        """The nodes of CIs, all of which are there."""

    def id(self, node: int) -> int:
        """The CI id of a node."""

    def ids(self, nodes: Numbers) -> Longs:
        """The CI ids of nodes."""

    def code(self, node: int) -> int:
        """The class of a node, as a position in the ``class_names`` of the arrays."""

    def codes(self, nodes: Numbers) -> Numbers:
        """The classes of nodes."""

    # -- links ------------------------------------------------------------------------------------------------------

    def source(self, link: int) -> int:
        """The node that is the source of a link."""

    def target(self, link: int) -> int:
        """The node that is the target of a link."""

    def ends(self, links: Numbers) -> tuple[Ints, Ints]:
        """The sources and the targets of links."""

    def kind(self, link: int) -> int:
        """The type of a link, as a position in the ``type_names`` of the arrays."""

    def links(self, node: int) -> list[int]:
        """The links that touch a node, each once: first those that it is the source of."""

    def links_of_all(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The links of several nodes, and the nodes at their other ends; a link between two of them comes twice."""

    # -- groups -----------------------------------------------------------------------------------------------------

    def groups_owned(self, node: int) -> Sequence[int]:
        """The groups that a node owns: what it depends on."""

    def groups_of(self, node: int) -> Sequence[int]:
        """The groups that a node is a member of: what depends on it."""

    def groups_of_all(self, nodes: Numbers) -> Ints:
        """The groups of nodes; a group comes as often as it has such members."""

    def owner(self, group: int) -> int:
        """The node that owns a group, -1 where it is not there."""

    def owners(self, groups: Numbers) -> Ints:
        """The owners of groups."""

    def hard(self, group: int) -> bool:
        """Whether the owner of a group cannot work without it."""

    def hards(self, groups: Numbers) -> Mask:
        """Whether groups are hard."""

    def size(self, group: int) -> int:
        """How many members a group has."""

    def needed(self, group: int) -> int:
        """How many members a group needs."""

    def spare(self, groups: Numbers) -> Longs:
        """How many members groups that are no single link's may lose."""

    def members(self, group: int) -> Sequence[int]:
        """The nodes in a group."""

    def member_links(self, group: int) -> Sequence[int]:
        """For each member of a group, the link by which it is one."""

    def record(self, group: int) -> GroupRecord | None:
        """A group as it is stored; None for one that isn't: a single link's, also where a standby joined it."""

    def stored_groups(self) -> Iterator[int]:
        """The groups that are stored."""

    def earlier(self, group: int, other: int) -> int:
        """The first of two groups in the order of the graph: stored groups by key, then single links."""

    def unordered(self, nodes: Ints) -> Longs:
        """The positions of those nodes whose own groups do not stand in the order of their numbers."""
