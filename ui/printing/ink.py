"""The colours of what is printed: black on white, whatever the theme of the window is."""

from __future__ import annotations

from PySide6.QtCore import Qt

INK = Qt.GlobalColor.black
PAPER = Qt.GlobalColor.white
