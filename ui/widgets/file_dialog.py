"""Asks for files and folders with the system's dialogs, which begin where the last one for the same purpose ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.preferences import folder_for, keep_folder
from app.settings import Settings
from cmdb.model.messages import Message
from ui.widgets.file_icons import FileIcons

_ELSEWHERE = str(Path(__file__).parent)
"""A folder without an estate."""


class FileDialog(QFileDialog):
    """The system's dialog, or Qt's own with icons that leave files closed: see ``FileIcons``."""

    def __init__(self, over: QWidget, title: str, start: str) -> None:
        super().__init__(over, title, _ELSEWHERE)  # what it lists before it has its icons
        self._icons = FileIcons()
        self.setIconProvider(self._icons)
        self.setDirectory(start)

    @classmethod
    def name_to_write(
        cls, over: QWidget, title: str, start: str, filters: str, *, options: QFileDialog.Option | None = None
    ) -> tuple[str, str]:
        """The name of a file to write, and the filter that was chosen; "" for none."""
        dialog = cls(over, title, str(Path(start).parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(filters.split(";;"))
        dialog.selectFile(Path(start).name)
        if options is not None:
            dialog.setOption(options)
        return next(iter(dialog._ask()), ""), dialog.selectedNameFilter()

    @classmethod
    def names_to_read(cls, over: QWidget, title: str, start: str, filters: str) -> tuple[list[str], str]:
        """The names of files to read, and the filter that was chosen."""
        dialog = cls(over, title, start)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(filters.split(";;"))
        return dialog._ask(), dialog.selectedNameFilter()

    @classmethod
    def folder(cls, over: QWidget, title: str, start: str) -> str:
        """The name of a folder; "" for none."""
        dialog = cls(over, title, start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return next(iter(dialog._ask()), "")

    def _ask(self) -> list[str]:
        accepted = self.exec()
        self.deleteLater()
        return self.selectedFiles() if accepted else []


def ask_to_save(
    settings: Settings,
    over: QWidget,
    purpose: str,
    title: str,
    name: str,
    kinds: Mapping[str, Message],
    *,
    otherwise: Path | None = None,
    asks_to_replace: bool = True,
) -> Path | None:
    """Asks where a file is to be written; None if nowhere.

    ``name`` is suggested, without an ending; ``kinds`` are the possible endings (".xlsx") with their words, the usual
    one first. A name without an ending gets that of the kind that is chosen. ``otherwise`` is the folder to begin with
    where none was chosen yet.
    """
    ending = next(iter(kinds), "")
    start = str(folder_for(settings, purpose, otherwise) / f"{name}{ending}")
    words = {str(text): one for one, text in kinds.items()}
    filters = ";;".join(words)
    if asks_to_replace:
        where, kind = FileDialog.name_to_write(over.window(), title, start, filters)
    else:
        options = QFileDialog.Option.DontConfirmOverwrite
        where, kind = FileDialog.name_to_write(over.window(), title, start, filters, options=options)
    if not where:
        return None
    path = Path(where)
    keep_folder(settings, purpose, path.parent)
    return path if path.suffix or not ending else path.with_name(path.name + words.get(kind, ending))


def ask_to_open(
    settings: Settings, over: QWidget, purpose: str, title: str, filters: str, *, otherwise: Path | None = None
) -> list[Path]:
    """Asks for files to open; none if none was chosen. ``filters`` as Qt's dialogs take them."""
    start = str(folder_for(settings, purpose, otherwise))
    paths = [Path(name) for name in FileDialog.names_to_read(over.window(), title, start, filters)[0]]
    if paths:
        keep_folder(settings, purpose, paths[0].parent)
    return paths


def ask_for_folder(settings: Settings, over: QWidget, purpose: str, title: str) -> Path | None:
    """Asks for a folder; None if none was chosen."""
    found = FileDialog.folder(over.window(), title, str(folder_for(settings, purpose)))
    if not found:
        return None
    keep_folder(settings, purpose, Path(found))
    return Path(found)
