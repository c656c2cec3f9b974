"""Layouts: every node has its own position, dependents above providers, always the same."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cmdb.graph.layout import FLAT, beside, layered, radial
from cmdb.graph.results import Spacing
from tests.laws import examples

CELL = Spacing(100.0, 50.0)
_edges = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=30)


def apart(positions: dict[int, tuple[float, float]]) -> bool:
    return all(
        abs(a[0] - b[0]) >= CELL.width * 0.5 or abs(a[1] - b[1]) >= CELL.height * 0.5
        for a, b in combinations(positions.values(), 2)
    )


@given(_edges)
@examples(60, soak=750)
def test_layers_of_anything(edges: list[tuple[int, int]]) -> None:
    found = layered(range(15), edges, CELL)
    assert set(found.positions) == set(range(15))
    assert apart(found.positions)
    assert layered(range(15), edges, CELL) == found
    for (a, b), points in found.routes.items():
        assert (a, b) in edges
        heights = [found.positions[a][1], *(y for _, y in points), found.positions[b][1]]
        assert heights in (sorted(heights), sorted(heights, reverse=True))


@given(_edges)
@examples(40, soak=500)
def test_dependents_stand_above_without_loops(edges: list[tuple[int, int]]) -> None:
    downward = [(min(pair), max(pair)) for pair in edges if pair[0] != pair[1]]
    found = layered(range(15), downward, CELL).positions
    assert all(found[a][1] < found[b][1] for a, b in downward)


def test_nothing_and_one() -> None:
    assert layered([], []).positions == {}
    assert layered([5], []).positions == {5: (0.0, 0.0)}
    assert radial(5, {}).positions == {5: (0.0, 0.0)}


def test_rings_are_distances() -> None:
    parent = dict.fromkeys(range(1, 10), 0) | {node: node - 9 for node in range(10, 19)}
    found = radial(0, parent, CELL).positions
    radius = {node: round(math.hypot(x, y / FLAT)) for node, (x, y) in found.items()}
    assert len({radius[node] for node in range(1, 10)}) == 1
    assert all(radius[node] > radius[parent[node]] for node in parent)
    assert apart(found)


def test_many_nodes_are_on_several_rings() -> None:
    found = radial(0, dict.fromkeys(range(1, 400), 0), CELL).positions
    assert apart(found)
    assert max(abs(x) for x, _ in found.values()) < 20 * CELL.width


def test_wide_layers_are_folded() -> None:
    edges = [(node, 0) for node in range(1, 300)]
    found = layered(range(300), edges, CELL)
    assert apart(found.positions)
    assert max(x for x, _ in found.positions.values()) < 25 * CELL.width
    assert all(found.positions[node][1] < found.positions[0][1] for node in range(1, 300))


def test_newcomers_stand_beside_their_neighbour_and_move_nothing() -> None:
    existing = {0: (0.0, 0.0), 1: (0.0, 50.0), 2: (100.0, 0.0)}
    found = beside(existing, [(3, 0, 1), (4, 0, 1), (5, 3, 1), (6, 0, -1), (7, 0, 0)], CELL)
    assert apart({**existing, **found})
    assert found[6] == (0.0, -50.0)
    assert found[3][1] == found[4][1] == 50.0
    assert found[5] == (found[3][0], 100.0)
    assert found[7][1] == 0.0


def test_passing_lines_do_not_spread_the_layers() -> None:
    ranks = [[10 * rank + at for at in range(3)] for rank in range(8)]
    edges = [(a, b) for upper, lower in pairwise(ranks) for a in upper for b in lower]
    edges += [(a, ranks[-1][0]) for rank in ranks[:-2] for a in rank]
    found = layered([node for rank in ranks for node in rank], edges, CELL)
    xs = [x for x, _ in found.positions.values()]
    assert max(xs) - min(xs) <= 6 * CELL.width, "the widest layer has three boxes, and eighteen lines pass"
