from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmdb.store import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window_and_leaves_nothing_behind(sent: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "estate.terrier"
    Store.create(path).close()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TERRIER_CONFIG": str(tmp_path / "config")}
    command = [sys.executable, "main.py", "--db", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 30
    while not path.with_name("estate.terrier-wal").exists():
        assert process.poll() is None
        assert time.monotonic() < end, "the window did not open the estate"
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(sent)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert said == ""
    assert not path.with_name("estate.terrier-wal").exists()
