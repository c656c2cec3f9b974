"""The dependence of a list: only a change of these values can change the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.dependence import Dependence
from cmdb.model import query
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from cmdb.model.selection import Selection


_MEANT = {"phase": "status"}
"""Words of queries that are no attributes, with the attribute that they are about."""


def depends_on(schema: Schema, selection: Selection) -> Dependence:
    """The dependence of a list's members and order. Through a reference, the other record's name counts."""
    fields = None if selection.text.strip() else fields_of(schema, selection)
    within = any(_is_within(leaf) for leaf in query.leaves(query.parse(selection.where)))
    # What is within a place changes with the places in between.
    return Dependence(fields=fields, classes=None if within else frozenset(schema.family(selection.cls)))


def fields_of(schema: Schema, selection: Selection) -> frozenset[str]:
    """The attributes that a list is filtered and sorted by; searched words are not among them."""
    words: set[str] = set()
    for part in (p.strip().lstrip("-+") for p in selection.sort.split(",")):
        words.update(_named(schema, selection.cls, (part or "name",)))
    for leaf in query.leaves(query.parse(selection.where)):
        words.update(_named(schema, selection.cls, leaf.path))
        if _is_within(leaf):
            words.update(name for one in schema.hierarchies.values() for its in one.attributes.values() for name in its)
    return frozenset(words)


def _is_within(leaf: query.Compare | query.Empty) -> bool:
    return isinstance(leaf, query.Compare) and leaf.op == query.WITHIN


def _named(schema: Schema, cls: str, path: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for step, word in enumerate(path):
        known = schema.find_attribute(cls, word) if step == 0 else None
        attribute = known or next((a for a in schema.every_attribute.values() if word in (a.name, a.label)), None)
        meant = _MEANT.get(word.casefold(), "" if attribute is not None else word)
        found.update(name for name in (meant, attribute.name if attribute is not None else "") if name)
        if step or (attribute is not None and attribute.type == "reference"):
            found.add("name")
    return found
