"""The graphs of an estate at the moments that are shown. Each is derived from the nearest one if possible."""

from __future__ import annotations

from threading import Lock

from cmdb.graph.compaction import folded
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.graph import Graph
from cmdb.graph.incremental_update import follow
from cmdb.model.control import Control
from cmdb.model.selection import Selection
from cmdb.store.reading.reader import Reader

#: The limits of the cache: the number of graphs, and the links of all graphs that do not share their arrays.
KEPT, LINKS = 3, 8_000_000
#: The number of CIs up to which reading a graph takes so little time that a person can wait for it.
SMALL = 20_000


class LiveGraphs:
    """A cache of graphs by moment: a revision, with or without a draft.

    Worker threads call it; while one builds a graph, the others wait.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._graphs: dict[tuple[int, str], Graph] = {}

    def of(self, reader: Reader, control: Control | None = None) -> Graph:
        """The graph of the reader's moment. Raises Cancelled through ``control``."""
        control = control or Control()
        while not self._lock.acquire(timeout=0.1):
            control.check()
        try:
            return self._known(reader) or self._keep(reader, graph_of(reader, control))
        finally:
            self._lock.release()

    def at_once(self, reader: Reader) -> Graph | None:
        """The graph of the reader's moment if that is fast. None if a large one must be read, or is being read."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            known = self._known(reader)
            if known is None and reader.count(Selection()) <= SMALL:
                known = self._keep(reader, graph_of(reader))
            return known
        finally:
            self._lock.release()

    def _known(self, reader: Reader) -> Graph | None:
        """The graph in the cache, or one that is derived from a cached graph; or None."""
        graph = self._graphs.pop(reader.moment, None)
        if graph is None or graph.schema is not reader.schema:
            graph = self._near(reader)
        return graph if graph is None else self._keep(reader, graph)

    def _keep(self, reader: Reader, graph: Graph) -> Graph:
        if reader.draft:  # Of a draft, only the latest state is asked for again.
            self._graphs = {key: graph for key, graph in self._graphs.items() if not key[1]}
        self._graphs[reader.moment] = graph
        self._forget()
        return graph

    def _near(self, reader: Reader) -> Graph | None:
        """The graph derived from the graph of the nearest moment. None if reading it is faster."""
        latest = reader.number - 1 if reader.draft else None  # A draft differs from what is written.
        known = {
            number: graph
            for (number, draft), graph in self._graphs.items()
            if graph.schema is reader.schema and not draft and (latest is None or number <= latest)
        }
        if not known:
            return None
        number = min(known, key=lambda one: abs(one - reader.number))
        change = reader.changes_since(number)
        if change is None:
            return None
        return follow(known[number], change) or follow(folded(known[number]), change)

    def _forget(self) -> None:
        """Drops the least recently used graphs until the cache is within its limits. The latest one stays."""
        while len(self._graphs) > 1:
            arrays = {id(graph.base): len(graph.base.arrays.source) for graph in self._graphs.values()}
            if len(self._graphs) <= KEPT and sum(arrays.values()) <= LINKS:
                return
            del self._graphs[next(iter(self._graphs))]


def graph_of(reader: Reader, control: Control | None = None) -> FrozenGraph:
    """The graph of the reader's moment, read from the store. Raises Cancelled through ``control``."""
    control = control or Control()
    with reader.cancellable(control):
        edges = reader.edges(control)
    return FrozenGraph.build(edges, reader.schema)
