"""The protocol of the graph, for frozen and for updated graphs.

Internally, nodes, links and groups are numbers; callers use the integer ids of CIs. Every dependency is a membership in
a group: a link without a group is in a group of one member that needs one, a *single link's group*.
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
    """The graph of one state of the estate.

    It does not change, so any thread may read it. ``FrozenGraph`` consists of arrays, ``OverlaidGraph`` of a frozen
    graph and the changes since. Functions in ``lookups`` derive everything else from these methods.
    """

    @property
    def schema(self) -> Schema:
        """The schema, with the meaning of classes and relationship types."""

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
        """The nodes of CIs, all of which must exist."""

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
        """The links that touch a node, each once; those of which it is the source come first."""

    def links_of_all(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The links of several nodes, and the nodes at their other ends; a link between two of them comes twice."""

    # -- groups -----------------------------------------------------------------------------------------------------

    def groups_owned(self, node: int) -> Sequence[int]:
        """The groups that a node owns: what it depends on."""

    def groups_of(self, node: int) -> Sequence[int]:
        """The groups that a node is a member of: what depends on it."""

    def groups_of_all(self, nodes: Numbers) -> Ints:
        """The groups of which the nodes are members. A group is repeated for each such member."""

    def owner(self, group: int) -> int:
        """The node that owns a group; -1 if it does not exist."""

    def owners(self, groups: Numbers) -> Ints:
        """The owners of groups."""

    def hard(self, group: int) -> bool:
        """Whether the owner of a group cannot work without it."""

    def hards(self, groups: Numbers) -> Mask:
        """Whether groups are hard."""

    def size(self, group: int) -> int:
        """The number of members of a group."""

    def needed(self, group: int) -> int:
        """The number of members that a group needs."""

    def spare(self, groups: Numbers) -> Longs:
        """The numbers of members that groups may lose; not for groups of single links."""

    def members(self, group: int) -> Sequence[int]:
        """The nodes in a group."""

    def member_links(self, group: int) -> Sequence[int]:
        """For each member of a group, the link that makes it a member."""

    def record(self, group: int) -> GroupRecord | None:
        """The stored record of a group. None for the group of a single link, even if a standby joined it."""

    def stored_groups(self) -> Iterator[int]:
        """The groups that are stored."""

    def earlier(self, group: int, other: int) -> int:
        """The first of two groups in the order of the graph: stored groups by key, then single links."""

    def unordered(self, nodes: Ints) -> Longs:
        """The positions of the nodes whose own groups are not in the order of their numbers."""
