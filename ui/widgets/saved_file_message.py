"""Shows where a file was written, and opens it or its folder."""

from __future__ import annotations

from pathlib import Path

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.layout import box, row
from ui.widgets.notice import InlineMessage
from ui.widgets.written_file import open_file, show_folder


class SavedFileMessage(InlineMessage):
    """A message about the file that was written last; hidden until there is one."""

    def __init__(self, theme: Theme) -> None:
        opened = Button(tr("Open"), self.open_file, icon="open", theme=theme)
        folder = Button(tr("Show in folder"), self.open_folder, icon="folder", theme=theme)
        super().__init__(theme, "", "good", box(row(opened, folder)))
        self.path: Path | None = None
        close = IconButton(theme, "close", tr("Close the message"), lambda: self.say(""), size=24)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(close)

    def show_file(self, path: Path, what: str) -> None:
        """Shows that a file was written."""
        self.path = path
        self.say(tr("{what}: {path}", what=what, path=str(path)), "good")

    def open_file(self) -> None:
        """Opens the file in the system's program for it."""
        if self.path is not None:
            open_file(self.path)

    def open_folder(self) -> None:
        """Opens the folder of the file in the system's file manager."""
        if self.path is not None:
            show_folder(self.path)
