"""How far each printer of this computer prints beside the place: a preference, as printers pull paper askew."""

from __future__ import annotations

from app.settings import Settings

_NAME = "label_offsets"
MOST = 10.0
"""The largest offset in millimetres."""


def offset_of(settings: Settings, printer: str) -> tuple[float, float]:
    """Millimetres to the right and down for a printer; "" stands for PDF files."""
    kept: dict[str, list[int]] = settings.get(_NAME, {})
    found = kept.get(printer) or []
    if len(found) != 2:
        return 0.0, 0.0
    right, down = (min(max(one / 10, -MOST), MOST) for one in found)
    return right, down


def keep_offset(settings: Settings, printer: str, offset: tuple[float, float]) -> None:
    """Keeps it, in tenths of a millimetre."""
    kept: dict[str, list[int]] = settings.get(_NAME, {})
    settings.set(_NAME, {**kept, printer: [round(one * 10) for one in offset]})
