"""A screen reader, over AT-SPI: Tab goes through an import, a row is read, the import is undone, and all have names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
REGISTRY = Path("/usr/libexec/at-spi2-registryd")


def there_is_what_it_needs() -> bool:
    """An X server without a screen, D-Bus and its Python module, and AT-SPI (at-spi2-core)."""
    programs = all(shutil.which(one) for one in ("xvfb-run", "dbus-run-session", SYSTEM_PYTHON))
    if not programs or not REGISTRY.exists():
        return False
    return not subprocess.run([SYSTEM_PYTHON, "-c", "import dbus"], capture_output=True, check=False).returncode


@pytest.mark.skipif(not there_is_what_it_needs(), reason="needs xvfb, dbus, python3-dbus and at-spi2-core")
def test_an_import_is_done_read_and_undone_by_its_names_alone(tmp_path: Path) -> None:
    homes = {name: str(tmp_path) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    window = [sys.executable, "-m", "tests.soak.read_window", str(tmp_path)]
    reader = [SYSTEM_PYTHON, str(ROOT / "tests/soak/screen_reader.py"), *window]
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", *reader],
        cwd=ROOT,
        env={**os.environ, **homes, "QT_QPA_PLATFORM": "xcb", "LOGNAME": "anja"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert "" not in found["stops"]
    assert found["row"][:2] == ["LT-9001", "Laptop"]
    assert "Laptops.csv was undone" in found["undone"]
