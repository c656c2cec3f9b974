"""Saved views: a class with its filter, sort, columns and grouping under a name, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu

from app.assets.views import NamedView, ShownList, change, forget, save, saved_views
from cmdb.model.messages import Message, tr, trc
from ui.context import Context
from ui.plain_texts import menu_label
from ui.widgets.buttons import Button, LinkButton, PrimaryButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, box, column, row

_WHAT = Message(
    "The class, filter, sort, grouping and columns as they are now, under a name, for everyone who opens this estate."
)


class ViewsMenu(QObject):
    """The saved views of a ``page``, and the one that is open there. ``present`` returns what the list shows,
    ``left_out`` what of it no view keeps.

    ``changed`` fires when another view is open, or none. ``bar`` stands over the list: it says which view is open, and
    offers to save what differs from it, or to go back.
    """

    changed = Signal()

    def __init__(
        self,
        context: Context,
        present: Callable[[], ShownList],
        parent: QObject | None = None,
        *,
        page: str = "assets",
        root: str = "ci",
        left_out: Callable[[], Sequence[Message]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._left_out = left_out
        self._context, self._page, self._root, self._present = context, page, root, present
        self._views: list[NamedView] = []
        self.group, self._expected = "", ""
        """By what the next list is grouped, and the id of the view that it is."""
        self._open: NamedView | None = None
        self._opened: ShownList | None = None
        """What the list showed when the view was opened: its columns are named, those of the class included."""
        self.bar = ViewBar(self.save_changes, self._save, self.back, self.close)
        self.load()

    def load(self) -> None:
        """Asks for the views."""
        self._ask(self._loaded)

    def _ask(self, done: Callable[[list[NamedView]], None]) -> None:
        self._context.query(lambda reader: saved_views(reader, self._root), done, key=(self._page, "views"), owner=self)

    def look_again(self) -> None:
        """Views were saved or deleted, perhaps by an undo: one that is gone is left."""

        def known(views: list[NamedView]) -> None:
            self._views = views
            if self._open is not None and all(one.id != self.id for one in views):
                self.leave()

        self._context.query(
            lambda reader: saved_views(reader, self._root), known, key=(self._page, "views there"), owner=self
        )

    def _loaded(self, views: list[NamedView]) -> None:
        self._views = views

    def fill(self, menu: QMenu) -> None:
        """The views by name, then how to save and delete them."""
        for one in self._views:
            action = QAction(menu_label(one.name), menu, checkable=True)
            action.setChecked(self._open is not None and one.id == self._open.id)
            action.triggered.connect(partial(self.show_view, one))
            menu.addAction(action)
        if not self._views:
            menu.addAction(tr("No saved views yet")).setEnabled(False)
        menu.addSeparator()
        if self._open is not None:
            changes = menu.addAction(menu_label(tr("Save the changes of “{name}”", name=self._open.name)))
            changes.triggered.connect(lambda _: self.save_changes())
            changes.setEnabled(self._context.editable and self.is_changed)
        menu.addAction(tr("Save this view…"), self._save).setEnabled(self._context.editable)
        if self._views and self._context.editable:
            gone = menu.addMenu(trc("verb", "Delete"))
            for one in self._views:
                gone.addAction(menu_label(one.name), partial(self._forget, one))
        self.load()

    # -- the view that is open --------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The id of the view that is open; "" for none."""
        return self._open.id if self._open is not None else ""

    @property
    def name(self) -> str:
        """The name of the view that is open; "" for none."""
        return self._open.name if self._open is not None else ""

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than the view that is open."""
        return self._opened is not None and self._present() != self._opened

    def show_view(self, one: NamedView, _checked: bool = False) -> None:
        """Opens a view. The columns, the sort and the filter of its class are left as the person has them."""
        self._context.shell.go(self._page, **one.params())

    def expect(self, view: str = "", group: str = "") -> None:
        """The next list is of a view (its id), and grouped by an attribute, as when the person goes back to it."""
        self._expected, self.group = view, group

    def leave(self) -> None:
        """The list shows something that is no view, unless one is expected."""
        wanted, present = self._expected, self._present()
        self.expect()
        if wanted and not self._take(wanted):
            self._open = self._opened = None

            def known(views: list[NamedView]) -> None:
                self._views = views
                if self._present() == present:
                    self._take(wanted)

            self._ask(known)
        elif not wanted and self._open is not None:
            self._open = self._opened = None
            self._say()

    def _take(self, wanted: str) -> bool:
        """The list is that of a view, by its id; False where the view is not known."""
        one = next((one for one in self._views if one.id == wanted), None)
        if one is not None:
            present = self._present()
            self._open = one
            self._opened = replace(
                one.view, sort=one.view.sort or present.sort, columns=one.view.columns or present.columns
            )
            self._say()
        return one is not None

    def follow(self) -> None:
        """The list shows something else, perhaps: says whether the view is changed."""
        if self._open is not None:
            self.bar.say(self._class_title(), changed=self.is_changed, editable=self._context.editable)

    def back(self) -> None:
        """Shows the view as it is saved now, whoever has changed it."""
        one = self._open

        def shows(views: list[NamedView]) -> None:
            self._views = views
            if one is not None and self._open is one:
                self.show_view(next((each for each in views if each.id == one.id), one))

        self._ask(shows)

    def close(self) -> None:
        """Shows the class of the view, with the person's own columns and without a filter."""
        cls = self._present().cls
        self.leave()
        self._context.shell.go(self._page, cls=cls)

    def _say(self) -> None:
        self.bar.setVisible(self._open is not None)
        self.follow()
        self.changed.emit()

    def _class_title(self) -> str:
        return self._context.schema.cls(self._present().cls).plural

    # -- saving -----------------------------------------------------------------------------------------------------

    def save_changes(self) -> None:
        """Gives the open view the content that the list shows."""
        one, context = self._open, self._context
        if one is None or not context.editable:
            return
        view, author = self._present(), context.author

        def done(_: object) -> None:
            self.load()
            if self._open is one:
                self._open, self._opened = NamedView(one.id, one.name, view), view
                self._say()

        said = ". ".join(map(str, (Message("View “{name}” saved", name=one.name), *self._left_out())))
        context.edit(lambda reader: change(reader, one, view, author), said, done, beside_draft=True)

    def _save(self) -> None:
        context, shell = self._context, self._context.shell
        field = QLineEdit()
        field.setAccessibleName(tr("Name of the view"))
        field.setPlaceholderText(tr("Warranties ending soon"))
        view, page, author = self._present(), self._page, context.author

        def saved(name: str) -> Callable[[object], None]:
            def opens(views: list[NamedView]) -> None:
                self._views = views
                if self._present() == view:
                    self._open = next((one for one in views if one.name.casefold() == name.casefold()), None)
                    self._opened = view if self._open is not None else None
                    self._say()

            return lambda _: self._ask(opens)

        def done() -> None:
            name = field.text().strip()
            if not name:
                field.setFocus()
                return
            shell.close_sheet()
            over = next((one for one in self._views if one.name.casefold() == name.casefold()), None)
            context.edit(
                lambda reader: save(reader, name, view, author, page, over=over), tr("View “{name}” saved", name=name),
                saved(name), beside_draft=True,
            )  # fmt: skip

        field.returnPressed.connect(done)
        about = [Text(str(_WHAT), "muted", wrap=True)]
        about += [Text(str(one), "", "warning", wrap=True) for one in self._left_out()]
        shell.sheet(
            tr("Save this view"), box(column(*about, 4, Text(tr("Name"), "muted"), field, STRETCH)),
            (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Save"), done)),
        )  # fmt: skip

    def _forget(self, one: NamedView) -> None:
        context = self._context

        def gone(_: object) -> None:
            self.load()
            if self._open is not None and self._open.id == one.id:
                self.leave()

        context.edit(
            lambda reader: forget(reader, one, context.author), tr("View “{name}” deleted", name=one.name), gone,
            beside_draft=True,
        )  # fmt: skip


class ViewBar(QFrame):
    """Over a list that shows a saved view: of which class it is, and what can be done with changes of it."""

    def __init__(
        self,
        save: Callable[[], object],
        save_as: Callable[[], object],
        back: Callable[[], object],
        close: Callable[[], object],
    ) -> None:
        super().__init__()
        self._text = ElidedText("", "muted")
        self._save = LinkButton(tr("Save"), save, hint=tr("Give the view what the list shows now"))
        self._save_as = LinkButton(tr("Save as…"), save_as, hint=tr("Keep what the list shows now under another name"))
        self._back = LinkButton(tr("Back to the view"), back, hint=tr("Show the view as it is saved"))
        self._close = LinkButton("", close)
        self.setLayout(row(self._text, self._save, self._save_as, self._back, self._close, STRETCH, spacing=14))
        self.hide()

    def say(self, title: str, *, changed: bool, editable: bool) -> None:
        """Says of which class (its name in the plural) the view is, and whether the list shows something else."""
        self._text.setText(tr("Saved view, changed") if changed else tr("Saved view of {classes}", classes=title))
        for button in (self._save, self._save_as, self._back):
            button.setVisible(changed)
        for button in (self._save, self._save_as):
            button.setEnabled(editable)
        self._close.setText(tr("All {classes}", classes=title))
