"""The environment of every test: no display, no settings or estate of the person who runs them, separate databases.

Fixtures for all: ``postgres`` makes empty databases on a private PostgreSQL; a window test that fails leaves pictures
of its windows under ``build/failures/``.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from importers.discovery.host import Host
from importers.inventory import maker_names
from importers.inventory.maker_names import SystemNames
from tests import compiled_statements, unclosed_connections
from tests.server import UNSAFE, Server, programs, running

if TYPE_CHECKING:
    from babel.messages import Catalog
    from xdist.scheduler import LoadFileScheduling

    from tests.keyring_double import Drawer

# `make test` tries the same examples every time; `make soak` looks for new ones.
settings.register_profile("test", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("TERRIER_LAWS", "test"))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests and the programs that they start are compiled once, not at each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Nobody's own keyring is touched.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# Shells ignore Ctrl-C for what they start in the background, and programs that tests start would, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
unclosed_connections.watch()
compiled_statements.share()
ROOT = Path(__file__).resolve().parent.parent
LONGEST = (
    "tests/test_contract_suite.py",
    "tests/test_contract_verbs.py",
    "tests/cmdb/store/upkeep/test_old_formats.py",
    "tests/cmdb/store/upkeep/test_tampering.py",
    "tests/app/cli/test_races.py",
    "tests/ui/test_pseudo_locale.py",
    "tests/ui/test_markup.py",
    "tests/ui/test_action_focus.py",
    "tests/app/cli/test_server_failures.py",
    "tests/distribution/test_wheel.py",
    "tests/soak/test_kill.py",
    "tests/cmdb/store/upkeep/test_integrity.py",
    "tests/cmdb/store/upkeep/test_estate_transfer.py",
    "tests/cmdb/store/reading/test_selection.py",
    "tests/cmdb/store/upkeep/test_retention.py",
    "tests/cmdb/store/drafts/test_draft_store.py",
    "tests/app/cli/test_output_files.py",
    "tests/app/cli/test_changes.py",
    "tests/cmdb/register/test_history.py",
    "tests/app/test_sample.py",
    "tests/cmdb/test_fault_tolerance.py",
    "tests/cmdb/store/upkeep/test_encryption.py",
    "tests/test_contract_life_cycle.py",
    "tests/test_rules.py",
    "tests/cmdb/store/reading/test_lists.py",
    "tests/cmdb/register/test_splitting.py",
    "tests/test_texts.py",
    "tests/test_privacy.py",
)
"""The files of tests that take longest, in the order in which they are begun."""


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and the default estate of a test stand in its own folder; no file of this computer names hardware."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setattr(maker_names, "system_names", cache(lambda: SystemNames(Host(home))))
    monkeypatch.setenv("TERRIER_CONFIG", str(home / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.delenv("TERRIER_DB", raising=False)
    monkeypatch.delenv("TERRIER_NOW", raising=False)
    for name in ("TERRIER_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_TIME", "LC_NUMERIC", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """A commit to a file returns before it is on the disk, as on a server that is ``UNSAFE``.

    That the program does wait is what ``tests/cmdb/store/writing/test_durability.py`` is about.
    """
    from cmdb.store.connection import engine as engines

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "DURABLE", ("synchronous=OFF",))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL of our own, gone afterwards."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (make setup-test installs it on Debian)")
    with running(*UNSAFE) as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[Callable[[], str]]:
    """Makes an empty database each time it is called, and returns its URL; they are dropped after the test."""
    numbers = itertools.count(1)
    made: list[str] = []

    def create() -> str:
        name = f"own_{os.getpid()}_{next(numbers)}"
        postgres_server.ask(f'CREATE DATABASE "{name}"')
        made.append(name)
        return postgres_server.url(name)

    yield create
    for name in made:
        postgres_server.ask(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample estate, closed. Made once for all workers: copy it before anything is written."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "sample.terrier"
    with _alone(folder / "sample.lock"):
        if not path.exists():
            _load_sample(path)
    return Path(shutil.copy(path, tmp_path_factory.mktemp("sample")))


def _load_sample(path: Path) -> None:
    from app.sample import load
    from cmdb.store.upkeep.startup import create_estate

    create_estate(path, load).close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Waits until no other worker is here."""
    import fcntl

    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """In a fresh clone one worker compiles the tests. The others wait, and read what it has compiled.

    Each would compile all of them otherwise, which takes three times as long as reading them.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    import fcntl

    with Path(__file__).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)
        else:
            if any((ROOT / "tests" / "__pycache__").glob("test_*-pytest-*.pyc")):
                fcntl.flock(lock, fcntl.LOCK_UN)
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest go first, so that none of them is begun when the others are nearly done."""
    places = {name: number for number, name in enumerate(LONGEST)}
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: places.get(item.path.relative_to(ROOT).as_posix(), len(places)))


def pytest_sessionstart() -> None:
    """Garbage is looked for as seldom as in the program.

    Otherwise that depends on which tests came before: those of the command line run the program in this process.
    """
    from main import tune

    tune()


@cache
def _rules_over_programs() -> frozenset[Path]:
    """The files of tests that parse programs."""
    paths = (ROOT / "tests").rglob("test_*.py")
    return frozenset(path for path in paths if "from tests.programs import" in path.read_text("utf-8"))


def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Lets the parsed programs go after the last rule over them: each search for garbage walks all that is there."""
    if "tests.programs" in sys.modules and (nextitem is None or nextitem.path not in _rules_over_programs()):
        sys.modules["tests.programs"].nodes.cache_clear()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """The files of rules over programs go to one worker, which parses the programs for all of them."""
    from xdist.scheduler import LoadFileScheduling

    class _Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "rules over programs" if ROOT / file in _rules_over_programs() else file

    return _Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Path:
    """A sample estate of the test's own."""
    return Path(shutil.copy(sample_file, tmp_path / "sample.terrier"))


@pytest.fixture(scope="session")
def texts() -> Catalog:
    """The catalogue of all texts of the program."""
    from app.translations import catalogue

    return catalogue(ROOT)


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    """A keyring that lasts as long as the test; Terrier finds no other."""
    import keyring

    from tests.keyring_double import Drawer

    before = keyring.get_keyring()
    found = Drawer()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


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
