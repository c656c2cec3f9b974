"""What stands beside files in a dialog that Qt draws itself, told from their names alone."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileIconProvider

from cmdb.model.messages import tr


class FileIcons(QFileIconProvider):
    """Qt's own icons open files to see what they are. When a process closes a file, it loses all its locks of it: of
    the open estate others would then think that nobody has it open, and what is written next would be lost.
    """

    def __init__(self) -> None:
        super().__init__()
        kinds = QAbstractFileIconProvider.IconType
        self._folder, self._file = super().icon(kinds.Folder), super().icon(kinds.File)

    def icon(self, of: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """A folder's or a file's."""
        if isinstance(of, QFileInfo):
            return self._folder if of.isDir() else self._file
        return super().icon(of)

    def type(self, info: QFileInfo) -> str:
        """A folder, or the ending of the name."""
        return tr("Folder") if info.isDir() else info.suffix()
