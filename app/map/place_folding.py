"""Chains of places on the map: a room in a building in a town is one box, which says where it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from cmdb.graph.diagram import EdgeView, NodeView
from cmdb.model.formats import listing
from cmdb.model.messages import tr
from cmdb.model.schema import Schema

#: The most places that a box names besides its own.
_NAMED = 2


def fold_places(
    nodes: Mapping[int, NodeView],
    edges: tuple[EdgeView, ...],
    classes: Mapping[int, str],
    asked: Collection[int],
    schema: Schema,
) -> tuple[dict[int, NodeView], tuple[EdgeView, ...]]:
    """The drawing without places that only another place is in; that one says where it is.

    Items that the question names stay, and so does what fails: it is what the map is about.
    """
    places = set(schema.family("place")) if "place" in schema.classes else set()
    above: dict[int, set[int]] = {}
    below: dict[int, set[int]] = {}
    for edge in edges:
        above.setdefault(edge.lower, set()).add(edge.upper)
        below.setdefault(edge.upper, set()).add(edge.lower)
    chains: dict[int, list[int]] = {}
    gone: set[int] = set()
    for ci in nodes:
        if classes[ci] not in places or _folds(ci, nodes, classes, above, asked, places):
            continue
        last = ci
        while len(lower := below.get(last, set())) == 1:
            last = next(iter(lower))
            if last in gone or not _folds(last, nodes, classes, above, asked, places):
                break
            chains.setdefault(ci, []).append(last)
            gone.add(last)
    drawn = {ci: node for ci, node in nodes.items() if ci not in gone}
    for ci, chain in chains.items():
        names = listing([nodes[one].name for one in chain[:_NAMED]])
        drawn[ci] = replace(drawn[ci], text=tr("{cls} in {places}", cls=nodes[ci].cls, places=names))
    return drawn, tuple(edge for edge in edges if edge.upper in drawn and edge.lower in drawn)


def _folds(
    ci: int,
    nodes: Mapping[int, NodeView],
    classes: Mapping[int, str],
    above: Mapping[int, set[int]],
    asked: Collection[int],
    places: Collection[str],
) -> bool:
    """Whether a box is a place that only one other place is in, and that nothing is said of."""
    users = above.get(ci, set())
    lone = len(users) == 1 and all(classes[one] in places for one in users)
    return classes[ci] in places and lone and ci not in asked and nodes[ci].state == "up"
