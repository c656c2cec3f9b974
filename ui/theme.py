"""The theme at work: palette, style sheet, fonts and icons from the tokens; follows the system's light and dark."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from ui import interface_font
from ui.icons import Icons
from ui.text_size import BASE, LEAST, MOST, follow, scaled_sheet
from ui.theme_tokens import THEMES, Tokens, mix, tokens

Mode = Literal["system", "light", "dark"]

_ROLES = {
    QPalette.ColorRole.Window: "ground",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "ground",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.Highlight: "accent_ground",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "faint",
    QPalette.ColorRole.Shadow: "line",
}

#: Pictures that the style sheet needs as files: name in the sheet → (icon, token).
_SHEET_ICONS = {
    "icon_down": ("chevron-down", "muted"),
    "icon_right": ("chevron-right", "muted"),
    "icon_left": ("chevron-left", "muted"),
    "icon_up": ("chevron-up", "muted"),
    "icon_check": ("check", "accent_text"),
    "icon_tick": ("check", "text"),
    "icon_partly": ("minus", "accent_text"),
}


class Theme(QObject):
    """The look of the window. Painters ask it for colours, fonts and icons.

    ``changed``: light and dark swapped, or another font or size of text; then everything is painted anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", font: str = "inter", size: int = 0) -> None:
        super().__init__(app)
        self._app = app
        self._files = QTemporaryDir()
        self.mode: Mode = mode
        self.chosen_size = size
        self.family = interface_font.family(font)
        """The family of the interface's font."""
        self._fonts: dict[tuple[int, QFont.Weight, bool], QFont] = {}
        self.tokens: Tokens = tokens("light")
        self.icons = Icons(self.hex)
        app.setStyle("Fusion")
        self._set_fonts()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        self.set_mode(mode)

    # -- asking -----------------------------------------------------------------------------------------------------

    def hex(self, token: str) -> str:
        """A token's colour as ``#RRGGBB``; ``token`` may also be such a colour already (for icons drawn on a tone)."""
        return token if token.startswith("#") else cast(str, getattr(self.tokens, token))

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """A token's colour, ``alpha`` between 0 and 1."""
        colour = QColor(self.hex(token))
        colour.setAlphaF(alpha)
        return colour

    def tone(self, tone: str) -> tuple[QColor, QColor]:
        """Text colour and ground of a tone ("good", "warning", "bad", "neutral", "accent")."""
        text, ground = self.tokens.tone(tone)
        return QColor(text), QColor(ground)

    def icon(self, name: str, token: str = "muted") -> QIcon:
        """The icon ``name`` in a token's colour; it repaints itself when the theme changes. Raises KeyError."""
        return self.icons.icon(name, token)

    def pixmap(self, name: str, token: str = "muted", size: int = 20, ratio: float = 0.0) -> QPixmap:
        """The icon as a pixmap ``size`` px square, sharp at pixel ratio ``ratio`` (0: the screen's)."""
        return self.icons.pixmap(name, token, size, ratio or self._app.devicePixelRatio())

    def font(self, size: int = BASE, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
        """The interface font, ``size`` in pixels at the normal size of text; ``tabular``: with figures of one width."""
        found = self._fonts.get((size, weight, tabular))
        if found is None:
            found = interface_font.as_typed(self.family)
            found.setPixelSize(round(size * self.text_size / BASE))
            found.setWeight(weight)
            if tabular:
                found = interface_font.with_tabular_figures(found)
            self._fonts[size, weight, tabular] = found
        return QFont(found)

    def drawing_font(self, size: int = BASE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font, ``size`` in units of a drawing: what is drawn in a scene grows with it, not with text."""
        found = interface_font.as_typed(self.family)
        found.setPixelSize(size)
        found.setWeight(weight)
        return found

    @property
    def text_size(self) -> int:
        """The pixels of ordinary text: what the person chose, else the system's where that is more than the normal."""
        return self.chosen_size or system_size()

    # -- changing ---------------------------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Fixes light or dark, or follows the system."""
        self.mode = mode
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
        self._follow()

    def set_font(self, choice: str) -> None:
        """Inter ("inter"), or the system's font ("system")."""
        self.family = interface_font.family(choice)
        self._changed_text()

    def set_text_size(self, size: int) -> None:
        """The pixels of ordinary text; 0 is the system's. What is out of bounds becomes the nearest that is not."""
        self.chosen_size = min(max(size, LEAST), MOST) if size else 0
        self._changed_text()

    def _changed_text(self) -> None:
        if self._set_fonts():
            self._set_sheet()
            self.changed.emit()

    def _set_fonts(self) -> bool:
        """Sets the fonts of all widgets; whether they are others than before."""
        self._fonts.clear()
        wanted, before = self.font(), self._app.font()
        self._app.setFont(wanted)
        return (wanted.family(), wanted.pixelSize()) != (before.family(), before.pixelSize())

    def _follow(self) -> None:
        scheme = self._app.styleHints().colorScheme()
        dark = self.mode == "dark" or (self.mode == "system" and scheme == Qt.ColorScheme.Dark)
        wanted = tokens("dark" if dark else "light")
        if wanted is not self.tokens or not self._app.styleSheet():
            self.tokens = wanted
            self._app.setPalette(self._palette())
            self._set_sheet()
            self.changed.emit()

    def _set_sheet(self) -> None:
        """Another style sheet. Without the old one it is applied in a quarter of the time: 0.2 s to 1,200 widgets. Qt
        gives widgets back the fonts that they had under the first one, so their sizes are applied again.
        """
        self._app.setStyleSheet("")
        self._app.setStyleSheet(self._sheet())
        follow(self._app)

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _ROLES.items():
            palette.setColor(role, QColor(self.hex(token)))
        disabled = QColor(mix(self.tokens.faint, self.tokens.surface, 0.35))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
        return palette

    def _sheet(self) -> str:
        """The style sheet with the tokens filled in. Longer names come first."""
        t = self.tokens
        words = {
            **t.colours(),
            "hover": mix(t.surface, t.neutral_ground, 0.75),
            "side_hover": mix(t.side, t.neutral, 0.08),
            "pressed": mix(t.surface, t.neutral, 0.16),
            "accent_hover": mix(t.accent, t.text, 0.12),
            "bad_hover": mix(t.bad, t.text, 0.12),
            "field": t.surface if not t.dark else mix(t.side, t.surface, 0.35),
            "sunken": mix(t.ground, t.line, 0.25) if not t.dark else mix(t.side, t.surface, 0.35),
            "disabled": mix(t.faint, t.surface, 0.35),
            "thumb": mix(t.surface, t.neutral, 0.35),
            **self._pictures(),
        }
        sheet = (THEMES / "window.qss").read_text("utf-8")
        for word in sorted(words, key=len, reverse=True):
            sheet = sheet.replace(f"${word}", words[word])
        return scaled_sheet(sheet, self.text_size)

    def _pictures(self) -> dict[str, str]:
        """Writes the tinted pictures that the sheet refers to and returns their paths."""
        paths = {}
        for word, (icon, token) in _SHEET_ICONS.items():
            path = self._files.filePath(f"{self.tokens.name}-{word}.svg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.icons.source(icon, self.hex(token)))
            paths[word] = path
        return paths


def system_size() -> int:
    """The pixels of the system's interface text, never less than what the window is designed for."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    pixels = font.pixelSize()
    if pixels <= 0:
        pixels = round(font.pointSizeF() * QGuiApplication.primaryScreen().logicalDotsPerInchY() / 72)
    return min(max(pixels, BASE), MOST)
