"""The graph against networkx on a generated estate, and on a million CIs from a file against bare sqlite3 and SciPy.

``python -m bench.graph [nodes]`` prints seconds and ratios to networkx; ``python -m bench.graph FILE`` those of an
estate in a file. It exits 1 where one passes its limit. networkx and SciPy only walk to what is reachable; Terrier
counts groups and tells five states apart, so a failure may take it longer.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import networkx as nx
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from result import Result, in_turn

from cmdb.graph.changes import GraphChange, GraphLink
from cmdb.graph.edges import Edges
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.impact import impact
from cmdb.graph.incremental_update import follow
from cmdb.model.schema import Schema
from cmdb.register.live_graph import graph_of
from cmdb.store.upkeep.startup import open_estate

Value = TypeVar("Value")
LIMITS = {"build": 1.0, "single failures": 3.0, "everything fails": 1.0}
Links = list[tuple[str, int, int, int | None]]


def estate(nodes: int, seed: int = 1) -> tuple[list[tuple[int, str]], Links, dict[int, tuple[int, str, str]]]:
    """``nodes`` CIs in six layers; each depends on three of the layer below, every fifth on one of its pairs."""
    draw = random.Random(seed)
    classes = ("service", "application", "virtual_machine", "server", "switch", "pdu")
    layer = nodes // len(classes)
    cis = [(number, classes[min(number // layer, 5)]) for number in range(nodes)]
    links: Links = []
    groups: dict[int, tuple[int, str, str]] = {}
    for number in range(nodes - layer):
        below = (number // layer + 1) * layer
        group = None
        if number % 5 == 0:
            group = number
            groups[group] = (number, "pair", "1")
        links += [("depends_on", number, below + draw.randrange(layer), group if at < 2 else None) for at in range(3)]
    return cis, links, groups


def timed(work: Callable[[], Value]) -> tuple[float, Value]:
    start = time.perf_counter()
    value = work()
    return time.perf_counter() - start, value


def networkx_graph(cis: list[tuple[int, str]], links: Links) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from((number, {"class": name}) for number, name in cis)
    graph.add_edges_from((target, source, {"type": kind, "group": group}) for kind, source, target, group in links)
    return graph


def compare(nodes: int) -> dict[str, float]:
    """Terrier's seconds divided by networkx's, by task."""
    cis, links, groups = estate(nodes)
    schema = Schema.load()
    some = range(nodes - nodes // 12, nodes, max(1, nodes // 600))
    bottom = [number for number, name in cis if name == "pdu"]
    build, ours = timed(lambda: FrozenGraph.build(Edges.from_records(cis, links, groups, schema), schema))
    theirs_build, theirs = timed(lambda: networkx_graph(cis, links))
    small, answer = timed(lambda: sum(len(impact(ours, [one]).hit()) for one in some))
    theirs_small, reached = timed(lambda: sum(len(nx.descendants(theirs, one)) for one in some))
    theirs.add_edges_from((-1, number) for number in bottom)
    large, _ = timed(lambda: impact(ours, bottom).hit())
    theirs_large, _ = timed(lambda: nx.descendants(theirs, -1))
    print(f"{nodes:,} CIs, {len(links):,} links; a failure hits {answer // len(some):,} of {reached // len(some):,}")
    ratios = {}
    for task, our_time, their_time in (
        ("build", build, theirs_build),
        ("single failures", small, theirs_small),
        ("everything fails", large, theirs_large),
    ):
        ratios[task] = our_time / their_time
        print(f"{task:18} {our_time:8.4f} s   networkx {their_time:8.4f} s   ratio {ratios[task]:.2f}")
    return ratios


# -- an estate in a file -----------------------------------------------------------------------------------------------


def measure(_folder: Path, times: int) -> list[Result]:
    """Reading the graph of a million CIs, a failure of everything, and a revision followed."""
    import million

    return measure_file(million.estate(), times)


def measure_file(path: Path, times: int) -> list[Result]:
    """The same of any estate."""
    from scipy.sparse.csgraph import breadth_first_order

    store = open_estate(path)

    def ours() -> FrozenGraph:
        with store.read() as reader:
            return graph_of(reader)

    results = [in_turn("the graph read from the store; numpy from bare sqlite3", ours, lambda: bare(path), 2.5, times)]
    graph = ours()
    store.close()
    matrix = dependents_of(graph)
    root = int(np.argmax(np.diff(graph.arrays.of_start)))
    hit = impact(graph, [graph.id(root)]).counts
    print(f"  {hit} of {len(graph):,}")
    results.append(
        in_turn(
            "a failure that hits nearly everything; SciPy's walk",
            lambda: impact(graph, [graph.id(root)]).counts,
            lambda: breadth_first_order(matrix, root, return_predecessors=False),
            15,
            times,
        )
    )
    some = np.random.default_rng(1).integers(0, len(graph), 40)
    ids = graph.ids(some).tolist()
    change = GraphChange(linked=tuple(GraphLink("depends_on", a, b) for a, b in zip(ids[:20], ids[20:], strict=True)))
    results.append(in_turn("a revision of 20 links followed; all read anew", lambda: follow(graph, change),
                           lambda: bare(path), 0.01, times))  # fmt: skip
    return results


def bare(path: Path) -> tuple[Any, ...]:
    """CIs, relationships and references of a file as compressed rows in both directions: sqlite3 and numpy, no more."""
    with closing(sqlite3.connect(path)) as connection:

        def read(sql: str) -> Any:
            return np.concatenate([np.empty((0, 2), dtype=np.int64), *_numbers(connection, sql)])

        ids = read("SELECT id, id FROM ci")[:, 0]
        links = [read("SELECT source, target FROM relationship")]
        links += [read(f"SELECT id, {name} FROM ci WHERE {name} IS NOT NULL") for name in ("location", "assigned_to")]
    ids.sort()
    ends = np.searchsorted(ids, np.concatenate(links)).astype(np.int32)
    rows = []
    for here, there in ((0, 1), (1, 0)):
        order = np.argsort(ends[:, here], kind="stable")
        rows.append((np.cumsum(np.bincount(ends[:, here], minlength=len(ids))), ends[order, there]))
    return ids, *rows


def _numbers(connection: sqlite3.Connection, sql: str) -> Iterator[Any]:
    cursor = connection.execute(sql)
    while rows := cursor.fetchmany(4_000):
        yield np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=2 * len(rows)).reshape(-1, 2)


def dependents_of(graph: FrozenGraph) -> Any:
    """The dependencies as a SciPy matrix."""
    from scipy.sparse import csr_array

    a = graph.arrays
    owners = graph.owners(a.of_group)
    nodes = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(a.of_start))
    return csr_array((np.ones(len(owners), dtype=np.int8), (nodes, owners)), shape=(len(graph), len(graph)))


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "200000"
    if asked.isdigit():
        found = compare(int(asked))
        sys.exit(any(ratio > LIMITS[task] for task, ratio in found.items()))
    sys.exit(not all(result.passed for result in measure_file(Path(asked), 3)))
