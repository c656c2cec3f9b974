"""Redundancy that is probably there but not recorded: proposed, never assumed."""

from __future__ import annotations

from collections.abc import Iterable

from cmdb.graph import rules
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import group_kind, is_stored
from cmdb.graph.results import GroupProposal
from cmdb.model.messages import Message


def propose_groups(graph: Graph, cis: Iterable[int] | None = None) -> list[GroupProposal]:
    """A group for each set of single links of a usually redundant type that lead one CI to members of one class.

    By class, because members of one class play one role: two switches may replace each other, a switch and a
    certificate do not. For members of a cluster, all but one are proposed as needed; for other types, one. For all CIs,
    or for ``cis``. Raises NotFound.
    """
    redundant = {kind.name for kind in rules.redundant_types(graph.schema)}
    codes = {code for code, name in enumerate(graph.base.arrays.type_names) if name in redundant}
    nodes = graph.nodes() if cis is None else [graph.node(ci) for ci in cis]
    found = []
    for node in nodes:
        roles: dict[tuple[int, int], dict[int, None]] = {}
        for group in graph.groups_owned(node):
            if group_kind(graph, group) in codes and not is_stored(graph, group):
                for member in graph.members(group):
                    role = group_kind(graph, group), graph.code(member)
                    roles.setdefault(role, {})[member] = None
        for (code, class_code), members in roles.items():
            if len(members) > 1:
                found.append(_proposal(graph, node, graph.base.arrays.type_names[code], class_code, list(members)))
    return found


def _proposal(graph: Graph, node: int, kind: str, class_code: int, members: list[int]) -> GroupProposal:
    needs = len(members) - 1 if kind == "member_of" else 1
    words = None if kind == "member_of" else rules.NOUNS.get(kind)
    cls = graph.schema.cls(graph.base.arrays.class_names[class_code])
    what = words(len(members)) if words else cls.plural
    ids = tuple(graph.id(member) for member in members)
    text = Message("{needs} of {size} {what}?", needs=needs, size=len(members), what=what)
    return GroupProposal(graph.id(node), kind, ids, needs, text)
