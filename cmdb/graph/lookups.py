"""Look-ups of one CI, link or group in a graph, with the protocol's methods."""

from __future__ import annotations

import numpy as np

from cmdb.graph.graph import Graph
from cmdb.graph.results import DependencyGroup


def class_of(graph: Graph, ci: int) -> str:
    """The class of a CI. Raises NotFound."""
    return graph.base.arrays.class_names[graph.code(graph.node(ci))]


def class_codes(graph: Graph, class_name: str) -> frozenset[int]:
    """The codes of a class and its subclasses. Raises SchemaError."""
    graph.schema.cls(class_name)
    family = set(graph.schema.family(class_name))
    return frozenset(at for at, name in enumerate(graph.base.arrays.class_names) if name in family)


def link_parts(graph: Graph, link: int) -> tuple[int, int, str]:
    """Source, target (nodes) and type of a link."""
    return graph.source(link), graph.target(link), graph.base.arrays.type_names[graph.kind(link)]


def link_order(graph: Graph, link: int) -> tuple[int, int, int]:
    """The sort key of a link, independent of when it was added."""
    return graph.id(graph.source(link)), graph.kind(link), graph.id(graph.target(link))


def single_link(graph: Graph, group: int) -> tuple[int, int]:
    """For a group that a standby made from a single link: the link, and whether its source (0) or target (1) owns the
    group.
    """
    link = graph.member_links(group)[0]
    return link, int(graph.source(link) != graph.owner(group))


def is_stored(graph: Graph, group: int) -> bool:
    """Whether a group is stored, and not the group of a single link."""
    return graph.record(group) is not None


def group_kind(graph: Graph, group: int) -> int:
    """The relationship type by which a group's first member is one, as a position in ``type_names``; or -1."""
    links = graph.member_links(group)
    return graph.kind(links[0]) if len(links) else -1


def dependency_group(graph: Graph, group: int) -> DependencyGroup:
    """A group with its members."""
    kind, record, owner = group_kind(graph, group), graph.record(group), graph.owner(group)
    return DependencyGroup(
        number=group,
        owner=graph.id(owner) if owner >= 0 else -1,
        label=record.label if record is not None else "",
        needs=graph.needed(group),
        hard=graph.hard(group),
        members=tuple(graph.id(node) for node in graph.members(group)),
        type=graph.base.arrays.type_names[kind] if kind >= 0 else "",
        key=record.key if record is not None else None,
    )


def dependency_groups(graph: Graph, ci: int) -> list[DependencyGroup]:
    """The dependency groups of a CI. Raises NotFound."""
    return [dependency_group(graph, group) for group in graph.groups_owned(graph.node(ci))]


def needed_by(graph: Graph, node: int) -> int:
    """The number of nodes that depend on a node directly."""
    owners = graph.owners(np.array(graph.groups_of(node), dtype=np.int32))
    return len(np.unique(owners[(owners != node) & (owners >= 0)]))
