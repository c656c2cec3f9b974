"""A file that was written: what is said of it, and how it or its folder is opened with the system's own programs.

Where more is to say, ``shell.toast(…, file=path)`` says it. Both offer to open the file and its folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from cmdb.model.messages import tr, trn

if TYPE_CHECKING:
    from ui.context import Shell


def say_written(shell: Shell, path: Path, rows: int | None = None) -> None:
    """Says that a file was written, and how many ``rows`` it has if that is known."""
    text = tr("{file} is written", file=path.name)
    if rows is not None:
        text = trn("{file} is written: {count} row", "{file} is written: {count} rows", rows, file=path.name)
    shell.toast(text, tone="good", file=path)


def open_file(path: Path) -> bool:
    """Opens a file in the program that the system has for it; False where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_folder(path: Path) -> bool:
    """Opens a folder, or the folder of a file, in the system's file manager; False where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))
