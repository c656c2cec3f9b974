"""Shows where a file was written, and opens its folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.notice import InlineMessage


class SavedFileMessage(InlineMessage):
    """A message about the file that was written last; hidden until there is one."""

    def __init__(self, theme: Theme) -> None:
        folder = Button(tr("Open the folder"), self.open_folder, icon="folder", theme=theme)
        super().__init__(theme, "", "good", folder)
        self.path: Path | None = None
        close = IconButton(theme, "close", tr("Close the message"), lambda: self.say(""), size=24)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(close)

    def show_file(self, path: Path, what: str) -> None:
        """Shows that a file was written."""
        self.path = path
        self.say(tr("{what}: {path}", what=what, path=str(path)), "good")

    def open_folder(self) -> None:
        """Opens the folder of the file in the system's file manager."""
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))
