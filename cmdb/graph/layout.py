"""Positions of nodes: layered for impact (dependents above providers), radial for a neighbourhood.

Pure functions from nodes and edges to positions of their centres, x to the right and y downwards; the same input always
gives the same picture. The unit is that of the cell that the caller gives.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from cmdb.graph.results import Layout, Point, Spacing

#: The number of edges up to which crossing reduction also swaps neighbours, which is slow and looks better.
THOROUGH = 350
#: The width that an edge takes where it passes a layer, as a share of a node's.
LANE = 0.25
#: The same once the layers are drawn together, and how often they are.
NARROW, SWEEPS = 0.1, 12
#: Rings are this much less high than wide.
FLAT = 0.8
#: Layers much wider than this many nodes are folded into rows; a large picture may be wider, by this shape.
FOLD = 8
SHAPE = 0.55
#: A layer is folded if the picture is wider than this many times what it may be.
WIDER = 1.3
#: The height of a row within a folded layer, as a share of a layer's.
ROW = 0.66


def layered(nodes: Iterable[int], edges: Iterable[tuple[int, int]], cell: Spacing | None = None) -> Layout:
    """A layered layout by Sugiyama's method: of an edge (dependent, provider) the dependent is above.

    Loops are cut at the edge that closes them. Nodes without edges are in rows below the others.
    """
    cell = cell or Spacing()
    names = list(dict.fromkeys(nodes))
    known = set(names)
    pairs = list(dict.fromkeys((a, b) for a, b in edges if a != b and a in known and b in known))
    forward = _without_loops(names, pairs)
    place: dict[int, Point] = {}
    routes: dict[tuple[int, int], tuple[Point, ...]] = {}
    for component in _components(names, forward):
        offset = max((x for x, _ in place.values()), default=-cell.width) + cell.width
        at, bends = _sugiyama(component, forward, cell)
        at, bends = _drawn_together(at, bends, forward, cell, offset)
        place.update(at)
        routes.update(bends)
    if place:
        place, folded = _folded(place, cell)
        routes = {} if folded else {pair: bends for pair, bends in routes.items() if _blocked(place, pair, cell)}
    single = [node for node in names if node not in place]
    _rows_below(place, single, cell)
    back = {(b, a): tuple(reversed(points)) for (a, b), points in routes.items() if (b, a) in pairs}
    return Layout(place, {**back, **{pair: points for pair, points in routes.items() if pair in set(pairs)}})


def radial(centre: int, parent: Mapping[int, int], cell: Spacing | None = None) -> Layout:
    """Rings around ``centre`` by distance, each node near its parent's direction; flattened, since boxes are flat.

    ``parent`` leads every other node to one nearer the centre. A ring that would grow too wide becomes several.
    """
    cell = cell or Spacing()
    children: dict[int, list[int]] = {}
    for node, above in parent.items():
        children.setdefault(above, []).append(node)
    rings = [[centre]]
    while following := [child for node in rings[-1] for child in children.get(node, ())]:
        rings.append(following)
    leaves: dict[int, int] = {}
    for ring in reversed(rings):
        for node in ring:
            leaves[node] = sum(leaves[child] for child in children.get(node, ())) or 1
    turn = {centre: 0.0}
    place = {centre: (0.0, 0.0)}
    outer, even = 0.0, False
    for ring in rings[1:]:
        _sectors(ring, parent, leaves, turn)
        needed = len(ring) * cell.width / (2 * math.pi)
        crowded = max(1.0, 1 / (len(ring) * min(leaves[node] for node in ring) / leaves[centre]))
        wished = needed * min(crowded, 2.0)
        if wished > outer + 3 * cell.width:
            wished = outer + math.sqrt(needed * cell.width)
        inner = max(outer + cell.width, wished)
        count = math.ceil(needed / inner - 1e-9)
        even = even or count > 1 or crowded > 2
        slots = math.ceil(len(ring) / count) * count
        for at, node in enumerate(ring):
            radius = inner + (at % count) * cell.width
            share = (at + 0.5) / slots if even else turn[node] + leaves[node] / leaves[centre] / 2
            angle = 2 * math.pi * share - math.pi / 2
            place[node] = (radius * math.cos(angle), radius * math.sin(angle) * FLAT)
        outer = inner + (count - 1) * cell.width
    return Layout(place)


def _sectors(ring: Iterable[int], parent: Mapping[int, int], leaves: Mapping[int, int], turn: dict[int, float]) -> None:
    """Gives each node of a ring the start of its share of its parent's sector, as part of a full turn."""
    total = max(leaves.values())
    taken: dict[int, float] = {}
    for node in ring:
        above = parent[node]
        turn[node] = taken.get(above, turn[above])
        taken[above] = turn[node] + leaves[node] / total


