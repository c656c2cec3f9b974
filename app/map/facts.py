"""What the panel says about one CI, and about the next loss; worked out in worker threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.map.answer import Answer, Names, services_of
from cmdb.graph.cutsets import cutsets
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import dependency_group, is_stored, needed_by
from cmdb.graph.proposals import propose_groups
from cmdb.graph.results import DependencyGroup, NextLoss
from cmdb.graph.risk import Budget, cannot_lose_next, spof
from cmdb.graph.why import group_text, noun
from cmdb.model.control import Control

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

#: How many names a list shows before it says how many more there are.
SHOWN = 12
#: How long pairs are looked for, in trials; then the list is marked incomplete.
TRIALS = 4_000
#: How many CIs the searches look at before they stop and say so.
EFFORT = 2_000_000
#: So many groups and single points of failure of a CI are fetched by name, and so many members of each group.
MOST, NAMED = 200, 6


@dataclass(frozen=True, slots=True)
class Need:
    """A group of the CI: in words, its first members (uid, name), how many there are, and whether it is hard."""

    text: str
    members: tuple[tuple[str, str], ...]
    size: int
    hard: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A dependency group that could be recorded: "1 of 2 uplinks?"."""

    owner: str
    label: str
    needs: str
    text: str
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """About one CI: what it needs, how many need it, what alone takes it down (uid, name), proposed groups."""

    uid: str
    needs: tuple[Need, ...]
    needed_by: int
    single_points: tuple[tuple[str, str], ...]
    """The first of them; ``points`` counts all, as ``groups`` counts what it needs."""
    points: int
    groups: int
    pairs: tuple[tuple[str, str], ...]
    """Names of two that take it down together, though neither does alone."""
    pairs_complete: bool
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """CIs (uid, name) of which each, lost next, takes down the same: by name, the best known first.

    Of both lists only the first stand here; ``several`` and ``count`` say how many there are.
    """

    cis: tuple[tuple[str, str], ...]
    several: int
    takes_down: tuple[str, ...]
    count: int


def gather(reader: Reader, graph: Graph, uid: str, control: Control) -> Facts | None:
    """The facts of one CI; None where the graph doesn't have it. Raises Cancelled."""
    ci = reader.inner([uid]).get(uid, -1)
    if ci not in graph:
        return None
    names = Names(reader)
    node = graph.node(ci)
    numbers = [number for number in graph.groups_owned(node) if len(graph.members(number))]
    numbers.sort(key=lambda number: (not is_stored(graph, number), not graph.hard(number)))
    groups = [dependency_group(graph, number) for number in numbers[:MOST]]
    single = spof(graph, ci, control)
    names.want({*single[:MOST], *(member for group in groups for member in group.members[:NAMED])})
    cuts = cutsets(graph, ci, 2, limit=TRIALS, control=control, effort=EFFORT)
    pairs = [cut for cut in cuts.sets if len(cut) == 2]
    names.want({one for cut in pairs for one in cut})
    return Facts(
        uid,
        tuple(
            Need(
                _need_text(graph, group),
                tuple((names.found[m][0], names(m)) for m in group.members[:NAMED] if m in names.found),
                len(group.members),
                group.hard,
            )
            for group in groups
        ),
        needed_by(graph, node),
        tuple(sorted(((names.found[one][0], names(one)) for one in single[:MOST] if one in names.found), key=_by_name)),
        len(single),
        len(numbers),
        tuple((names(a), names(b)) for a, b in pairs),
        cuts.complete,
        _offers(reader, graph, ci),
    )


def _need_text(graph: Graph, group: DependencyGroup) -> str:
    if group.key is not None or len(group.members) > 1:
        spare = ", no spare" if group.hard and group.needs >= len(group.members) > 1 else ""
        return group_text(graph, group) + spare
    return _single(graph, group.type)


def _single(graph: Graph, kind: str) -> str:
    found = graph.schema.relationships.get(kind)
    return found.label if found is not None and found.impact != "forward" else found.inverse if found else kind


def _offers(reader: Reader, graph: Graph, ci: int) -> tuple[Offer, ...]:
    """The proposals whose links are relationship records (a reference attribute holds one only, and no group)."""
    found = []
    outer = reader.outer([ci])
    for proposal in propose_groups(graph, [ci]):
        owner = outer[ci][0]
        members = {uid for uid, _, _ in reader.outer(proposal.members).values()}
        links = tuple(
            (related.type, related.uid, owner) if related.inverse else (related.type, owner, related.uid)
            for related in reader.relationships(owner)
            if related.type == proposal.type and related.uid in members and not related.attribute
        )
        if len(links) == len(proposal.members):
            label = proposal.text.rstrip("?").split(" ", 3)[-1]
            found.append(Offer(owner, label, str(proposal.needs), proposal.text, links))
    return tuple(found)


def _by_name(one: tuple[str, str]) -> str:
    return one[1]


def next_losses(reader: Reader, answer: Answer, control: Control) -> tuple[list[Loss], bool]:
    """What cannot be lost next, those with the same consequence together, the largest first; and whether that is all.

    Raises Cancelled.
    """
    budget = Budget(EFFORT)
    found = cannot_lose_next(answer.graph, answer.impact.failed, control, budget)
    together: dict[tuple[int, ...], list[NextLoss]] = {}
    for one in found:
        together.setdefault(one.takes_down, []).append(one)
    names = Names(reader)
    graph = answer.graph
    shown = list(together.items())[:SHOWN]
    firsts = [sorted(takes, key=lambda ci: (graph.code(graph.node(ci)) not in services_of(graph), ci))[:NAMED]
              for takes, _ in shown]  # fmt: skip
    names.want({one.ci for _, losses in shown for one in losses[:MOST]})
    names.want({ci for first in firsts for ci in first})
    losses_ = [
        Loss(
            tuple((names.found[one.ci][0], names(one.ci)) for one in losses[:MOST] if one.ci in names.found),
            len(losses),
            tuple(names(ci) for ci in first if ci in names.found),
            len(takes_down),
        )
        for (takes_down, losses), first in zip(shown, firsts, strict=True)
    ]
    return losses_, not budget.over()


def hit_rows(reader: Reader, answer: Answer) -> list[tuple[str, ...]]:
    """Every CI that is hit, or that is drawn where nothing fails: state, class, name, why, path; for the CSV."""
    from cmdb.graph.results import STATE_WORDS
    from cmdb.graph.why import why

    hits = answer.impact
    states = hits.hit() if hits.failed else dict.fromkeys(answer.picture.nodes, "up")
    names = Names(reader)
    names.want(states)
    return [
        (
            STATE_WORDS[state],
            reader.schema.cls(names.found[ci][1]).label,
            names(ci),
            why(hits, ci, names),
            " → ".join(names(step) for step in hits.path(ci)),
            names.found[ci][0],
        )
        for ci, state in states.items()
        if ci in names.found
    ]


HIT_HEADERS = ("State", "Class", "Name", "Why", "Path", "Id")

__all__ = ["HIT_HEADERS", "Facts", "Loss", "Need", "Offer", "gather", "hit_rows", "next_losses", "noun"]
