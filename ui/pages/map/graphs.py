"""The graph of each revision that is looked at, built once."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from cmdb.graph import Graph

if TYPE_CHECKING:
    from cmdb.store import Reader

#: Graphs kept: now, and the past that it is compared with.
KEPT = 2


class Graphs:
    """Graphs by revision number. Asked from worker threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._graphs: dict[int, Graph] = {}

    def of(self, reader: Reader) -> Graph:
        """The graph of the reader's moment."""
        with self._lock:
            graph = self._graphs.pop(reader.number, None)
            if graph is None:
                graph = Graph.from_records(*reader.edges(), reader.schema)
            self._graphs[reader.number] = graph
            while len(self._graphs) > KEPT:
                del self._graphs[next(iter(self._graphs))]
            return graph
