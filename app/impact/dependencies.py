"""One CI's dependencies: what it needs, what needs it, what takes it down, and which of its links may be a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.impact.cut_sets import cut_sets
from app.impact.names import GraphNames
from cmdb.graph import rules
from cmdb.graph.explanation import group_text
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import class_of, dependency_group, is_stored, needed_by
from cmdb.graph.proposals import propose_groups
from cmdb.graph.results import DependencyGroup, GroupProposal
from cmdb.graph.risk import spof
from cmdb.model.control import Control
from cmdb.model.messages import Message, tr
from cmdb.model.name_keys import name_key

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

#: The number of trials after which the search for pairs ends; the list is then marked incomplete.
TRIALS = 4_000
#: The number of visited CIs after which the searches end and report this.
EFFORT = 2_000_000
#: How many groups and single points of failure of a CI are fetched by name, and how many members of each group.
MOST, NAMED = 200, 6


@dataclass(frozen=True, slots=True)
class RequiredGroup:
    """A group that the CI needs: in words, its first members (uid, name), their number, and whether it is hard."""

    text: str
    members: tuple[tuple[str, str], ...]
    size: int
    hard: bool


@dataclass(frozen=True, slots=True)
class ProposedGroup:
    """A dependency group that could be recorded: ``group`` is "1 of 2 uplinks", ``label`` the name it would get."""

    owner: str
    label: str
    needs: str
    group: Message
    links: tuple[tuple[str, str, str], ...]

    @property
    def text(self) -> Message:
        """The question that it is offered with: "1 of 2 uplinks?"."""
        return Message("{group}?", group=self.group)


@dataclass(frozen=True, slots=True)
class Dependencies:
    """About one CI: what it needs, how many need it, single points of failure (uid, name), proposed groups."""

    uid: str
    needs: tuple[RequiredGroup, ...]
    needed_by: int
    single_points: tuple[tuple[str, str], ...]
    """The first of them; ``points`` counts all, as ``groups`` counts what it needs."""
    points: int
    groups: int
    pairs: tuple[tuple[str, str], ...]
    """Names of two that take it down together; neither of them does alone."""
    pairs_complete: bool
    proposed: tuple[ProposedGroup, ...]


def dependencies_of(reader: Reader, graph: Graph, uid: str, control: Control) -> Dependencies | None:
    """The dependencies of one CI; None if the graph doesn't have it. Raises Cancelled."""
    ci = reader.inner([uid]).get(uid, -1)
    if ci not in graph:
        return None
    names = GraphNames(reader)
    node = graph.node(ci)
    numbers = [number for number in graph.groups_owned(node) if len(graph.members(number))]
    numbers.sort(key=lambda number: (not is_stored(graph, number), not graph.hard(number)))
    groups = [dependency_group(graph, number) for number in numbers[:MOST]]
    single = spof(graph, ci, control)
    names.want({*single[:MOST], *(member for group in groups for member in group.members[:NAMED])})
    cuts = cut_sets(reader, graph, ci, 2, trials=TRIALS, effort=EFFORT, control=control)
    return Dependencies(
        uid,
        tuple(
            RequiredGroup(
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
        tuple((cut[0], cut[1]) for cut in cuts.sets if len(cut) == 2),
        cuts.complete,
        _proposed(reader, graph, ci),
    )


def _need_text(graph: Graph, group: DependencyGroup) -> str:
    if group.key is not None or len(group.members) > 1:
        text = group_text(graph, group)
        spare = not group.hard or group.needs < len(group.members) or len(group.members) == 1
        return str(text) if spare else tr("{group}, no spare", group=text)
    return _single(graph, group.type)


def _single(graph: Graph, kind: str) -> str:
    found = graph.schema.relationships.get(kind)
    return found.label if found is not None and found.impact != "forward" else found.inverse if found else kind


def _proposed(reader: Reader, graph: Graph, ci: int) -> tuple[ProposedGroup, ...]:
    """The proposals whose links are relationship records (a reference attribute has only one target and no group)."""
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
            label = _members(graph, proposal)
            group = Message(
                "{needs} of {number} {members}", needs=proposal.needs, number=len(proposal.members), members=label
            )
            found.append(ProposedGroup(owner, label, str(proposal.needs), group, links))
    return tuple(found)


def _members(graph: Graph, proposal: GroupProposal) -> str:
    """The word for the members of a proposed group: "uplinks"; for a cluster their class."""
    words = None if proposal.type == "member_of" else rules.NOUNS.get(proposal.type)
    return str(words(len(proposal.members))) if words else graph.schema.cls(class_of(graph, proposal.members[0])).plural


def _by_name(one: tuple[str, str]) -> str:
    return name_key(one[1])
