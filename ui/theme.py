"""The theme at work: palette, style sheet, fonts and icons from the tokens; follows the system's light and dark."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from ui.icons import Icons
from ui.theme_tokens import THEMES, Tokens, mix, tokens

Mode = Literal["system", "light", "dark"]

BASE_SIZE = 13
#: Tried in turn where the system names no real interface font (a bare X server falls back to DejaVu Sans).
_BETTER = ("Inter", "Inter Display", "Cantarell", "Noto Sans", "Ubuntu", "Roboto", "Liberation Sans", "Arimo")
_FALLBACKS = ("", "Sans", "Sans Serif", "DejaVu Sans", "Droid Sans Fallback")

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
    """The look of the window. Painters ask it for colours, fonts and icons; ``changed``: light and dark swapped."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__(app)
        self._app = app
        self._files = QTemporaryDir()
        self.mode: Mode = mode
        self._family = ""
        self.tokens: Tokens = tokens("light")
        self.icons = Icons(self.hex)
        app.setStyle("Fusion")
        app.setFont(self.font())
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

    def font(self, size: int = BASE_SIZE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font, ``size`` in pixels."""
        font = QFont(self.family)
        font.setPixelSize(size)
        font.setWeight(weight)
        return font

    @property
    def family(self) -> str:
        """The system's interface font family, or the best installed one where the system has only a fallback."""
        if not self._family:
            family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
            if family in _FALLBACKS:
                family = next((f for f in _BETTER if QFontDatabase.hasFamily(f)), family)
            self._family = family
        return self._family

    # -- changing ---------------------------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Fixes light or dark, or follows the system."""
        self.mode = mode
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
        self._follow()

    def _follow(self) -> None:
        scheme = self._app.styleHints().colorScheme()
        dark = self.mode == "dark" or (self.mode == "system" and scheme == Qt.ColorScheme.Dark)
        wanted = tokens("dark" if dark else "light")
        if wanted is not self.tokens or not self._app.styleSheet():
            self.tokens = wanted
            self._app.setPalette(self._palette())
            self._app.setStyleSheet(self._sheet())
            self.changed.emit()

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
        return sheet

    def _pictures(self) -> dict[str, str]:
        """Writes the tinted pictures that the sheet refers to and returns their paths."""
        paths = {}
        for word, (icon, token) in _SHEET_ICONS.items():
            path = self._files.filePath(f"{self.tokens.name}-{word}.svg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.icons.source(icon, self.hex(token)))
            paths[word] = path
        return paths
