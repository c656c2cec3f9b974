"""Saved views of lists: a class with its filter, sort and columns under a name, kept in the estate for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


def saved_views(reader: Reader, root: str = "ci") -> list[NamedView]:
    """The saved views of lists of a root, by name. Views of the map, and of classes that are no more, are left out."""
    found = []
    for (uid,), fields in reader.records("saved_view").items():
        cls = str(fields.get("cls", "ci"))
        if cls in reader.schema.classes and reader.schema.root_of(cls) == root:
            names: Any = fields.get("columns", ())
            where, sort, group = (str(fields.get(name) or "") for name in ("where", "sort", "group"))
            view = ShownList(cls, where, sort, tuple(str(name) for name in names), group)
            found.append(NamedView(uid, str(fields.get("name", "")), view))
    return sorted(found, key=lambda one: one.name.casefold())


def view_named(reader: Reader, name: str, root: str = "ci") -> NamedView | None:
    """The saved view of lists of a root that is called so."""
    wanted = one_line(name).casefold()
    return next((one for one in saved_views(reader, root) if one.name.casefold() == wanted), None)


def save(reader: Reader, name: str, view: ShownList, author: str, page: str = "assets") -> Revision:
    """A revision that keeps a view of a page under a name, in place of one of that name."""
    name = one_line(name)
    known = view_named(reader, name, reader.schema.root_of(view.cls))
    if known is not None:
        return change(reader, known, view, author)
    fields = {"page": page, "name": name, **view.fields()}
    edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=Message("View “{name}” saved", name=name))


def change(reader: Reader, one: NamedView, view: ShownList, author: str) -> Revision:
    """A revision that gives a view another content; empty if it is the same. Raises NotFound if it was deleted."""
    record = Record("saved_view", (one.id,))
    before = reader.records("saved_view").get(record.key)
    if before is None:
        text = Message("The view “{name}” was deleted meanwhile: save it under a name.", name=one.name)
        raise NotFound(text)
    after = {"group": "", **view.fields()}
    edits = [
        Edit(record, name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value and (value or before.get(name))
    ]
    return Revision(edits, author, reason=Message("View “{name}” changed", name=one.name))


def forget(reader: Reader, one: NamedView, author: str) -> Revision:
    """A revision that deletes a view; an empty one if it was deleted."""
    key = (one.id,)
    before = reader.records("saved_view").get(key)
    edits = [Edit(Record("saved_view", key), "", before, None)] if before is not None else []
    return Revision(edits, author, reason=Message("View “{name}” deleted", name=one.name))
