from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmdb.store.upkeep.startup import create_estate

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window_and_leaves_nothing_behind(sent: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "estate.terrier"
    create_estate(path).close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TERRIER_CONFIG": str(tmp_path / "config")}
    command = [sys.executable, "main.py", "--db", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    kept = tmp_path / "config" / "settings.json"
    end = time.monotonic() + 60
    while not kept.exists() or str(path) not in kept.read_text("utf-8"):  # it remembers what it has opened
        assert process.poll() is None
        assert time.monotonic() < end, "the window did not open the estate"
        time.sleep(0.05)
    process.send_signal(sent)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert said == ""
    assert not path.with_name("estate.terrier-wal").exists()
