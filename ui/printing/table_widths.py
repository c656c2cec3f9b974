"""How wide the columns of a table on paper are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetricsF

_MOST = 0.3
"""No column asks for more than this share of the width, unless there is room to spare."""


def table_widths(
    headers: Sequence[str],
    whole: Sequence[bool],
    cells: Sequence[Sequence[str]],
    plain: QFontMetricsF,
    bold: QFontMetricsF,
    room: float,
    pad: float,
) -> list[float]:
    """Widths that together fill ``room``: as wide as the contents; columns that are not ``whole`` give way."""
    wanted, least = [], []
    for place, header in enumerate(headers):
        head = max((bold.horizontalAdvance(word) for word in header.split()), default=0.0)
        texts = [row[place] for row in cells]
        full = max([bold.horizontalAdvance(header), *map(plain.horizontalAdvance, texts)], default=0.0)
        words = [word for text in texts for word in text.split()]
        longest = max([head, *map(plain.horizontalAdvance, words)], default=0.0)
        wanted.append(max(longest, min(full, _MOST * room)) + 2 * pad)
        least.append((full if whole[place] else min(longest, full)) + 2 * pad)
    total, low = sum(wanted), sum(least)
    if not wanted or total <= 0:
        return wanted
    if total <= room:
        return [width * room / total for width in wanted]
    if low >= room:
        return [width * room / low for width in least]
    share = (room - low) / (total - low)
    return [small + (large - small) * share for small, large in zip(least, wanted, strict=True)]
