"""The menu of saved views: a class with its filter, sort and columns under a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QMenu

from app.assets.views import NamedView, ShownList, forget, save, saved_views
from cmdb.model.messages import Message, tr, trc
from ui.context import Context
from ui.plain_texts import plain_label
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column

_WHAT = Message(
    "The class, filter, sort and columns as they are now, under a name, for everyone who opens this estate."
)


class ViewsMenu(QObject):
    """Fills the menu of saved views of a ``page``; choosing one shows it. ``present`` returns what would be saved."""

    def __init__(
        self,
        context: Context,
        present: Callable[[], ShownList],
        parent: QObject | None = None,
        *,
        page: str = "assets",
        root: str = "ci",
    ) -> None:
        super().__init__(parent)
        self._context, self._page, self._root, self._present = context, page, root, present
        self._views: list[NamedView] = []
        self.load()

    def load(self) -> None:
        """Asks for the views."""
        self._context.query(
            lambda reader: saved_views(reader, self._root), self._loaded, key=(self._page, "views"), owner=self
        )

    def _loaded(self, views: list[NamedView]) -> None:
        self._views = views

    def fill(self, menu: QMenu) -> None:
        """The views by name, then how to save and delete them."""
        for one in self._views:
            menu.addAction(plain_label(one.name), partial(self._show, one.view))
        if not self._views:
            menu.addAction(tr("No saved views yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(tr("Save this view…"), self._save).setEnabled(self._context.editable)
        if self._views and self._context.editable:
            gone = menu.addMenu(trc("verb", "Delete"))
            for one in self._views:
                gone.addAction(plain_label(one.name), partial(self._forget, one))
        self.load()

    def _show(self, view: ShownList) -> None:
        self._context.shell.go(self._page, cls=view.cls, where=view.where, sort=view.sort, columns=list(view.columns))

    def _save(self) -> None:
        context, shell = self._context, self._context.shell
        field = QLineEdit()
        field.setAccessibleName(tr("Name of the view"))
        field.setPlaceholderText(tr("Warranties ending soon"))

        def done() -> None:
            name = field.text().strip()
            if not name:
                field.setFocus()
                return
            view, page, author = self._present(), self._page, context.author
            shell.close_sheet()
            context.edit(
                lambda _: save(name, view, author, page), tr("View “{name}” saved", name=name), lambda _: self.load(),
                beside_draft=True,
            )  # fmt: skip

        field.returnPressed.connect(done)
        about = Text(str(_WHAT), "muted", wrap=True)
        shell.sheet(
            tr("Save this view"), box(column(about, 4, Text(tr("Name"), "muted"), field, STRETCH)),
            (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Save"), done)),
        )  # fmt: skip

    def _forget(self, one: NamedView) -> None:
        context = self._context
        context.edit(
            lambda reader: forget(reader, one, context.author),
            tr("View “{name}” deleted", name=one.name),
            lambda _: self.load(),
            beside_draft=True,
        )