def beside(
    existing: Mapping[int, Point], newcomers: Iterable[tuple[int, int, int]], cell: Spacing | None = None
) -> dict[int, Point]:
    """Positions for nodes that are added to a picture in which all other nodes keep their positions.

    ``newcomers`` are (node, neighbour, side): side -1 one row above its neighbour, 1 below, 0 in its row; each takes
    the nearest free place there. A neighbour may be an earlier newcomer.
    """
    cell = cell or Spacing()
    taken: dict[int, list[Point]] = {}

    def band(y: float) -> int:
        return math.floor(y / cell.height)

    def free(x: float, y: float) -> bool:
        near = (p for b in (-1, 0, 1) for p in taken.get(band(y) + b, ()))
        return all(abs(x - px) >= cell.width * 0.98 or abs(y - py) >= cell.height * 0.7 for px, py in near)

    for point in existing.values():
        taken.setdefault(band(point[1]), []).append(point)
    placed: dict[int, Point] = {}
    for node, neighbour, side in newcomers:
        x, y = placed.get(neighbour) or existing[neighbour]
        y += side * cell.height
        steps = (sign * step for step in range(1 + len(existing) + len(placed)) for sign in (1, -1))
        found = next((x + step * cell.width for step in steps if free(x + step * cell.width, y)), None)
        while found is None:  # everything around is taken: go one row further
            y += (side or 1) * cell.height
            found = x if free(x, y) else None
        placed[node] = (found, y)
        taken.setdefault(band(y), []).append(placed[node])
    return placed


