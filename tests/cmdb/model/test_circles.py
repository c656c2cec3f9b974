"""Circles are found, each once, by the shortest way, and nothing else is."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.circles import circles, in_circles

STEPS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=16)


def above(steps: list[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, target in steps:
        found.setdefault(one, set()).add(target)
    return found


def test_circles_of_one_two_and_three_are_named_once() -> None:
    steps = [(1, 1), (2, 3), (3, 2), (4, 5), (5, 6), (6, 4), (7, 4), (8, 7)]
    assert sorted(circles(above(steps))) == [(1,), (2, 3), (4, 5, 6)]


def test_a_circle_begins_with_the_record_whose_step_is_asked_for() -> None:
    steps = [(4, 5), (5, 6), (6, 4)]
    assert circles(above(steps), [(6, 4)]) == [(6, 4, 5)]
    assert circles(above(steps), [(6, 4), (4, 5)]) == [(6, 4, 5)]


def test_a_long_chain_needs_no_recursion() -> None:
    size = 50_000
    chain = {n: {n + 1} for n in range(size)}
    assert circles(chain) == []
    assert len(circles({**chain, size: {0}})[0]) == size + 1


@given(STEPS)
def test_a_step_is_in_a_circle_exactly_where_there_is_a_way_back(steps: list[tuple[int, int]]) -> None:
    graph = nx.DiGraph(steps)
    expected = {(a, b) for a, b in steps if nx.has_path(graph, b, a)}
    assert set(in_circles(above(steps), steps)) == expected
    for circle in circles(above(steps), steps):
        assert len(set(circle)) == len(circle)
        assert all(b in above(steps)[a] for a, b in zip(circle, (*circle[1:], circle[0]), strict=True))
    assert bool(circles(above(steps))) == (not nx.is_directed_acyclic_graph(graph))
