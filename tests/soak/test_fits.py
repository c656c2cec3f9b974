"""Every page, dialog and sheet in windows of five sizes, at three scales, with normal and large text: all fits.

In Inter, and in the system's font: that of a bare system, DejaVu Sans, is wider.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.fit_walk import LARGE, NORMAL

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", [NORMAL, LARGE])
@pytest.mark.parametrize(("scale", "font"), [("1", "inter"), ("1.5", "inter"), ("2", "inter"), ("1", "system")])
def test_everything_fits(scale: str, font: str, text: int, tmp_path: Path) -> None:
    """A process for each scale, because Qt reads it once."""
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen", "LOGNAME": "anja"}
    environment |= {name: str(tmp_path) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    command = [sys.executable, "-m", "tests.ui.fit_walk", str(tmp_path), str(text), font]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-4000:]
    assert json.loads(done.stdout) == {}
