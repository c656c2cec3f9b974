"""A file that was written: what is said of it, and how it or its folder is opened with the system's own programs.

It is said with ``shell.toast(…, file=path)``, which offers to open both.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from cmdb.model.messages import tr, trn


def written(path: Path, rows: int | None = None) -> str:
    """Says that a file was written, and how many ``rows`` it has if that is known."""
    if rows is None:
        return tr("{file} is written", file=path.name)
    return trn("{file} is written: {count} row", "{file} is written: {count} rows", rows, file=path.name)


def open_file(path: Path) -> bool:
    """Opens a file in the program that the system has for it; False where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_folder(path: Path) -> bool:
    """Opens a folder, or the folder of a file, in the system's file manager; False where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))
