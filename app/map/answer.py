"""The map's answer, computed in a worker thread: the drawn items with their positions, the affected items, and the
reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from app.impact.affected_items import contradictions, services_of
from app.impact.names import GraphNames
from app.map.place_folding import fold_places
from app.map.question import MapQuestion
from cmdb.graph.diagram import CELL, Diagram, EdgeView, Line, NodeView
from cmdb.graph.explanation import group_text, summary, why
from cmdb.graph.graph import Graph
from cmdb.graph.impact import Impact, impact
from cmdb.graph.layout import beside, layered, radial
from cmdb.graph.lookups import class_of, dependency_group, dependency_groups
from cmdb.graph.neighbourhood import joined, neighbourhood
from cmdb.graph.results import STATES, DrawnEdge, Follow, Layout, Neighbourhood, Point, State
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from cmdb.model.values import show

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

#: The most boxes that are drawn, CIs of one state that are explained, and errors that are listed.
DRAWN, LISTED, ERRORS = 1_200, 80, 20
#: The number of boxes that are drawn by default, and of affected services that are always drawn.
READABLE, SERVICES = 60, 8
#: A path of more steps is not listed.
FAR = 100
#: Up to this number of boxes, the other CIs that the hit ones need are drawn as well.
FEW = 40


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One line of the panel and of the outline: a CI, the label of its class, its state, and why."""

    id: int
    uid: str
    name: str
    label: str
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """The answer to one question at one revision. ``entries``: the worst first, at most ``LISTED`` of each state.

    ``graph`` and ``impact`` are for further questions; they are not needed to show the answer.
    """

    question: MapQuestion
    revision: int
    graph: Graph
    impact: Impact
    picture: Diagram
    title: str
    entries: tuple[MapEntry, ...]
    counts: Mapping[State, int]
    uids: Mapping[int, str]
    names: Mapping[int, str]
    hit: int = 0
    hit_drawn: int = 0
    errors: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())
    today: Mapping[State, int] | None = None
    """With a draft: the counts without it. None: no draft is open, or nothing is supposed to fail."""

    @property
    def fails(self) -> bool:
        """Whether the question assumes a failure."""
        return bool(self.impact.failed)

    @property
    def total(self) -> int:
        """The number of CIs in the estate."""
        return len(self.graph)

    def state(self, ci: int) -> State:
        """The state of a drawn or listed CI."""
        return self.impact.state(ci)

    def cls(self, ci: int) -> str:
        """The name of a CI's class. Raises NotFound."""
        return class_of(self.graph, ci)

    def trail(self, ci: int) -> list[int]:
        """The CIs by which the failure reached one, from what failed on; empty where none did, or from too ``FAR``."""
        if not self.fails or ci not in self.graph or self.impact.steps(ci) > FAR:
            return []
        return self.impact.path(ci)


def answer(
    reader: Reader, graph: Graph, question: MapQuestion, standing: Mapping[int, Point] | None = None
) -> MapAnswer:
    """Answers a question. ``standing``: places that nodes keep; then only new nodes get a position."""
    inner = reader.inner([question.start, *question.failed])
    failed = [inner[uid] for uid in question.failed if uid in inner and inner[uid] in graph]
    start = [inner[question.start]] if inner.get(question.start, -1) in graph else failed[:1]
    missing = tuple(uid for uid in (question.start, *question.failed) if uid and uid not in inner)
    hits = impact(graph, failed)
    around = _around(reader, graph, hits, question, [*dict.fromkeys([*failed, *start])])
    names = GraphNames(reader)
    names.want(around.distance)
    listed = _listed(hits, names)
    records = {one.id: one for one in reader.many(list(around.distance))}
    asked = {*start, *failed, *(ci for uid, ci in reader.inner(uid for uid, _ in question.expanded).items())}
    left_out = {cls for name in question.hidden for cls in reader.schema.family(name)}
    drawn = [ci for ci in around.distance if ci in records and (ci in asked or records[ci].cls not in left_out)]
    nodes = {ci: _node(records[ci], hits, around, reader.schema, ci in start) for ci in drawn}
    edges = _edges(graph, hits, around, nodes)
    nodes, edges = fold_places(nodes, edges, {ci: records[ci].cls for ci in nodes}, asked, reader.schema)
    placed = _placed(question, around, edges, nodes, start, standing)
    entries = tuple(
        MapEntry(ci, names.found[ci][0], names(ci), names.label(ci), state, str(why(hits, ci, names)))
        for ci, state in listed
    )
    return MapAnswer(
        question=question,
        revision=reader.number,
        graph=graph,
        impact=hits,
        picture=Diagram(nodes, edges, placed.positions, placed.routes, question.mode == "layered"),
        title=_title(failed, start, names),
        entries=entries,
        counts=hits.counts,
        uids={ci: uid for ci, (uid, _, _) in names.found.items()},
        names={ci: name for ci, (_, _, name) in names.found.items()},
        hit=sum(hits.counts.values()),
        hit_drawn=sum(1 for node in nodes.values() if node.state != "up"),
        errors=tuple(
            tr("{name}: {text}", name=one.name or "?", text=one.text)
            for one in contradictions(reader, graph.errors[:ERRORS])
        ),
        missing=missing,
    )


