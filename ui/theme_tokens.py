"""The theme's tokens: every colour of the window, read from ``resources/themes``; and contrast between two of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache

from cmdb.model.resources import RESOURCES

THEMES = RESOURCES / "themes"

#: Tones a status, a bar or a message may have; each is a text colour token and has a ``…_ground``.
TONES = ("neutral", "good", "warning", "bad", "accent")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours as ``#RRGGBB``."""

    name: str
    dark: bool
    ground: str
    surface: str
    raised: str
    side: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_ground: str
    accent_text: str
    good: str
    good_ground: str
    warning: str
    warning_ground: str
    bad: str
    bad_ground: str
    neutral: str
    neutral_ground: str

    def tone(self, tone: str) -> tuple[str, str]:
        """A tone's text colour and its ground; an unknown tone is neutral."""
        name = tone if tone in TONES else "neutral"
        return getattr(self, name), getattr(self, f"{name}_ground")

    def colours(self) -> dict[str, str]:
        """Token name → colour."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("name", "dark")}


@cache
def tokens(name: str) -> Tokens:
    """The tokens of the theme ``name`` ("light" or "dark")."""
    return Tokens(**tomllib.loads((THEMES / f"{name}.toml").read_text("utf-8")))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of ``#RRGGBB``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, sRGB)."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2). Text on its ground needs at least 4.5."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: ``share`` 0 is ``one``, 1 is ``other``."""
    parts = (round(a + (b - a) * share) for a, b in zip(channels(one), channels(other), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)
