"""The explanation of a state: which failure caused it, and by which dependency groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmdb.graph import rules
from cmdb.graph.graph import Graph
from cmdb.graph.impact import Impact
from cmdb.graph.lookups import class_of, dependency_groups
from cmdb.graph.results import STATE_WORDS, DependencyGroup, Reason
from cmdb.model.messages import EMPTY, Message, chain, counted

Name = Callable[[int], str]

#: The levels of an explanation, after which only the first failure is named, and the lost members that are listed.
DEEP = 4
MANY = 6


def why(impact: Impact, ci: int, name: Name) -> Message:
    """The reason for a CI's state, as one sentence without its own name; empty for a CI that is up. Raises NotFound."""
    state = impact.state(ci)
    if state == "failed":
        return Message("it is what failed")
    if state == "down":
        return _down(impact, ci, name, DEEP)
    if state == "at_risk":
        via = impact.risk_from(ci)
        if via is None:
            return EMPTY
        return Message("depends on {provider}, which is {state}", provider=name(via), state=_word(impact, via))
    return _also([_weakened(impact, reason, name) for reason in impact.reasons(ci)])


def summary(impact: Impact, ci: int) -> Message:
    """The state of a CI in a few words, for its box: "2 of 3 up, needs 2". Raises NotFound."""
    state = impact.state(ci)
    if state in ("failed", "up", "at_risk"):
        return STATE_WORDS[state]
    reasons = impact.reasons(ci)
    if state == "down":
        reason = reasons[0]
        what, size = noun(impact.graph, reason.group), len(reason.group.members)
        if size == 1:
            return Message("down: {what} lost", what=what) if what else Message("down")
        if not what:
            return Message("down: {up} of {size} up", up=reason.up, size=size)
        return Message("down: {up} of {size} {what}", up=reason.up, size=size, what=what)
    if state == "exhausted":
        reasons = [r for r in reasons if r.group.hard and r.up == r.group.needs]
    reason = reasons[0]
    size, needs = len(reason.group.members), reason.group.needs
    if size == 1:
        return STATE_WORDS["degraded"]
    if needs == 1:
        what = noun(impact.graph, reason.group) or rules.members(size)
        return Message("{up} of {size} {what}", up=reason.up, size=size, what=what)
    return Message("{up} of {size} up, needs {needs}", up=reason.up, size=size, needs=needs)


def noun(graph: Graph, group: DependencyGroup) -> Message | str:
    """The word for the members of a group: the group's label, the role of the links, or the members' class.

    Empty for a single link whose type has no word.
    """
    words, size = rules.NOUNS.get(group.type), len(group.members)
    if group.key is None and size == 1:
        return words(1) if words else ""
    if group.label:
        return group.label
    if words and group.type != "member_of":
        return words(size)
    classes = {class_of(graph, member) for member in group.members}
    if len(classes) == 1:
        return graph.schema.cls(classes.pop()).plural
    return words(size) if words else rules.members(size)


def group_text(graph: Graph, group: DependencyGroup, up: int | None = None) -> Message:
    """A group in a few words: "1 of 2 uplinks" (needed), or with ``up`` "1 of 2 uplinks up", with the number needed if
    it is above one.
    """
    size, needs = len(group.members), group.needs
    what = noun(graph, group) or rules.members(1)
    if up is None:
        return Message("{needs} of {size} {what}", needs=needs, size=size, what=what)
    if needs == 1:
        return Message("{up} of {size} {what} up", up=up, size=size, what=what)
    return Message("{up} of {size} {what} up, needs {needs}", up=up, size=size, what=what, needs=needs)


def _down(impact: Impact, ci: int, name: Name, depth: int) -> Message:
    reason = impact.reasons(ci)[0]
    if len(reason.group.members) > 1:
        lost = _lost(impact.graph, reason)
        return Message("{lost}: {members}", lost=lost, members=_lost_members(impact, reason, name, depth - 1))
    provider = reason.lost[0]
    what = noun(impact.graph, reason.group)
    if not what:
        return _down_by_link(impact, reason, name, depth)
    if not _only(impact.graph, reason.group):
        return _down_by_one_of(impact, provider, what, name, depth)
    values = {"what": what, "provider": name(provider)}
    if impact.state(provider) == "failed":
        return Message("its only {what}, {provider}, failed", **values)
    if depth <= 1:
        root = name(impact.root(provider))
        return Message("its only {what}, {provider}, is down because of {root}", root=root, **values)
    proof = _down(impact, provider, name, depth - 1)
    return Message("its only {what}, {provider}, is down: {proof}", proof=proof, **values)


