"""The shortest path between two records, over all relationships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.impact.names import GraphNames
from cmdb.graph.paths import path

if TYPE_CHECKING:
    from cmdb.graph.graph import Graph
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class NamedPathStep:
    """A record on the way: its id, its class, its name, and the link that leads to it; "" for the first."""

    uid: str
    label: str
    name: str
    link: str = ""


def path_between(reader: Reader, graph: Graph, a: int, b: int) -> list[NamedPathStep]:
    """The shortest way from CI ``a`` to ``b`` with both ends; empty where there is none. Raises NotFound."""
    steps = path(graph, a, b)
    if steps is None:
        return []
    names = GraphNames(reader)
    walked = [(a, ""), *((step.target, step.label) for step in steps)]
    names.want(ci for ci, _ in walked)
    return [NamedPathStep(names.found[ci][0], names.label(ci), names(ci), link) for ci, link in walked]
