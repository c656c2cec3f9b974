"""A process that is killed while it writes leaves a sound estate, with the whole revision or none of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmdb.jobs import Control
from cmdb.store import Selection, Store

ROOT = Path(__file__).resolve().parents[2]
ROWS = 5_000

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "laptops.csv"
    lines = [f"K-{n:06d},pc-{n:06d},Laptop,8 GB,Person {n % 200},Site {n % 9}" for n in range(ROWS)]
    path.write_text("\n".join(["Asset tag,Name,Class,Memory,Assigned to,Location", *lines]), "utf-8")
    return path


@pytest.mark.parametrize("turn", range(12))
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl-c"])
def test_an_import_that_is_killed_is_there_whole_or_not_at_all(
    turn: int, sent: signal.Signals, table: Path, tmp_path: Path
) -> None:
    path = tmp_path / "estate.terrier"
    Store.create(path).close()
    command = [sys.executable, "main.py", "--db", str(path), "import", str(table)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3 + 2.5 * random.Random(turn).random())
    process.send_signal(sent)
    process.wait(timeout=30)
    store = Store.open(path)
    try:
        assert store.check(Control()) == []
        with store.read() as reader:
            records = reader.count(Selection())
            laptops = reader.count(Selection("laptop"))
            assert (reader.number, laptops) in ((0, 0), (1, ROWS))
            assert records >= laptops
    finally:
        store.close()
    if sent == signal.SIGINT:
        assert sorted(p.name for p in tmp_path.iterdir()) == ["estate.terrier"]
