"""What every test stands on: no display, no settings or estate of the person who runs them, databases of its own.

Fixtures for all: ``postgres`` makes empty databases on a private PostgreSQL; a window test that fails leaves pictures
of its windows under ``build/failures/``.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import settings

# `make test` tries the same examples every time; `make soak` looks for new ones.
settings.register_profile("test", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("TERRIER_LAWS", "test"))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and the default estate of a test stand in its own folder."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TERRIER_CONFIG", str(home / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.delenv("TERRIER_DB", raising=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own, on a socket in a temporary folder, gone afterwards: the folder of its socket.

    PostgreSQL refuses to run as root, so root starts it as the user that Debian's package made for it.
    """
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (make setup-test installs it on Debian)")
    folder = Path(tempfile.mkdtemp(prefix="terrier-pg-"))
    folder.chmod(0o711)
    as_user: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run([*as_user, *command], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            log = folder / "log"
            raise RuntimeError(
                f"{command[0]} failed: {done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}"
            )

    try:
        run(str(programs / "initdb"), "-D", str(data), "-U", "terrier", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        run(str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "-s", "start")
        yield str(folder)
    finally:
        if (data / "postmaster.pid").exists():
            run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database each time it is called, and returns its URL; they are dropped after the test."""
    import psycopg

    numbers = itertools.count(1)
    made: list[str] = []
    with psycopg.connect(host=postgres_server, user="terrier", dbname="postgres", autocommit=True) as connection:

        def create() -> str:
            name = f"estate_{os.getpid()}_{next(numbers)}_{len(made)}"
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
            made.append(name)
            return f"postgresql://terrier@/{name}?host={quote(postgres_server, safe='')}"

        yield create
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample estate, closed. Made once for each worker: copy it before anything is written."""
    from app.sample import load
    from cmdb.store import Store

    path = tmp_path_factory.mktemp("sample") / "sample.terrier"
    store = Store.create(path)
    load(store)
    store.close()
    return path


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Path:
    """A sample estate of the test's own."""
    return Path(shutil.copy(sample_file, tmp_path / "sample.terrier"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Takes pictures of the open windows when a test fails."""
    report = yield
    if report.when == "call" and report.failed and "PySide6.QtWidgets" in sys.modules:
        _picture_windows(item.nodeid)
    return report


def _picture_windows(name: str) -> None:
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return
    folder = ROOT / "build" / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", name)[-120:]
    for number, window in enumerate(w for w in QApplication.topLevelWidgets() if w.isVisible()):
        window.grab().save(str(folder / f"{stem}-{number}.png"))
