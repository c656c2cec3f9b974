"""The icon set: SVGs of our own (``resources/icons``, 20 px grid, 1.5 px round strokes), tinted when they are drawn."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cmdb.model.resources import RESOURCES

FOLDER = RESOURCES / "icons"


class Icons:
    """Draws icons in a token's colour and keeps what it drew, by name, colour, size and pixel ratio."""

    def __init__(self, colour: Callable[[str], str], folder: Path = FOLDER) -> None:
        self._colour = colour
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}

    def names(self) -> list[str]:
        """Every icon's name."""
        return sorted(path.stem for path in self._folder.glob("*.svg"))

    def has(self, name: str) -> bool:
        """Whether there is an icon of that name."""
        return (self._folder / f"{name}.svg").exists()

    def source(self, name: str, colour: str) -> str:
        """The SVG's text in one colour. Raises KeyError for an unknown icon."""
        text = self._sources.get(name)
        if text is None:
            try:
                text = self._sources[name] = (self._folder / f"{name}.svg").read_text("utf-8")
            except FileNotFoundError:
                raise KeyError(f"there is no icon {name!r}") from None
        return text.replace("currentColor", colour)

    def icon(self, name: str, token: str) -> QIcon:
        """The icon in a token's colour. Selected and disabled states and the theme are looked up when it is painted.

        It must not be changed (``addPixmap`` and the like): Qt would then clone the engine, and the binding deletes
        what a clone in Python returns.
        """
        found = self._icons.get((name, token))
        if found is None:
            self.source(name, "")
            first = QIcon(_Engine(weakref.ref(self), name, token))
            # The binding makes the engine a child of the icon object that takes it. If the garbage collector clears
            # such a pair, it deletes the engine while icons of widgets still use it, and the process crashes.
            # A copy shares the engine without being its parent: the last icon that uses the engine deletes it.
            found = self._icons[name, token] = QIcon(first)
        return found

    def pixmap(self, name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
        """The icon, ``size`` px square at pixel ratio ``ratio``."""
        colour = self._colour(token)
        key = (name, colour, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = QPixmap(QSize(round(size * ratio), round(size * ratio)))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            renderer = QSvgRenderer(QByteArray(self.source(name, colour).encode()))
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.end()
            self._pixmaps[key] = found
        return found


class _Engine(QIconEngine):
    """Draws one icon at any size and ratio; nothing after the icon set was deleted.

    The set is held weakly: it keeps the icon, which keeps the engine where the garbage collector doesn't see it.
    """

    def __init__(self, icons: weakref.ref[Icons], name: str, token: str) -> None:
        super().__init__()
        self._icons = icons
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        icons = self._icons()
        if icons is None:
            return
        device = painter.device()
        ratio = device.devicePixelRatioF()
        side = min(rect.width(), rect.height())
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(0.45)
        pixmap = icons.pixmap(self._name, self._token, side, ratio)
        painter.drawPixmap(rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2, pixmap)
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(1.0)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return found

    def clone(self) -> QIconEngine:
        return _Engine(self._icons, self._name, self._token)
