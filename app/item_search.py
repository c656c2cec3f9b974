"""Finding items by typed text: for reference fields, the palette, and the names of referenced items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import punctuation
from typing import TYPE_CHECKING

from cmdb.model import query

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

Names = Mapping[str, tuple[str, str]]
"""Id → (class, name) of the items that references point to."""


def matching(reader: Reader, cls: str, text: str, most: int, where: str = "") -> list[CI]:
    """The first ``most`` items of a class that contain the words of ``text``; all of the class for no words.

    What is called exactly so comes first, then those whose name contains the words ("Benali, J" is in "Joris Benali"),
    then those that have them elsewhere, as the laptops of a person of that name. Each are in the order of names.
    ``where`` filters them, in the query language.
    """
    from cmdb.model.selection import Selection

    found: dict[str, CI] = {}

    def add(condition: str, limit: int) -> None:
        both = " and ".join(f"({one})" for one in (where, condition) if one)
        page = reader.page(Selection(cls=cls, where=both, text=text), limit=limit)
        found.update((one.uid, one) for one in page if one.uid not in found)

    if words := text.split():
        add(f"name = {query.quote(text.strip())}", most)
        bare = [word.strip(punctuation) or word for word in words]  # as the search by words reads them
        add(" and ".join(f"name ~ {query.quote(word)}" for word in bare), most + len(found))
    if len(found) < most:
        add("", most + len(found))
    return list(found.values())[:most]


def searched(reader: Reader, text: str, most: int) -> list[CI]:
    """The ``most`` items of the whole register that match the words best, the best first."""
    return reader.search(text, most)


def names_of(reader: Reader, uids: Iterable[str]) -> Names:
    """The classes and names of items, of deleted ones their last; other ids are left out."""
    return reader.last_names(uids)


def item(reader: Reader, uid: str) -> CI | None:
    """One item; None if no item has that id."""
    return reader.by_uid([uid]).get(uid)
