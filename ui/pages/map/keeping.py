"""What outlives the screen: saved views, and the map as SVG, PNG or CSV."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu

from app.map.facts import HIT_HEADERS, hit_rows
from app.map.views import SavedView, remove, save, saved_views
from cmdb.model.errors import UserError
from ui.actions import Action, fill_menu
from ui.graph.export import save_list, save_picture
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from ui.pages.map.page import MapPage

_KINDS = {".svg": "Picture (*.svg)", ".png": "Picture (*.png)", ".pdf": "Document (*.pdf)", ".csv": "List (*.csv)"}


class Keeping:
    """Saves and loads views, writes files; belongs to a map page."""

    def __init__(self, page: MapPage) -> None:
        self._page = page
        self.legend_wanted = True
        self._views: list[SavedView] = []

    def actions(self, shown: Callable[[], bool]) -> list[Action]:
        """The page's actions that keep something."""
        return [
            Action("map.save", "Save this view…", self.ask_name, "save", "", ("context",), shown, separator=True),
            Action("map.svg", "Export as SVG…", lambda: self.ask_file(".svg"), "export", "", (), shown),
            Action("map.png", "Export as PNG…", lambda: self.ask_file(".png"), "export", "", (), shown),
            Action("map.pdf", "Export as PDF…", lambda: self.ask_file(".pdf"), "export", "", (), shown),
            Action("map.csv", "Export the list as CSV…", lambda: self.ask_file(".csv"), "export", "", (), shown),
            Action("map.legend", "Legend", self.toggle_legend, "info", "", ("context",), shown,
                   lambda: self.legend_wanted),
        ]  # fmt: skip

    def toggle_legend(self) -> None:
        """Shows or hides the legend."""
        self.legend_wanted = not self.legend_wanted
        self._page.legend.setVisible(self.legend_wanted and self._page.answer is not None)

    # -- views ------------------------------------------------------------------------------------------------------

    def fill_views(self, menu: QMenu) -> None:
        """The menu of saved views; they are read when it opens and stand in it when they arrive."""
        page = self._page
        save_action = next(
            action for action in self.actions(lambda: page.answer is not None) if action.id == "map.save"
        )
        fill_menu(menu, [save_action], page.theme)

        def show(views: list[SavedView]) -> None:
            self._views = views
            if views:
                menu.addSeparator()
            for view in views:
                menu.addAction(view.name.replace("&", "&&"), partial(page.load, view))
            if views:
                forget = menu.addMenu("Remove")
                for view in views:
                    forget.addAction(view.name.replace("&", "&&"), partial(self.forget, view))

        page.context.query(saved_views, show, key=("map views", id(page)), owner=menu)

    def ask_name(self) -> None:
        """Asks for a name, and keeps the view under it."""
        page = self._page
        if page.answer is None:
            return
        field = QLineEdit(page.answer.title)
        field.setAccessibleName("Name of the view")
        field.selectAll()
        text = "The question and where everything stands are kept; what is up or down is worked out anew each time."
        dialog = Dialog(page.theme, page, "Save this view", text, field, icon="save")
        keep = Button("Save", dialog.accept, kind="primary")
        dialog.add_button(Button("Cancel", dialog.reject))
        dialog.add_button(keep, default=True)
        field.textChanged.connect(lambda name: keep.setEnabled(bool(name.strip())))
        dialog.accepted.connect(lambda: self.save_as(field.text().strip()))
        dialog.open()
        field.setFocus()

    def save_as(self, name: str) -> None:
        """Keeps the view under a name, in place of the one that has it."""
        page = self._page
        found = page.answer
        if found is None or not name:
            return
        question, author = page.question, page.context.author
        places = {found.uids[ci]: place for ci, place in page.view.positions.items() if ci in found.uids}
        page.context.edit(lambda reader: save(reader, name, question, places, author), said=f"View “{name}” saved")

    def forget(self, view: SavedView) -> None:
        """Removes a saved view."""
        author = self._page.context.author
        self._page.context.edit(lambda reader: remove(reader, view, author), said=f"View “{view.name}” removed")

    # -- files ------------------------------------------------------------------------------------------------------

    def fill_export(self, menu: QMenu) -> None:
        """The menu of formats."""
        formats = tuple(f"map.{ending[1:]}" for ending in _KINDS)
        shown = [one for one in self.actions(lambda: self._page.answer is not None) if one.id in formats]
        fill_menu(menu, shown, self._page.theme)

    def ask_file(self, ending: str) -> None:
        """Asks where to, and writes the file."""
        page = self._page
        if page.answer is None:
            return
        name = "".join(c if c.isalnum() or c in " -_." else "-" for c in page.answer.title)
        where, _ = QFileDialog.getSaveFileName(
            page.dialog_parent(), "Export the map", str(Path.home() / f"{name}{ending}"), _KINDS[ending]
        )
        if where:
            path = Path(where)
            self.export(path if path.suffix.lower() == ending else path.with_name(path.name + ending))

    def export(self, path: Path) -> None:
        """Writes the picture (.svg, .png, .pdf), or everything that is hit (.csv)."""
        page = self._page
        found = page.answer
        if found is None:
            return
        shell = page.context.shell
        if path.suffix.lower() == ".csv":

            def written(rows: list[tuple[str, ...]]) -> None:
                self._try(lambda: save_list(path, HIT_HEADERS, rows), path)

            page.context.query(lambda reader: hit_rows(reader, found), written, shell.problem, owner=page)
            return
        current = page.view.current
        page.view.select(None)
        picture = page.answer.picture if page.answer is not None else found.picture
        moved = type(picture)(picture.nodes, picture.edges, page.view.positions, picture.routes, picture.upright)
        self._try(lambda: save_picture(path, page.view.scene(), moved, page.theme, found.title, page.note()), path)
        page.view.select(current)

    def _try(self, write: Callable[[], None], path: Path) -> None:
        shell = self._page.context.shell
        try:
            write()
        except UserError as error:
            shell.problem(error)
        else:
            shell.toast(f"Saved as {path.name}", tone="good")