def _down_by_one_of(impact: Impact, provider: int, what: Message | str, name: Name, depth: int) -> Message:
    values = {"what": what, "provider": name(provider)}
    if impact.state(provider) == "failed":
        return Message("its {what}, {provider}, failed", **values)
    if depth <= 1:
        return Message("its {what}, {provider}, is down because of {root}", root=name(impact.root(provider)), **values)
    return Message("its {what}, {provider}, is down: {proof}", proof=_down(impact, provider, name, depth - 1), **values)


def _down_by_link(impact: Impact, reason: Reason, name: Name, depth: int) -> Message:
    provider = reason.lost[0]
    values = {"relationship": _label(impact.graph, reason.group), "provider": name(provider)}
    if impact.state(provider) == "failed":
        return Message("{relationship} {provider}, which failed", **values)
    if depth <= 1:
        root = name(impact.root(provider))
        return Message("{relationship} {provider}, which is down because of {root}", root=root, **values)
    proof = _down(impact, provider, name, depth - 1)
    return Message("{relationship} {provider}, which is down: {proof}", proof=proof, **values)


def _lost_member(impact: Impact, ci: int, name: Name, depth: int) -> Message:
    """One lost member of a group and the reason, short enough for a list."""
    if impact.state(ci) == "failed":
        return Message("{name} failed", name=name(ci))
    reason = impact.reasons(ci)[0]
    if len(reason.group.members) == 1:
        provider = reason.lost[0]
        if impact.state(provider) == "failed":
            return _lost_provider(impact, ci, reason, name)
        if depth > 0:
            because = _lost_member(impact, provider, name, depth - 1)
            return Message("{loss} ({reason})", loss=_lost_provider(impact, ci, reason, name), reason=because)
    elif depth > 0:
        return Message(
            "{name} has {lost} ({members})",
            name=name(ci),
            lost=_lost(impact.graph, reason),
            members=_lost_members(impact, reason, name, depth - 1),
        )
    return Message("{name} is down because of {root}", name=name(ci), root=name(impact.root(ci)))


def _lost_provider(impact: Impact, ci: int, reason: Reason, name: Name) -> Message:
    what, provider = noun(impact.graph, reason.group), name(reason.lost[0])
    if not what:
        return Message("{name} lost {provider}", name=name(ci), provider=provider)
    if _only(impact.graph, reason.group):
        return Message("{name} lost its only {what} {provider}", name=name(ci), what=what, provider=provider)
    return Message("{name} lost its {what} {provider}", name=name(ci), what=what, provider=provider)


def _weakened(impact: Impact, reason: Reason, name: Name) -> Message:
    """A group that lost members while its owner stays up."""
    members = _lost_members(impact, reason, name, DEEP - 1)
    size, needs = len(reason.group.members), reason.group.needs
    values = {"up": reason.up, "size": size, "what": noun(impact.graph, reason.group), "needs": needs}
    if not reason.group.hard and reason.up < needs:
        if size == 1:
            return Message(
                "{relationship} {provider}, and works without it, but worse: {members}",
                relationship=_label(impact.graph, reason.group),
                provider=name(reason.lost[0]),
                members=members,
            )
        return Message(
            "works without them, but worse: {up} of {size} {what} up of {needs} wanted: {members}",
            members=members,
            **values,
        )
    if size == 1:
        return members
    return Message("{up} of {size} {what} up and it needs {needs}: {members}", members=members, **values)


def _lost(graph: Graph, reason: Reason) -> Message:
    return Message(
        "{lost} of {size} {what} lost (needs {needs})",
        lost=len(reason.lost),
        size=len(reason.group.members),
        what=noun(graph, reason.group),
        needs=reason.group.needs,
    )


def _lost_members(impact: Impact, reason: Reason, name: Name, depth: int) -> Message:
    shown = [_lost_member(impact, member, name, depth) for member in reason.lost[:MANY]]
    rest = len(reason.lost) - len(shown)
    return chain([*shown, counted("and {count} more", "and {count} more", rest)] if rest else shown)


def _also(statements: Sequence[Message]) -> Message:
    """Several statements of the same kind as one."""
    found = statements[-1] if statements else EMPTY
    for one in reversed(statements[:-1]):
        found = Message("{statement}; also {more}", statement=one, more=found)
    return found


def _word(impact: Impact, ci: int) -> Message:
    return STATE_WORDS[impact.state(ci)]


def _only(graph: Graph, group: DependencyGroup) -> bool:
    """Whether the owner has no other provider by the same type of link."""
    others = (other for other in dependency_groups(graph, group.owner) if other.type == group.type)
    return {member for other in others for member in other.members} <= set(group.members)


def _label(graph: Graph, group: DependencyGroup) -> Message | str:
    """The label of a single link, from the owner's side: "runs on", "is supported by"."""
    kind = graph.schema.relationships.get(group.type)
    if kind is None:
        return Message("depends on")
    link = graph.member_links(group.number)[0]
    from_owner = graph.id(graph.source(link)) == group.owner
    return kind.label if from_owner else kind.inverse