def _without_loops(nodes: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The edges, with those that close a loop (in a depth-first search) reversed."""
    below: dict[int, list[int]] = {}
    for a, b in pairs:
        below.setdefault(a, []).append(b)
    state = dict.fromkeys(nodes, 0)
    forward: dict[tuple[int, int], None] = {}
    has_above = {b for _, b in pairs}
    for root in sorted(nodes, key=lambda node: node in has_above):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(below.get(root, ())))]
        while stack:
            node, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                state[node] = 2
                stack.pop()
                continue
            forward[(child, node) if state[child] == 1 else (node, child)] = None
            if state[child] == 0:
                state[child] = 1
                stack.append((child, iter(below.get(child, ()))))
    return list(forward)


def _folded(place: dict[int, Point], cell: Spacing) -> tuple[dict[int, Point], bool]:
    """The same layers, with layers that are too wide folded into several rows; and whether any was folded."""
    layers: dict[float, list[int]] = {}
    for node, (_, y) in place.items():
        layers.setdefault(y, []).append(node)
    columns = max(FOLD, math.ceil(math.sqrt(len(place) * SHAPE)))
    if max(x for x, _ in place.values()) / cell.width < columns * WIDER:
        return place, False
    found: dict[int, Point] = {}
    top = 0.0
    for y in sorted(layers):
        nodes = sorted(layers[y], key=lambda node: place[node][0])
        rows = math.ceil(len(nodes) / columns)
        wide = math.ceil(len(nodes) / rows)
        for at, node in enumerate(nodes):
            across, down = at % wide, at // wide
            left = (columns - min(wide, len(nodes) - down * wide)) / 2
            found[node] = ((left + across) * cell.width, top + down * cell.height * ROW)
        top += (rows - 1) * cell.height * ROW + cell.height
    return found, True


def _blocked(place: Mapping[int, Point], pair: tuple[int, int], cell: Spacing) -> bool:
    """Whether the simple curve between two nodes would cross a third node, so that it needs its bends."""
    (x0, y0), (x1, y1) = place[pair[0]], place[pair[1]]
    others = [
        (x, y)
        for node, (x, y) in place.items()
        if min(y0, y1) < y < max(y0, y1) and min(x0, x1) - cell.width < x < max(x0, x1) + cell.width
    ]
    for step in range(1, 24):
        t = step / 24
        x = x0 + (x1 - x0) * (3 * t * t - 2 * t * t * t)
        y = y0 + (y1 - y0) * (1.5 * t - 1.5 * t * t + t * t * t)
        if any(abs(x - ox) < cell.width * 0.46 and abs(y - oy) < cell.height * 0.3 for ox, oy in others):
            return True
    return False


def _components(nodes: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The nodes that edges join, component by component, the largest first."""
    near: dict[int, list[int]] = {}
    for a, b in edges:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    found: list[list[int]] = []
    seen: set[int] = set()
    for root in nodes:
        if root in near and root not in seen:
            seen.add(root)
            component = [root]
            for node in component:
                fresh = [other for other in dict.fromkeys(near[node]) if other not in seen]
                seen.update(fresh)
                component.extend(fresh)
            found.append(component)
    return sorted(found, key=len, reverse=True)


def _sugiyama(
    joined: Sequence[int], edges: Sequence[tuple[int, int]], cell: Spacing
) -> tuple[dict[int, Point], dict[tuple[int, int], tuple[Point, ...]]]:
    """Positions of one component, from 0 to the right, and the bends of its long edges.

    Called for each component separately, because only then the library numbers its dummy vertices after the nodes.
    """
    import fast_sugiyama

    number = {node: at for at, node in enumerate(joined)}
    found = fast_sugiyama.from_edges(
        [(number[a], number[b]) for a, b in edges if a in number],
        ranking_type="up",
        minimum_length=1,
        vertex_spacing=cell.width,
        dummy_size=cell.width * LANE,
        transpose=len(edges) <= THOROUGH,
    )
    positions, _, _, links = found[0]
    left, top = min(x for _, (x, _) in positions), max(y for _, (_, y) in positions)
    at = {int(n): (x - left, (top - y) * cell.height / cell.width) for n, (x, y) in positions}
    bends = _bends(at, [(int(a), int(b)) for a, b in links or ()], joined)
    return {node: at[n] for node, n in number.items()}, bends


def _drawn_together(
    at: dict[int, Point],
    bends: dict[tuple[int, int], tuple[Point, ...]],
    edges: Iterable[tuple[int, int]],
    cell: Spacing,
    offset: float,
) -> tuple[dict[int, Point], dict[tuple[int, int], tuple[Point, ...]]]:
    """The same layers in the same order, but each place as near to its neighbours as its layer allows.

    The library gives every passing edge a lane, so that a picture of thirty nodes is twice as wide as its widest layer.
    """
    spots: list[Point] = list(at.values())
    index = {node: number for number, node in enumerate(at)}
    chains: list[list[int]] = []
    for a, b in edges:
        if a in index and b in index:
            helpers = bends.get((a, b), ())
            first = len(spots)
            spots.extend(helpers)
            chains.append([index[a], *range(first, len(spots)), index[b]])
    near: list[list[int]] = [[] for _ in spots]
    for chain in chains:
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    layers: dict[float, list[int]] = {}
    for number, (_, y) in enumerate(spots):
        layers.setdefault(round(y, 3), []).append(number)
    half = [cell.width / 2 if number < len(at) else cell.width * NARROW / 2 for number in range(len(spots))]
    xs = [0.0] * len(spots)
    ordered = [sorted(layers[y], key=lambda number: spots[number][0]) for y in sorted(layers)]
    for layer in ordered:
        _spread(layer, [0.0] * len(layer), half, xs)
    for sweep in range(SWEEPS):
        for layer in ordered if sweep % 2 else reversed(ordered):
            _spread(layer, [_middle([xs[other] for other in near[n]] or [xs[n]]) for n in layer], half, xs)
    left = min(xs[: len(at)])
    nodes = list(at)
    places = {node: (xs[number] - left + offset, at[node][1]) for node, number in index.items()}
    routes = {}
    for chain in chains:
        if len(chain) > 2:
            pair = (nodes[chain[0]], nodes[chain[-1]])
            routes[pair] = tuple((xs[number] - left + offset, spots[number][1]) for number in chain[1:-1])
    return places, routes


def _middle(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _spread(layer: Sequence[int], wanted: Sequence[float], half: Sequence[float], xs: list[float]) -> None:
    """Places a layer, in its order and without overlaps, as near to what is wanted as possible (least squares)."""
    offsets = [0.0]
    for one, other in pairwise(layer):
        offsets.append(offsets[-1] + half[one] + half[other])
    blocks: list[list[float]] = []  # sum of wanted, number
    for want, shift in zip(wanted, offsets, strict=True):
        blocks.append([want - shift, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    place = iter(layer)
    shifts = iter(offsets)
    for total, count in blocks:
        for _ in range(round(count)):
            xs[next(place)] = total / count + next(shifts)


def _bends(
    at: Mapping[int, Point], links: Iterable[tuple[int, int]], joined: Sequence[int]
) -> dict[tuple[int, int], tuple[Point, ...]]:
    """Edges that pass layers were split at helping vertices (numbered after the nodes): their places are the bends."""
    after: dict[int, int] = {}
    starts: list[tuple[int, int]] = []
    count = len(joined)
    for a, b in links:
        if a >= count:
            after[a] = b
        elif b >= count:
            starts.append((a, b))
    routes = {}
    for a, helper in starts:
        points = []
        while helper >= count:
            points.append(at[helper])
            helper = after[helper]
        routes[joined[a], joined[helper]] = tuple(points)
    return routes


def _rows_below(place: dict[int, Point], single: Sequence[int], cell: Spacing) -> None:
    """Adds nodes without edges, in rows about as wide as the rest."""
    if not single:
        return
    width = max((x for x, _ in place.values()), default=0.0)
    bottom = max((y for _, y in place.values()), default=-cell.height) + cell.height
    columns = max(int(width / cell.width) + 1, math.ceil(math.sqrt(len(single) * 2)))
    for at, node in enumerate(single):
        place[node] = (at % columns * cell.width, bottom + at // columns * cell.height)
