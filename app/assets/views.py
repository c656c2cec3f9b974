"""Saved views of lists: a class with its filter, sort and columns under a name, kept in the estate for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmdb.model.characters import one_line
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class ShownList:
    """The content of a list. ``columns`` are attributes' names; none: the columns of the class."""

    cls: str
    where: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedView:
    """A saved view."""

    id: str
    name: str
    view: ShownList


def saved_views(reader: Reader, root: str = "ci") -> list[NamedView]:
    """The saved views of lists of a root, by name. Views of the map, and of classes that are no more, are left out."""
    found = []
    for (uid,), fields in reader.records("saved_view").items():
        cls = str(fields.get("cls", "ci"))
        if cls in reader.schema.classes and reader.schema.root_of(cls) == root:
            names: Any = fields.get("columns", ())
            columns = tuple(str(name) for name in names)
            view = ShownList(cls, str(fields.get("where", "")), str(fields.get("sort", "")), columns)
            found.append(NamedView(uid, str(fields.get("name", "")), view))
    return sorted(found, key=lambda one: one.name.casefold())


def save(name: str, view: ShownList, author: str, page: str = "assets") -> Revision:
    """A revision that keeps a view of a page under a name."""
    name = one_line(name)
    fields = {
        "page": page, "name": name, "cls": view.cls, "where": view.where, "sort": view.sort,
        "columns": list(view.columns),
    }  # fmt: skip
    edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=Message("View “{name}” saved", name=name))


def forget(reader: Reader, one: NamedView, author: str) -> Revision:
    """A revision that deletes a view; an empty one if it was deleted."""
    key = (one.id,)
    before = reader.records("saved_view").get(key)
    edits = [Edit(Record("saved_view", key), "", before, None)] if before is not None else []
    return Revision(edits, author, reason=Message("View “{name}” deleted", name=one.name))
