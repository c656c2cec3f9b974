"""The tour to its end: what ``make run`` does where there is no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_finds_nothing_wrong(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "main.py"), "--tour", str(tmp_path / "tour")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
