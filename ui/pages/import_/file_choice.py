"""The choice of files for an import: from a dialog, of a folder, or from the clipboard."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.imports.formats import Format, all_endings, formats
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.pages.import_.drop_zone import FormatList
from ui.widgets.file_dialog import ask_for_folder, ask_to_open


def file_filter(known: Sequence[Format]) -> str:
    """The filters of a file dialog: all formats together, each format, and any file."""
    all_formats = (Message("All formats that can be imported"), all_endings(known))
    offered = [all_formats, *((one.label, list(one.endings)) for one in known)]
    groups = [
        tr("{label} ({endings})", label=label, endings=" ".join(f"*{ending}" for ending in endings))
        for label, endings in offered
    ]
    return ";;".join((*groups, tr("All files (*)")))


class FileChoice:
    """Asks for files over the page; ``begin`` gets those that were chosen."""

    def __init__(self, context: Context, page: QWidget, begin: Callable[[Iterable[Path]], None]) -> None:
        self._context, self._page, self._begin = context, page, begin

    def choose(self) -> None:
        """Asks for files."""
        settings = self._context.workspace.settings
        kinds = file_filter(formats(self._context.workspace.plugins.importers()))
        self._begin(ask_to_open(settings, self._page, "import", tr("Import files"), kinds))

    def show_formats(self) -> None:
        """Shows the formats that can be imported."""
        known = formats(self._context.workspace.plugins.importers())
        shown = FormatList(sorted(known, key=lambda one: one.label.casefold()))
        self._context.shell.sheet(tr("Formats that can be imported"), shown)
        shown.setFocus()

    def choose_folder(self) -> None:
        """Asks for a folder, and opens the files in it and in its subfolders."""
        folder = ask_for_folder(self._context.workspace.settings, self._page, "import", tr("Import a folder"))
        if folder is not None:
            self._begin([folder])

    def paste(self) -> None:
        """Imports the table on the clipboard, or the files that were copied there."""
        copied = QApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in copied.urls() if url.isLocalFile()]
        if files:
            self._begin(files)
            return
        text = copied.text()
        if not text.strip():
            self._context.shell.toast(tr("There is no table on the clipboard."), tone="warning")
            return
        folder = Path(tempfile.mkdtemp(prefix="terrier-"))
        path = folder / (tr("Pasted table") + ".tsv")
        path.write_text(text, "utf-8")
        self._begin([path])
