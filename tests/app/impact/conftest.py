"""An estate whose failures are known, with its graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cmdb.graph.graph import Graph
from cmdb.register.live_graph import graph_of
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill


@dataclass
class Known:
    """A view of the estate, its graph, and the uids of its CIs by name."""

    reader: Reader
    graph: Graph
    uids: dict[str, str]

    def ci(self, name: str) -> int:
        """The integer id of a CI."""
        return self.reader.inner([self.uids[name]])[self.uids[name]]


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    store = create_estate(tmp_path_factory.mktemp("impact") / "impact.terrier")
    uids = fill(store)
    with store.read() as reader:
        yield Known(reader, graph_of(reader), uids)
    store.close()