def _title(failed: list[int], start: list[int], names: GraphNames) -> str:
    shown = tuple(names(ci) for ci in failed[:3])
    if len(failed) > len(shown):
        rest = len(failed) - len(shown)
        return trn("If {names} and {count} more fail", "If {names} and {count} more fail", rest, names=shown)
    if len(failed) > 1:
        return tr("If {names} fail", names=listing(shown))
    if failed:
        return tr("If {name} fails", name=shown[0])
    return tr("Around {name}", name=names(start[0])) if start else tr("Map")


def _around(reader: Reader, graph: Graph, hits: Impact, question: MapQuestion, start: list[int]) -> Neighbourhood:
    """What is drawn: the neighbourhood; beside it services that are hit, and the other members of groups that were."""
    wanted = reader.inner([*(uid for uid, _ in question.expanded), *question.collapsed])
    expanded = {wanted[uid]: extra for uid, extra in question.expanded if wanted.get(uid, -1) in graph}
    collapsed = [wanted[uid] for uid in question.collapsed if wanted.get(uid, -1) in graph]
    follow: Follow = "cone" if question.mode == "layered" else "all"
    limit = READABLE + sum(expanded.values()) if question.usual else DRAWN
    found = neighbourhood(
        graph, start, question.steps, question.breadth, follow, expanded, collapsed, hits.hit_among, limit,
        "dependents" if hits.failed else None,
    )  # fmt: skip
    if not hits.failed:
        return found
    beside: dict[int, int] = {}
    _add_services(hits, found, beside)
    drawn = [*found.distance, *beside]
    for ci in drawn:
        for reason in hits.reasons(ci):
            for member in (*reason.lost, *reason.group.members)[: question.breadth]:
                if member not in found.distance and len(found.distance) + len(beside) < DRAWN:
                    beside.setdefault(member, ci)
    room = FEW - len(found.distance) - len(beside)
    for ci in [*found.distance, *beside]:
        for group in dependency_groups(graph, ci) if room > 0 else ():
            for member in group.members:
                if room > 0 and member not in found.distance and member not in beside:
                    beside[member] = ci
                    room -= 1
    return joined(graph, found, beside, follow) if beside else found


def _add_services(hits: Impact, found: Neighbourhood, beside: dict[int, int]) -> None:
    """Some services that are hit are drawn however far away they are, with the path to them."""
    graph = hits.graph
    wanted: list[int] = []
    for state in STATES[1:-1]:
        services, _ = hits.of_classes(state, services_of(graph), SERVICES - len(wanted))
        wanted += services
    for ci in wanted:
        if ci not in found.distance:
            trail = hits.path(ci)
            for before, step in pairwise(trail):
                if step not in found.distance and step not in beside:
                    beside[step] = before


def _node(record: CI, hits: Impact, around: Neighbourhood, schema: Schema, start: bool) -> NodeView:
    cls = schema.cls(record.cls)
    status = show(cls.attributes["status"], record.values.get("status"))
    state = hits.state(record.id)
    return NodeView(
        id=record.id,
        name=record.name,
        cls=cls.label,
        icon=cls.icon,
        state=state,
        text=str(summary(hits, record.id)) if hits.failed else cls.label,
        detail=" · ".join(filter(None, (cls.label, status, str(record.values.get("asset_tag", ""))))),
        label=_group_label(hits, record.id),
        more=around.more.get(record.id, 0),
        start=start,
    )


