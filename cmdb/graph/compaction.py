"""A graph and what has changed since it was built, put into arrays again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cmdb.graph.build import build
from cmdb.graph.changes import GroupRecord
from cmdb.graph.edges import Edges, Records
from cmdb.graph.frozen import Graph
from cmdb.graph.patch import Patch


def folded(graph: Graph) -> Graph:
    """The same graph, all of it in arrays."""
    if graph.patch is None:
        return graph
    edges = _edges(graph, graph.patch)
    return Graph(graph.schema, build(edges, graph.schema, graph.arrays.tables))


def _edges(graph: Graph, patch: Patch) -> Edges:
    """The CIs and links of a graph as the store would hand them over."""
    a = graph.arrays
    here = np.ones(graph.room, dtype=bool)
    here[list(patch.gone)] = False
    nodes = np.flatnonzero(here)
    nodes = nodes[np.argsort(graph.ids(nodes), kind="stable")]
    records = Records(_records(graph, patch))
    edges = Edges(graph.ids(nodes), graph.codes(nodes).astype(np.int16), a.class_names, a.type_names, records)
    links = np.arange(len(a.source) + len(patch.source), dtype=np.int64)
    live = np.ones(len(links), dtype=bool)
    live[list(patch.cut)] = False
    source = graph.ids(graph.taken(a.source, patch.source, links))
    target = graph.ids(graph.taken(a.target, patch.target, links))
    kind = graph.taken(a.type, patch.type, links)
    within = np.full(len(links), -1, dtype=np.int32)
    place = {records.key(at): at for at in range(len(records))}
    old = np.array([place.get(a.records.key(at), -1) for at in range(len(a.records))], dtype=np.int32)
    within[a.raw_link] = old[a.raw_record]
    for number, key in patch.named.items():
        within[number] = place.get(key, -1)
    for code in np.unique(kind[live]).tolist():
        some = live & (kind == code)
        edges.add(a.type_names[code], source[some], target[some], within[some])
    return edges


def _records(graph: Graph, patch: Patch) -> Iterator[GroupRecord]:
    """The stored groups as they are now."""
    for number in graph.stored_groups():
        record = graph.arrays.records[number] if number < graph.arrays.explicit else None
        record = record or patch.groups[number - graph.arrays.explicit].record
        if record is not None:
            yield record
