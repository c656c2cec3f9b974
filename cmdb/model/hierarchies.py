"""Hierarchies: what contains, hosts or leads what. A chain of steps upward never comes back to where it started.

A relationship type names the hierarchy in which its object is above its subject; so does a reference attribute, by
default with the word of its relationship type. All types and attributes with the same word make one hierarchy: a rack
that is part of a chassis which stands in that rack is a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cmdb.model.declarations import CIClass, RelationshipType
from cmdb.model.messages import Message

_SHOWN = 8
"""How many records of a circle are named."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The steps of one hierarchy: relationship types, and attributes by class."""

    name: str
    types: frozenset[str]
    attributes: Mapping[str, tuple[str, ...]]
    """Class → the attributes of it that name what is above."""
    above: frozenset[str] = frozenset()
    """The classes of which records may be above others: only these can be part of a circle."""


def hierarchies(classes: Mapping[str, CIClass], types: Mapping[str, RelationshipType]) -> dict[str, Hierarchy]:
    """The hierarchies of a schema, by name."""
    named: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    steps: dict[str, dict[str, list[str]]] = {}
    for kind in types.values():
        if kind.hierarchy:
            named.setdefault(kind.hierarchy, set()).add(kind.name)
            targets.setdefault(kind.hierarchy, set()).update(kind.objects)
    for one in classes.values():
        for attribute in one.attributes.values():
            kind_of = types.get(attribute.relationship)
            name = attribute.hierarchy or (kind_of.hierarchy if kind_of is not None else "")
            if name:
                steps.setdefault(name, {}).setdefault(one.name, []).append(attribute.name)
                targets.setdefault(name, set()).update(attribute.targets)
    return {
        name: Hierarchy(
            name,
            frozenset(named.get(name, ())),
            {cls: tuple(attributes) for cls, attributes in steps.get(name, {}).items()},
            _families(classes, targets[name]),
        )
        for name in sorted({*named, *steps})
    }


def _families(classes: Mapping[str, CIClass], roots: Collection[str]) -> frozenset[str]:
    """Classes with all their subclasses."""
    found: set[str] = set()
    for name in classes:
        chain, one = [name], name
        while one and one not in roots:
            one = classes[one].parent
            chain.append(one)
        if one:
            found.update(chain)
    return frozenset(found)


def steps_of(known: Mapping[str, Hierarchy], cls: str) -> tuple[tuple[str, str], ...]:
    """(attribute, hierarchy) of the steps of a class that may be part of a circle."""
    return tuple((a, one.name) for one in known.values() if cls in one.above for a in one.attributes.get(cls, ()))


def refusal(hierarchy: str, names: Sequence[str]) -> Message:
    """Why a circle is refused. ``names``: its records, from the one that changes upward, each once."""
    return _REFUSED.get(hierarchy, _OTHER).having(name=names[0], path=circle_text(names))


def finding(hierarchy: str, names: Sequence[str]) -> Message:
    """That there is a circle, for the check of an estate."""
    return _FOUND.get(hierarchy, _OTHER_FOUND).having(name=names[0], path=circle_text(names))


def circle_text(names: Sequence[str]) -> str:
    """A circle in one line, back to where it starts; the middle of a long one is left out."""
    shown = [*names, names[0]]
    if len(names) > _SHOWN:
        shown = [*names[: _SHOWN - 2], "…", names[-1], names[0]]
    return " → ".join(shown)


_REFUSED = {
    "place": Message("{name} would stand in itself: {path}."),
    "hosting": Message("{name} would run on itself: {path}."),
    "membership": Message("{name} would be a member of itself: {path}."),
    "organisation": Message("{name} would belong to itself: {path}."),
    "management": Message("{name} would be their own manager: {path}."),
    "custody": Message("{name} would be assigned to itself: {path}."),
}
_OTHER = Message("{name} would come under itself: {path}.")
_FOUND = {
    "place": Message("{name} stands in itself: {path}. Correct one of the locations."),
    "hosting": Message("{name} runs on itself: {path}. Correct one of the hosts."),
    "membership": Message("{name} is a member of itself: {path}. Remove one of the memberships."),
    "organisation": Message("{name} belongs to itself: {path}. Correct one of the departments."),
    "management": Message("{name} is their own manager: {path}. Correct one of the managers."),
    "custody": Message("{name} is assigned to itself: {path}. Correct one of the holders."),
}
_OTHER_FOUND = Message("{name} comes under itself: {path}. Correct one of the references.")