def _group_label(hits: Impact, ci: int) -> str:
    """The stored groups of a CI: "1 of 2 uplinks"."""
    lost = {reason.group.number: reason for reason in hits.reasons(ci)}
    words = []
    graph = hits.graph
    stored = [number for number in graph.groups_owned(graph.node(ci)) if number < graph.first_single]
    for group in (dependency_group(graph, number) for number in stored):
        if group.key is not None and len(group.members) > 1:
            reason = lost.get(group.number)
            words.append(str(group_text(hits.graph, group, reason.up if reason else None)))
    return " · ".join(words[:2]) + (" …" if len(words) > 2 else "")


def _edges(graph: Graph, hits: Impact, around: Neighbourhood, nodes: Mapping[int, NodeView]) -> tuple[EdgeView, ...]:
    """One line for each pair: that of its strongest link. The text names all its links."""
    pairs: dict[tuple[int, int], list[DrawnEdge]] = {}
    for edge in around.edges:
        if edge.source in nodes and edge.target in nodes:
            upper = edge.source if edge.dependent is None else edge.dependent
            lower = edge.target if upper == edge.source else edge.source
            key = (lower, upper) if (lower, upper) in pairs and edge.dependent is None else (upper, lower)
            pairs.setdefault(key, []).append(edge)
    found = []
    for (upper, lower), edges in pairs.items():
        carried = [edge for edge in edges if edge.group >= 0]
        hard = any(graph.hard(edge.group) for edge in carried)
        lost = bool(carried) and nodes[lower].state in ("failed", "down") and nodes[upper].state != "up"
        texts = dict.fromkeys(_said(graph, edge, nodes) for edge in edges)
        line: Line = "hard" if hard else "soft" if carried else "note"
        found.append(EdgeView(upper, lower, line, lost, "\n".join(texts)))
    return tuple(found)


def _said(graph: Graph, edge: DrawnEdge, nodes: Mapping[int, NodeView]) -> str:
    kind = graph.schema.relationships.get(edge.type)
    label = kind.label if kind else edge.type
    source, target = nodes[edge.source].name, nodes[edge.target].name
    return tr("{first} {relationship} {second}", first=source, relationship=label, second=target)


def _placed(
    question: MapQuestion,
    around: Neighbourhood,
    edges: tuple[EdgeView, ...],
    nodes: Mapping[int, NodeView],
    start: list[int],
    standing: Mapping[int, Point] | None,
) -> Layout:
    kept = {ci: point for ci, point in (standing or {}).items() if ci in nodes}
    if kept:
        newcomers = [(ci, around.parent[ci], _side(ci, around.parent[ci], edges, kept)) for ci in nodes
                     if ci not in kept and ci in around.parent]  # fmt: skip
        found = {**kept, **beside(kept, [one for one in newcomers if one[1] in nodes], CELL)}
        anchor = next(iter(kept))
        lost = [(ci, anchor, 1) for ci in nodes if ci not in found]
        return Layout({**found, **beside(found, lost, CELL)})
    if question.mode == "radial" and start:
        parent = {ci: above for ci, above in around.parent.items() if ci in nodes}
        for ci in nodes:  # if several fail together, all are on the first ring
            if ci not in parent and ci != start[0]:
                parent[ci] = start[0]
        parent.pop(start[0], None)
        return radial(start[0], parent, CELL)
    return layered(nodes, [(edge.upper, edge.lower) for edge in edges], CELL)


def _side(ci: int, parent: int, edges: tuple[EdgeView, ...], kept: Mapping[int, Point]) -> int:
    """On which side of its parent a new node is placed: -1 (dependents, above) or 1 (providers, below)."""
    for edge in edges:
        if {edge.upper, edge.lower} == {ci, parent}:
            return -1 if edge.upper == ci else 1
    return 1 if kept.get(parent, (0.0, 0.0))[1] >= 0 else -1


def _listed(hits: Impact, names: GraphNames) -> list[tuple[int, State]]:
    """The CIs that are explained: at most ``LISTED`` of each state, services first."""
    listed: list[tuple[int, State]] = []
    for state in STATES[:-1]:
        services, others = hits.of_classes(state, services_of(hits.graph), LISTED)
        listed += [(ci, state) for ci in (*services, *others)[:LISTED]]
    names.want(ci for ci, _ in listed)
    return [(ci, state) for ci, state in listed if ci in names.found]
