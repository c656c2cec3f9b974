"""What a list was asked: its class, what was typed into the filter, what holds besides, and the sort."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmdb.model import query
from cmdb.model.messages import Message
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from app.pasted_list import PastedList
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

_MOST_KEPT = 400
"""Pasted records that a saved view keeps."""
_WORDS = ("is empty", "is not empty", query.WITHIN)
"""Operators that are words."""


@dataclass(frozen=True, slots=True)
class AskedList:
    """A list as a person asked for it. ``scope`` is a filter that holds besides what was ``typed``; with a ``pasted``
    list it is of its records only.
    """

    cls: str = "ci"
    typed: str = ""
    sort: str = "name"
    scope: str = ""
    group: str = ""
    """The attribute by which its rows are grouped; "" for none."""
    pasted: PastedList | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether something is typed or pasted."""
        return bool(self.typed) or self.pasted is not None

    def selection(self) -> Selection:
        """The selection that answers it. Raises QueryError where what was typed can't be read."""
        among = self.pasted.uids if self.pasted is not None else None
        if not is_query(self.typed):
            return Selection(self.cls, self.scope, self.sort, self.typed, among)
        query.parse(self.typed)
        return Selection(self.cls, both(self.scope, self.typed), self.sort, among=among)

    def fitting(self, schema: Schema, otherwise: AskedList) -> AskedList:
        """What of it can still be asked: sorted as ``otherwise`` and in no groups where the attribute that it was asked
        for is gone; ``otherwise`` as a whole where its class is.
        """
        if self.cls not in schema.classes:
            return otherwise
        known = schema.all_attributes(self.cls)

        def has(word: str) -> bool:
            return word in ("class", *known) or schema.find_attribute(self.cls, word) is not None

        words = [word.strip().lstrip("-+") for word in self.sort.split(",") if word.strip()]
        return replace(
            self,
            sort=self.sort if all(map(has, words)) else otherwise.sort,
            group=self.group if self.group and has(self.group) else "",
        )

    def unfiltered(self) -> AskedList:
        """The same list without what was typed and pasted."""
        return replace(self, typed="", pasted=None)

    def kept_filter(self) -> str:
        """The filter with which the list is kept under a name. Beside another filter, words that are no query are left
        out, and so is a pasted list that is too long for a filter.
        """
        kept = both(self.scope, self._kept_pasted())
        return both(kept, self.typed) if not kept or is_query(self.typed) else kept

    def left_out(self) -> tuple[Message, ...]:
        """What the list shows and the filter does not keep."""
        found: list[Message] = []
        if self.pasted is not None and not self._kept_pasted():
            found.append(
                Message(
                    "The pasted list is not kept: a view keeps one of 1 to {most} records, and it has {number}.",
                    most=_MOST_KEPT,
                    number=len(self.pasted.uids),
                )
            )
        if self.typed and not is_query(self.typed) and both(self.scope, self._kept_pasted()):
            found.append(
                Message(
                    "The words “{words}” are not kept: a view keeps words only without other conditions.",
                    words=self.typed,
                )
            )
        return tuple(found)

    def _kept_pasted(self) -> str:
        """The pasted list as a filter; "" where none is kept."""
        if self.pasted is None or len(self.pasted.uids) > _MOST_KEPT:
            return ""
        return " or ".join(f"id = {uid}" for uid in self.pasted.uids)


def is_query(text: str) -> bool:
    """Whether what was typed is meant as a query: it has an operator."""
    return any(sign in text for sign in "=<>~") or any(f" {word} " in f"{text} " for word in _WORDS)


def both(scope: str, typed: str) -> str:
    """Two filters as one."""
    return f"({scope}) and ({typed})" if scope and typed else scope or typed


def with_condition(typed: str, condition: str) -> str:
    """A filter with one more condition; words that are no query give way to it."""
    if not typed or not is_query(typed):
        return condition
    node = query.parse(typed)
    return f"({typed}) and {condition}" if isinstance(node, query.Or) else f"{typed} and {condition}"


def is_listed(reader: Reader, asked: AskedList, uid: str) -> bool:
    """Whether a record is in a list. Raises QueryError, SchemaError."""
    found = asked.selection()
    return reader.count(replace(found, where=both(found.where, f"id = {query.quote(uid)}"))) > 0
