"""A filter as its conditions, which are joined by "and" or by "or": each is named, changed and taken out by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.asked_list import is_query
from app.filter_words import condition_words
from cmdb.model import query
from cmdb.model.errors import QueryError
from cmdb.model.messages import tr
from cmdb.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: as a query, and as a person reads it. ``leaf`` is None where it is made of several, or words."""

    text: str
    words: str
    leaf: query.Compare | query.Empty | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a filter; ``any`` where one of them is enough."""

    parts: tuple[Condition, ...] = ()
    any: bool = False

    def text(self) -> str:
        """The filter as a query, or as words."""
        if len(self.parts) < 2:
            return "".join(one.text for one in self.parts)
        nodes = [node for one in self.parts if (node := query.parse(one.text)) is not None]
        return query.text(query.Or(tuple(nodes)) if self.any else query.And(tuple(nodes)))

    def without(self, place: int) -> Conditions:
        """Without one of them."""
        return Conditions((*self.parts[:place], *self.parts[place + 1 :]), self.any)

    def changed(self, place: int, text: str) -> Conditions:
        """With another query in the place of one of them."""
        return Conditions((*self.parts[:place], Condition(text, text), *self.parts[place + 1 :]), self.any)

    def turned(self) -> Conditions:
        """Joined by the other word."""
        return Conditions(self.parts, not self.any)


def conditions_of(schema: Schema, cls: str, typed: str) -> Conditions:
    """The conditions of what was typed into the filter of a class; what can't be read has none."""
    if not typed:
        return Conditions()
    if not is_query(typed):
        return Conditions((Condition(typed, tr("“{words}” somewhere", words=typed)),))
    try:
        node = query.parse(typed)
    except QueryError:
        return Conditions()
    if node is None:
        return Conditions()
    nodes = node.nodes if isinstance(node, query.And | query.Or) else (node,)

    def words(one: query.Node) -> str:
        return _words(one, lambda leaf: condition_words(schema, cls, leaf))

    leaves = (query.Compare, query.Empty)
    parts = tuple(Condition(query.text(one), words(one), one if isinstance(one, leaves) else None) for one in nodes)
    return Conditions(parts, isinstance(node, query.Or))


def _words(node: query.Node, leaf: Callable[[query.Compare | query.Empty], str]) -> str:
    if isinstance(node, query.Compare | query.Empty):
        return leaf(node)
    if isinstance(node, query.Not):
        return tr("not: {condition}", condition=_words(node.node, leaf))
    found = _words(node.nodes[0], leaf)
    for one in node.nodes[1:]:
        more = _words(one, leaf)
        found = (
            tr("{condition} or {other}", condition=found, other=more)
            if isinstance(node, query.Or)
            else tr("{condition} and {other}", condition=found, other=more)
        )
    return found
