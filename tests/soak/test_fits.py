"""Every page, dialog and sheet in windows of five sizes, at three scales, with normal and large text: all fits.

In Inter, and in the system's font: that of a bare system, DejaVu Sans, is wider.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.fit_walk import INTER, LARGE, NORMAL, SYSTEM, walked

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("text", [NORMAL, LARGE])
@pytest.mark.parametrize(("scale", "font"), [("1", INTER), ("1.5", INTER), ("2", INTER), ("1", SYSTEM)])
def test_everything_fits(scale: str, font: str, text: int, tmp_path: Path) -> None:
    assert walked(tmp_path, scale, text, font) == {}
