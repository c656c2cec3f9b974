"""The graph against networkx on the same generated estate, in one run: building, one failure, a failure of everything.

``python -m bench.graph [nodes]`` prints seconds and ratios; it exits 1 where one passes its limit. networkx only walks
to what is reachable; Terrier counts groups and tells five states apart, so a small failure may take it longer.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import networkx as nx

from cmdb.graph import Graph, impact
from cmdb.graph.edges import Edges
from cmdb.schema import Schema

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
    edges = Edges.from_records(cis, links, groups)
    some = range(nodes - nodes // 12, nodes, max(1, nodes // 600))
    bottom = [number for number, name in cis if name == "pdu"]
    build, ours = timed(lambda: Graph.build(edges, schema))
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


if __name__ == "__main__":
    found = compare(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
    sys.exit(any(ratio > LIMITS[task] for task, ratio in found.items()))
