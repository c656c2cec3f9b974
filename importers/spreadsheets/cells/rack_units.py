"""Units of racks as people write them: 38, U38, "38 HE", 40-41."""

from __future__ import annotations

import re

_WORD = r"(?:(?:r?u|he|hu|units?|höheneinheit(?:en)?)\.?)?"
_UNIT = rf"{_WORD}\s*(\d{{1,2}})\s*{_WORD}"
_UNITS = re.compile(rf"{_UNIT}(?:\s*(?:[-–—/,+&]|to|bis|à)\s*{_UNIT})?", re.IGNORECASE)


def units_in(text: str) -> tuple[int, ...]:
    """The unit, or the first and the last one of a range, the lower one first; nothing where the text is none."""
    match = _UNITS.fullmatch(text.strip())
    if match is None:
        return ()
    return tuple(sorted({int(number) for number in match.groups() if number}))
