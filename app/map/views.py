"""Saved views of the map: a question and the positions of its nodes, stored as records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.map.question import MapQuestion
from app.view_conflicts import ALL_VIEWS, changed, not_deleted, taken
from cmdb.graph.results import Point
from cmdb.model.characters import one_line
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

#: The ``cls`` of saved views that belong to the map rather than to a table of that class.
MAP = "map"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view by name. ``positions`` are by the CIs' uids."""

    id: str
    name: str
    question: MapQuestion
    positions: Mapping[str, Point]


def saved_views(reader: Reader) -> list[SavedView]:
    """The map's saved views, by name."""
    found = []
    for (uid,), fields in reader.records("saved_view").items():
        if fields.get("cls") == MAP:
            document = _document(str(fields.get("where", "")))
            name, positions = str(fields.get("name", "")), places_of(document)
            found.append(SavedView(uid, name, MapQuestion.of(document), positions))
    return sorted(found, key=lambda view: view.name.casefold())


def placed_document(question: MapQuestion, places: Mapping[str, Point]) -> dict[str, Any]:
    """A question as JSON values, with where its nodes stand."""
    rounded = {uid: [round(x, 1), round(y, 1)] for uid, (x, y) in places.items()}
    return {**question.document(), "positions": rounded}


def places_of(document: Mapping[str, Any]) -> dict[str, Point]:
    """Where the nodes of a document's question stand, by uid; what can't be read is left out."""
    places = document.get("positions")
    return {
        str(uid): (float(place[0]), float(place[1]))
        for uid, place in (places.items() if isinstance(places, dict) else ())
        if isinstance(place, list) and len(place) == 2 and all(isinstance(one, int | float) for one in place)
    }


def _document(text: str) -> dict[str, Any]:
    try:
        document = parsed(text)
    except JsonProblem:
        return {}
    return document if isinstance(document, dict) else {}


def save(
    reader: Reader, name: str, question: MapQuestion, positions: Mapping[str, Point], author: str,
    *, over: SavedView | None = None,
) -> Revision:  # fmt: skip
    """A revision that keeps a view, in place of the one of the same name that the person knows.

    Raises Conflict where another one has the name, or that one was changed meanwhile.
    """
    name = one_line(name)
    where = json.dumps(placed_document(question, positions), separators=(",", ":"))
    same = [view for view in saved_views(reader) if view.name.casefold() == name.casefold()]
    if same:
        if over is None or over.id != same[0].id:
            raise taken(name)
        if over != same[0]:
            raise changed(same[0].name)
        record = Record("saved_view", (same[0].id,))
        before = reader.records("saved_view")[same[0].id,]["where"]
        return Revision([Edit(record, "where", before, where)], author, reason=_saved(name), guards=ALL_VIEWS)
    fields = {"name": name, "cls": MAP, "where": where, "sort": "", "columns": []}
    edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=_saved(name), guards=ALL_VIEWS)


def remove(reader: Reader, view: SavedView, author: str) -> Revision:
    """A revision that removes a view; an empty one if it was removed.

    Raises Conflict if it is no longer as the person saw it.
    """
    key = (view.id,)
    before = reader.records("saved_view").get(key)
    if before is not None and next(one for one in saved_views(reader) if one.id == view.id) != view:
        raise not_deleted(view.name)
    return Revision(
        [Edit(Record("saved_view", key), "", before, None)] if before is not None else [],
        author,
        reason=Message("Map view “{name}” removed", name=view.name),
        guards=ALL_VIEWS,
    )


def _saved(name: str) -> Message:
    return Message("Map view “{name}” saved", name=name)
