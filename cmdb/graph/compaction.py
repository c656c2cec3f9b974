"""Compaction: builds new arrays from a graph and the changes since it was built."""

from __future__ import annotations

import numpy as np

from cmdb.graph.construction import build
from cmdb.graph.edges import Edges, GroupRecords, Ints
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.graph import Graph
from cmdb.graph.overlay import OverlaidGraph


def folded(graph: Graph) -> Graph:
    """The same graph, completely in arrays."""
    if not isinstance(graph, OverlaidGraph):
        return graph
    return FrozenGraph(graph.schema, build(_edges(graph), graph.schema, graph.base.arrays.tables))


def _edges(graph: OverlaidGraph) -> Edges:
    """The CIs and links of a graph, as the store would supply them."""
    a, delta = graph.base.arrays, graph.delta
    here = np.ones(graph.room, dtype=bool)
    here[list(delta.gone)] = False
    nodes = np.flatnonzero(here)
    nodes = nodes[np.argsort(graph.ids(nodes), kind="stable")]
    records = GroupRecords(one for group in graph.stored_groups() if (one := graph.record(group)) is not None)
    edges = Edges(graph.ids(nodes), graph.codes(nodes).astype(np.int16), a.class_names, a.type_names, records)
    live = np.ones(len(a.source) + len(delta.source), dtype=bool)
    live[list(delta.cut)] = False
    links = np.flatnonzero(live)
    source = graph.ids(np.concatenate([a.source, np.array(delta.source, dtype=np.int32)])[links])
    target = graph.ids(np.concatenate([a.target, np.array(delta.target, dtype=np.int32)])[links])
    kind = np.concatenate([a.type, np.array(delta.type, dtype=np.int16)])[links]
    within = _named(graph, records)[links]
    for code in np.unique(kind).tolist():
        some = kind == code
        edges.add(a.type_names[code], source[some], target[some], within[some])
    return edges


def _named(graph: OverlaidGraph, records: GroupRecords) -> Ints:
    """For each link the position in ``records`` of the group that it names, or -1."""
    a, delta = graph.base.arrays, graph.delta
    place = {records.key(at): at for at in range(len(records))}
    found = np.full(len(a.source) + len(delta.source), -1, dtype=np.int32)
    old = np.array([place.get(a.records.key(at), -1) for at in range(len(a.records))], dtype=np.int32)
    found[a.raw_link] = old[a.raw_record]
    for link, key in delta.named.items():
        found[link] = place.get(key, -1)
    return found
