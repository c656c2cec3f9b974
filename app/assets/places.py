"""The content of the trees beside a list: the number of items of each class, and the places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.model import query

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

Place = tuple[str, str, str]
"""Id, name and parent's id."""


def counts(reader: Reader) -> dict[str, int]:
    """The number of CIs by exact class."""
    return reader.counts()


def places(reader: Reader) -> tuple[list[Place], dict[str, int]]:
    """All places with their parents, by name, and how many hardware items are in each.

    Of places that an old estate has in each other, the first one stands at the top.
    """
    from cmdb.model.circles import circles
    from cmdb.model.selection import Selection

    found = [(c.uid, c.name, str(c.values.get("location", ""))) for c in reader.all(Selection("place"))]
    above = {uid: {parent} for uid, _, parent in found if parent}
    first = {circle[0] for circle in circles(above, ((uid, parent) for uid, _, parent in found if parent))}
    found = [(uid, name, "" if uid in first else parent) for uid, name, parent in found]
    numbers = {str(uid): number for uid, number in reader.facet(Selection("hardware"), "location").items() if uid}
    return found, numbers


def within(word: str) -> str:
    """The filter for items in a place (a name, or an id if the name is not unique) or in a place within it."""
    return f"location within {query.quote(word)}"
