"""Saved views of lists: a class with its filter, sort and columns under a name, kept in the estate for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.view_conflicts import ALL_VIEWS, changed, not_deleted, taken
from cmdb.model.characters import one_line
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class ShownList:
    """The content of a list. ``columns`` are attributes' names; none: the columns of the class. ``group`` is the
    attribute by which rows are grouped, "" for none.
    """

    cls: str
    where: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""

    def fields(self) -> dict[str, Any]:
        """What a record of a view has of it."""
        found: dict[str, Any] = {
            "cls": self.cls, "where": self.where, "sort": self.sort, "columns": list(self.columns),
        }  # fmt: skip
        return {**found, "group": self.group} if self.group else found


@dataclass(frozen=True, slots=True)
class NamedView:
    """A saved view."""

    id: str
    name: str
    view: ShownList

    def params(self) -> dict[str, Any]:
        """With what the page of its list is opened."""
        one = self.view
        return {
            "cls": one.cls, "where": one.where, "sort": one.sort, "columns": list(one.columns), "view": self.id,
            "group": one.group,
        }  # fmt: skip


def saved_views(reader: Reader, root: str = "ci") -> list[NamedView]:
    """The saved views of lists of a root, by name. Views of the map, and of classes that are no more, are left out."""
    found = []
    for (uid,), fields in reader.records("saved_view").items():
        view = _view_of(fields)
        if view.cls in reader.schema.classes and reader.schema.root_of(view.cls) == root:
            found.append(NamedView(uid, str(fields.get("name", "")), view))
    return sorted(found, key=lambda one: one.name.casefold())


def _view_of(fields: Mapping[str, Any]) -> ShownList:
    where, sort, group = (str(fields.get(name) or "") for name in ("where", "sort", "group"))
    columns = tuple(str(name) for name in fields.get("columns") or ())
    return ShownList(str(fields.get("cls", "ci")), where, sort, columns, group)


def view_named(reader: Reader, name: str, root: str = "ci") -> NamedView | None:
    """The saved view of lists of a root that is called so."""
    wanted = one_line(name).casefold()
    return next((one for one in saved_views(reader, root) if one.name.casefold() == wanted), None)


def save(
    reader: Reader, name: str, view: ShownList, author: str, page: str = "assets", *, over: NamedView | None = None
) -> Revision:
    """A revision that keeps a view of a page under a name, in place of the one of that name that the person knows.

    Raises Conflict where another one has the name, or that one was changed meanwhile.
    """
    name = one_line(name)
    known = view_named(reader, name, reader.schema.root_of(view.cls))
    if known is not None:
        if over is None or over.id != known.id:
            raise taken(name)
        return change(reader, over, view, author)
    fields = {"page": page, "name": name, **view.fields()}
    edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=Message("View “{name}” saved", name=name), guards=ALL_VIEWS)


def change(reader: Reader, one: NamedView, view: ShownList, author: str) -> Revision:
    """A revision that gives a view, as the person saw it, another content; empty if it is the same.

    Raises NotFound if it was deleted meanwhile, and Conflict if it was changed.
    """
    record = Record("saved_view", (one.id,))
    before = reader.records("saved_view").get(record.key)
    if before is None:
        text = Message("The view “{name}” was deleted meanwhile: save it under a name.", name=one.name)
        raise NotFound(text)
    if _view_of(before) not in (one.view, view):
        raise changed(one.name)
    after = {"group": "", **view.fields()}
    edits = [
        Edit(record, name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value and (value or before.get(name))
    ]
    return Revision(edits, author, reason=Message("View “{name}” changed", name=one.name), guards=ALL_VIEWS)


def forget(reader: Reader, one: NamedView, author: str) -> Revision:
    """A revision that deletes a view; an empty one if it was deleted.

    Raises Conflict if it is no longer as the person saw it.
    """
    key = (one.id,)
    before = reader.records("saved_view").get(key)
    if before is not None and _view_of(before) != one.view:
        raise not_deleted(one.name)
    edits = [Edit(Record("saved_view", key), "", before, None)] if before is not None else []
    return Revision(edits, author, reason=Message("View “{name}” deleted", name=one.name), guards=ALL_VIEWS)
