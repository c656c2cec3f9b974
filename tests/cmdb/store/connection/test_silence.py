"""What stops a library while it takes a connection back is not printed by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STOPPED = """
import sys
from sqlalchemy import event
from cmdb.store.connection.engine import make_engine

engine = make_engine(sys.argv[1])

@event.listens_for(engine, "reset")
def reset(_connection, _record, _state):
    raise KeyboardInterrupt

try:
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_while_a_connection_is_given_back_prints_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    file.touch()
    command = [sys.executable, "-c", STOPPED, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("stopped", "")
