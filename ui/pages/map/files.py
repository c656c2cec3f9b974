"""The map as a file: a picture (SVG, PNG, PDF), or the list of all that is hit (CSV)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from app.map.list_export import write_list
from cmdb.model.messages import Message, tr
from ui.actions import Action, Handler, bind, fill_menu
from ui.context import Context
from ui.graph.export import MapDrawing, write_drawing
from ui.graph.view import GraphView
from ui.pages.map.actions import EXPORTING
from ui.pages.map.map_state import MapState
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written

_KINDS = {
    ".svg": Message("Picture (*.svg)"),
    ".png": Message("Picture (*.png)"),
    ".pdf": Message("Document (*.pdf)"),
    ".csv": Message("List (*.csv)"),
}


class MapFiles(QObject):
    """Asks for a file name, and writes the file."""

    def __init__(self, context: Context, shown: MapState, view: GraphView, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._shown, self._view, self._over = context, shown, view, over

    def actions(self) -> list[Action]:
        """One for each format."""
        handlers = {f"map.{ending[1:]}": Handler(partial(self.ask, ending), self._is_there) for ending in _KINDS}
        return bind(EXPORTING, handlers, lambda: self._context.editable)

    def _is_there(self) -> bool:
        return self._shown.there

    def fill(self, menu: QMenu) -> None:
        """The menu of formats."""
        fill_menu(menu, self.actions(), self._context.theme)

    def ask(self, ending: str) -> None:
        """Asks for a file name, and writes the file."""
        found = self._shown.answer
        if found is None:
            return
        name = "".join(c if c.isalnum() or c in " -_." else "-" for c in found.title)
        settings, title = self._context.workspace.settings, tr("Export the map")
        kinds = {ending: _KINDS[ending]}
        path = ask_to_save(settings, self._over, "export", title, self._context.file_name(name), kinds)
        if path is not None:
            self.write(path if path.suffix.lower() == ending else path.with_name(path.name + ending))

    def write(self, path: Path) -> None:
        """Writes the picture (.svg, .png, .pdf), or everything that is hit (.csv)."""
        found = self._shown.answer
        if found is None:
            return
        context, view = self._context, self._view
        if path.suffix.lower() == ".csv":
            context.query(
                lambda reader: write_list(reader, found, path), self._written, context.shell.problem, owner=self
            )
            return
        picture = replace(found.picture, positions=view.positions)
        note, ending = self._shown.whole_note, path.suffix.lower()
        drawing = MapDrawing(ending, picture, view.lines, view.content(), context.theme, found.title, note)

        def failed(error: Exception) -> None:
            drawing.close()
            context.shell.problem(error)

        context.workspace.jobs.start(
            Message("Writing {file}", file=path.name),
            write_drawing,
            path,
            drawing,
            context.tasks.post,
            done=lambda _: self._written(path),
            failed=failed,
        )

    def _written(self, path: Path) -> None:
        say_written(self._context.shell, path)
