"""Numbers as the locale writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def decimal(value: float, places: int | None = None) -> str:
    """A number with the locale's separators: ``places`` after the point, or as many as it has."""
    locale = QLocale()
    if places is not None:
        return locale.toString(float(value), "f", places)
    if float(value).is_integer():
        return locale.toString(int(value))
    return locale.toString(float(value), "g", 12)
