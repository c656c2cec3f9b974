"""The interface's font: Inter, which the program brings with it, or the system's.

Inter is one variable font: every weight is in the same file. On Linux, Qt takes only the regular weight of such a file
that a program adds (``QFontDatabase.addApplicationFont``), while it takes all of what fontconfig lists. So the file is
given to fontconfig, before Qt asks it; elsewhere Qt itself takes all weights.
"""

from __future__ import annotations

import ctypes
import sys
from importlib import resources

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

#: What a person chooses between.
FONTS = ("inter", "system")
INTER = "Inter"
#: Tried in turn where the system names no real interface font (a bare X server falls back to DejaVu Sans).
_BETTER = ("Cantarell", "Noto Sans", "Ubuntu", "Roboto", "Liberation Sans", "Arimo")
_FALLBACKS = ("", "Sans", "Sans Serif", "DejaVu Sans", "Droid Sans Fallback")
_TABULAR = QFont.Tag("tnum")
_CONTEXTUAL = QFont.Tag("calt")


def prepare() -> None:
    """Lets Qt find Inter. To be called before the application is made; later calls change nothing that is shown."""
    files = _files()
    if QGuiApplication.instance() is None and sys.platform == "linux" and _told_fontconfig(files):
        return
    # Qt must run before it takes fonts; Windows and macOS take all weights of a file.
    if QGuiApplication.instance() is not None and INTER not in QFontDatabase.families():
        for file in files:
            QFontDatabase.addApplicationFont(file)


def family(choice: str) -> str:
    """The font family for a person's choice. "system" is the best installed one where the system has a fallback only.

    Where Inter is not installed, it is the system's, too.
    """
    if choice != "system" and QFontDatabase.hasFamily(INTER):
        return INTER
    found = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if found in _FALLBACKS:
        return next((one for one in _BETTER if QFontDatabase.hasFamily(one)), found)
    return found


def as_typed(family: str) -> QFont:
    """A font of a family that shows the characters that are there. Inter draws "4x4" as "4×4" and "->" as an arrow
    unless it is told not to: a serial number would be read wrong.
    """
    made = QFont(family)
    made.setFeature(_CONTEXTUAL, 0)
    return made


def with_tabular_figures(font: QFont) -> QFont:
    """The font with figures of one width, so that numbers stand below each other in columns. Where it has them."""
    made = QFont(font)
    made.setFeature(_TABULAR, 1)
    return made


def _files() -> list[str]:
    """The files of the font; none where its package is missing (a checkout that was not set up anew)."""
    try:
        import fontpkg_inter  # type: ignore[import-untyped] # it has no types
    except ModuleNotFoundError:
        return []
    folder = resources.files(fontpkg_inter) / "files"
    return sorted(str(file) for file in folder.iterdir() if file.name.endswith(".ttf"))


def _told_fontconfig(files: list[str]) -> bool:
    """Adds the files to the fonts of this process; whether fontconfig is there and took them."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
        library.FcConfigAppFontAddFile.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
        return bool(library.FcInit()) and all(library.FcConfigAppFontAddFile(None, file.encode()) for file in files)
    except (OSError, AttributeError):
        return False
