"""The map's saved views: their menu, and the dialog that saves one under a name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.map.views import SavedView, remove, save, saved_views
from cmdb.model.messages import tr
from ui.actions import Action, Handler, bind, fill_menu
from ui.context import Context
from ui.graph.view import GraphView
from ui.pages.map.actions import SAVING
from ui.pages.map.map_state import MapState
from ui.plain_texts import menu_label
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog


class SavedViews(QObject):
    """``chosen`` carries the SavedView that the person wants to see."""

    chosen = Signal(object)

    def __init__(self, context: Context, shown: MapState, view: GraphView, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._shown, self._view, self._over = context, shown, view, over
        self._known: list[SavedView] = []
        """The views as they were when the person was asked for a name."""

    def actions(self) -> list[Action]:
        """Saves what is shown."""
        return bind(SAVING, {"map.save": Handler(self.ask_name, self._is_there)}, lambda: self._context.editable)

    def _is_there(self) -> bool:
        return self._shown.there

    def fill(self, menu: QMenu) -> None:
        """The menu of saved views; they are read when it opens, and added when they are known."""
        fill_menu(menu, self.actions(), self._context.theme)

        def show(views: list[SavedView]) -> None:
            if views:
                menu.addSeparator()
            for view in views:
                menu.addAction(menu_label(view.name), partial(self.chosen.emit, view))
            if views:
                forget = menu.addMenu(tr("Remove"))
                for view in views:
                    forget.addAction(menu_label(view.name), partial(self.forget, view))

        self._context.query(saved_views, show, key=("map views", id(self)), owner=menu)

    def show(self, wanted: str) -> None:
        """Chooses a view by its id, once the views are known; one that is gone is said."""

        def found(views: list[SavedView]) -> None:
            one = next((view for view in views if view.id == wanted), None)
            if one is not None:
                self.chosen.emit(one)
            else:
                self._context.shell.toast(tr("That view does not exist at this moment."), tone="warning")

        self._context.query(saved_views, found, key=("map views", "show"), owner=self)

    def ask_name(self) -> None:
        """Asks for a name, and keeps the view under it."""
        found = self._shown.answer
        if found is None:
            return
        self._context.query(saved_views, self._know, key=("map views", id(self)), owner=self)
        field = QLineEdit(found.title)
        field.setAccessibleName(tr("Name of the view"))
        field.selectAll()
        text = tr("The question and where everything stands are kept; what is up or down is worked out anew each time.")
        dialog = Dialog(self._context.theme, self._over, tr("Save this view"), text, field, icon="save")
        keep = Button(tr("Save"), dialog.accept, kind="primary")
        dialog.add_button(Button(tr("Cancel"), dialog.reject))
        dialog.add_button(keep, default=True)
        field.textChanged.connect(lambda name: keep.setEnabled(bool(name.strip())))
        dialog.accepted.connect(lambda: self.save_as(field.text().strip()))
        dialog.open()
        field.setFocus()

    def _know(self, views: list[SavedView]) -> None:
        self._known = views

    def save_as(self, name: str) -> None:
        """Keeps the view under a name, in place of the one that has it."""
        found = self._shown.answer
        if found is None or not name:
            return
        question, author = self._shown.question, self._context.author
        places = self._shown.places(self._view.positions)
        said = tr("View “{name}” saved", name=name)
        over = next((one for one in self._known if one.name.casefold() == name.casefold()), None)
        self._context.edit(
            lambda reader: save(reader, name, question, places, author, over=over), said=said, beside_draft=True
        )

    def forget(self, view: SavedView) -> None:
        """Removes a saved view."""
        author = self._context.author
        said = tr("View “{name}” removed", name=view.name)
        self._context.edit(lambda reader: remove(reader, view, author), said=said, beside_draft=True)
