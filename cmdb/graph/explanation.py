"""The proof of a state, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cmdb.graph import rules
from cmdb.graph.graph import Graph
from cmdb.graph.impact import Impact
from cmdb.graph.lookups import class_of, dependency_groups
from cmdb.graph.results import STATE_WORDS, DependencyGroup, Reason

Name = Callable[[int], str]

#: How deep a sentence goes before it only names the failure at its root, and how many lost members it lists.
DEEP = 4
MANY = 6


def why(impact: Impact, ci: int, name: Name) -> str:
    """Why a CI is in its state, as one sentence without its own name; "" for one that is up. Raises NotFound."""
    state = impact.state(ci)
    if state == "failed":
        return "it is what failed"
    if state == "down":
        return _down(impact, ci, name, DEEP)
    if state == "at_risk":
        via = impact.risk_from(ci)
        return "" if via is None else f"depends on {name(via)}, which is {STATE_WORDS[impact.state(via)]}"
    return "; also ".join(_held(impact, reason, name) for reason in impact.reasons(ci))


def summary(impact: Impact, ci: int) -> str:
    """A few words for the state of a CI, as they stand in its box: "2 of 3 up, needs 2". Raises NotFound."""
    state = impact.state(ci)
    if state in ("failed", "up", "at_risk"):
        return STATE_WORDS[state]
    reasons = impact.reasons(ci)
    if state == "down":
        reason = reasons[0]
        what = noun(impact.graph, reason.group)
        if len(reason.group.members) == 1:
            return f"down: {what} lost" if what else "down"
        return f"down: {reason.up} of {len(reason.group.members)} {what or 'up'}"
    if state == "exhausted":
        reasons = [r for r in reasons if r.group.hard and r.up == r.group.needs]
    reason = reasons[0]
    if len(reason.group.members) == 1:
        return "degraded"
    counted = f"{reason.up} of {len(reason.group.members)}"
    if reason.group.needs == 1:
        return f"{counted} {noun(impact.graph, reason.group) or 'members'}"
    return f"{counted} up, needs {reason.group.needs}"


def noun(graph: Graph, group: DependencyGroup) -> str:
    """What the owner of a group calls its members: the group's label, the role of the links, or the members' class.

    Singular for a single link, plural else; "" for a single link whose type has no such word.
    """
    words = rules.NOUNS.get(group.type)
    if group.key is None and len(group.members) == 1:
        return words[0] if words else ""
    if group.label:
        label = group.label
        return label[0].lower() + label[1:] if label[1:].islower() or len(label) == 1 else label
    if words and group.type != "member_of":
        return words[1]
    classes = {class_of(graph, member) for member in group.members}
    if len(classes) == 1:
        return graph.schema.cls(classes.pop()).plural.lower()
    return words[1] if words else "members"


def group_text(graph: Graph, group: DependencyGroup, up: int | None = None) -> str:
    """A group in a few words: "1 of 2 uplinks" (needed), or with ``up`` "1 of 2 uplinks up"; with needs if several."""
    what = noun(graph, group) or "member"
    if up is None:
        return f"{group.needs} of {len(group.members)} {what}"
    needs = f", needs {group.needs}" if group.needs != 1 else ""
    return f"{up} of {len(group.members)} {what} up{needs}"


def _down(impact: Impact, ci: int, name: Name, depth: int) -> str:
    reason = impact.reasons(ci)[0]
    if len(reason.group.members) > 1:
        clauses = [_clause(impact, member, name, depth - 1) for member in reason.lost[:MANY]]
        return f"{_lost(impact.graph, reason)}: {_listed(clauses, len(reason.lost))}"
    provider = reason.lost[0]
    what = noun(impact.graph, reason.group)
    if what:
        only = "only " if _only(impact.graph, reason.group) else ""
        start = f"its {only}{what}, {name(provider)},"
        return f"{start} {_fate(impact, provider, name, depth)}"
    return f"{_label(impact.graph, reason.group)} {name(provider)}, which {_fate(impact, provider, name, depth)}"


def _fate(impact: Impact, ci: int, name: Name, depth: int) -> str:
    if impact.state(ci) == "failed":
        return "failed"
    if depth <= 1:
        return f"is down because of {name(impact.root(ci))}"
    return f"is down: {_down(impact, ci, name, depth - 1)}"


def _clause(impact: Impact, ci: int, name: Name, depth: int) -> str:
    """One lost member of a group, and why, short enough to stand in a list."""
    if impact.state(ci) == "failed":
        return f"{name(ci)} failed"
    reason = impact.reasons(ci)[0]
    if len(reason.group.members) == 1:
        provider = reason.lost[0]
        what = noun(impact.graph, reason.group)
        only = "only " if _only(impact.graph, reason.group) else ""
        lost = f"lost its {only}{what} {name(provider)}" if what else f"lost {name(provider)}"
        if impact.state(provider) == "failed":
            return f"{name(ci)} {lost}"
        if depth > 0:
            return f"{name(ci)} {lost} ({_clause(impact, provider, name, depth - 1)})"
    elif depth > 0:
        clauses = [_clause(impact, member, name, depth - 1) for member in reason.lost[:MANY]]
        return f"{name(ci)} has {_lost(impact.graph, reason)} ({_listed(clauses, len(reason.lost))})"
    return f"{name(ci)} is down because of {name(impact.root(ci))}"


def _held(impact: Impact, reason: Reason, name: Name) -> str:
    """A group that lost members while its owner stays up."""
    clauses = [_clause(impact, member, name, DEEP - 1) for member in reason.lost[:MANY]]
    lost = _listed(clauses, len(reason.lost))
    size, needs, what = len(reason.group.members), reason.group.needs, noun(impact.graph, reason.group)
    if not reason.group.hard and reason.up < needs:
        if size == 1:
            return (
                f"{_label(impact.graph, reason.group)} {name(reason.lost[0])}, and works without it, but worse: {lost}"
            )
        return f"works without them, but worse: {reason.up} of {size} {what} up of {needs} wanted: {lost}"
    if size == 1:
        return lost
    return f"{reason.up} of {size} {what} up and it needs {needs}: {lost}"


def _lost(graph: Graph, reason: Reason) -> str:
    size = len(reason.group.members)
    return f"{len(reason.lost)} of {size} {noun(graph, reason.group)} lost (needs {reason.group.needs})"


def _listed(clauses: Iterable[str], total: int) -> str:
    shown = list(clauses)
    rest = total - len(shown)
    return "; ".join(shown) + (f"; and {rest} more" if rest else "")


def _only(graph: Graph, group: DependencyGroup) -> bool:
    """Whether the owner has no other member by the same type of link."""
    others = (other for other in dependency_groups(graph, group.owner) if other.type == group.type)
    return {member for other in others for member in other.members} <= set(group.members)


def _label(graph: Graph, group: DependencyGroup) -> str:
    """How the owner reads a single link: "runs on", "is supported by"."""
    kind = graph.schema.relationships.get(group.type)
    if kind is None:
        return "depends on"
    link = graph.member_links(group.number)[0]
    from_owner = graph.id(graph.source(link)) == group.owner
    return kind.label if from_owner else kind.inverse
