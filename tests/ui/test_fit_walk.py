"""The diagonal of the grid of scales, sizes, texts and fonts that ``tests/soak/test_fits.py`` goes through as a whole.

Its first point, the smallest window at scale 1, is judged in ``test_pseudo_locale.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.fit_walk import INTER, LARGE, NORMAL, SYSTEM, Size, walked


@pytest.mark.parametrize(
    ("scale", "size", "text", "font"), [("1.5", (1366, 768), LARGE, INTER), ("2", (1440, 900), NORMAL, SYSTEM)]
)
def test_everything_fits(scale: str, size: Size, text: int, font: str, tmp_path: Path) -> None:
    assert walked(tmp_path, scale, text, font, [size]) == {}
