"""The lists that a person may mean by the words of a search, beside the records that have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.assets.places import within
from app.assets.views import NamedView, saved_views
from app.map.views import SavedView
from app.map.views import saved_views as views_of_map
from cmdb.model import query
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

_PLACE = "place"


class FoundLists(NamedTuple):
    """``views`` and ``maps`` are all saved views; ``places``: id of a place that was found → the filter for what is in
    it.
    """

    views: list[NamedView]
    maps: list[SavedView]
    places: Mapping[str, str]


def found_lists(reader: Reader, items: Iterable[CI]) -> FoundLists:
    """The saved views of all lists and of the map, and what is in the places among some items."""
    schema = reader.schema
    roots = [one.name for one in schema.classes.values() if not one.parent]
    family = schema.family(_PLACE) if _PLACE in schema.classes else ()
    places = {}
    for one in items:
        if one.cls in family:
            alone = reader.count(Selection(_PLACE, f"name = {query.quote(one.name)}")) == 1
            places[one.uid] = within(one.name if alone else one.uid)
    return FoundLists([view for root in roots for view in saved_views(reader, root)], views_of_map(reader), places)
