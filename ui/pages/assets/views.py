"""Saved views: a class with its filter, sort and columns under a name, kept in the estate for everyone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QMenu

from cmdb.model.revision import Edit, Record, Revision, new_id
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column

if TYPE_CHECKING:
    from ui.pages.assets.listing import Listing

Views = dict[tuple[str, ...], dict[str, Any]]


class ViewsMenu:
    """Fills the menu of saved views; choosing one shows it."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._views: Views = {}
        self.load()

    def load(self) -> None:
        """Asks for the views."""

        def done(views: Views) -> None:
            classes = self._listing.context.schema.classes  # a view of the map has none
            self._views = {k: v for k, v in views.items() if v.get("cls", "ci") in classes}

        self._listing.context.query(
            lambda r: r.records("saved_view"), done, key=("assets", "views"), owner=self._listing
        )

    def fill(self, menu: QMenu) -> None:
        """The views by name, then saving and forgetting."""
        for key, view in sorted(self._views.items(), key=lambda kv: str(kv[1].get("name", "")).casefold()):
            menu.addAction(str(view.get("name", "")), partial(self._show, key))
        if not self._views:
            menu.addAction("No saved views yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Save this view…", self._save).setEnabled(self._listing.context.editable)
        if self._views and self._listing.context.editable:
            forget = menu.addMenu("Forget")
            for key, view in self._views.items():
                forget.addAction(str(view.get("name", "")), partial(self._forget, key))
        self.load()

    def _show(self, key: tuple[str, ...]) -> None:
        view = self._views[key]
        cls = str(view.get("cls", "ci"))
        if cls in self._listing.context.schema.classes:
            self._listing.context.shell.go(
                "assets",
                cls=cls,
                where=view.get("where", ""),
                sort=view.get("sort", ""),
                columns=list(view.get("columns", [])),
            )

    def _save(self) -> None:
        listing, shell = self._listing, self._listing.context.shell
        name = QLineEdit()
        name.setAccessibleName("Name of the view")
        name.setPlaceholderText("Warranties ending soon")

        def save() -> None:
            if not name.text().strip():
                name.setFocus()
                return
            fields = {
                "page": "assets", "name": name.text().strip(), "cls": listing.cls,
                "where": listing.search.text().strip(), "sort": listing.sort, "columns": listing.columns.names(),
            }  # fmt: skip
            shell.close_sheet()
            edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
            listing.context.edit(
                lambda _: Revision([edit], listing.context.author, reason=f"Saved the view “{fields['name']}”"),
                f"Saved the view “{fields['name']}”",
                lambda _: self.load(),
            )

        name.returnPressed.connect(save)
        text = (
            "The class, filter, sort and columns as they stand now, under a name, for everyone who opens this estate."
        )
        shell.sheet(
            "Save this view", box(column(Text(text, "muted", wrap=True), 4, Text("Name", "muted"), name, STRETCH)),
            (Button("Cancel", shell.close_sheet), PrimaryButton("Save", save)),
        )  # fmt: skip

    def _forget(self, key: tuple[str, ...]) -> None:
        view = self._views.get(key)
        if view is None:
            return
        edit = Edit(Record("saved_view", key), "", view, None)
        name = view.get("name", "")
        context = self._listing.context
        context.edit(
            lambda _: Revision([edit], context.author, reason=f"Forgot the view “{name}”"),
            f"Forgot the view “{name}”",
            lambda _: self.load(),
        )
