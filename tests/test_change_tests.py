"""``make quick`` finds the tests that a change touches: the nearest first, none that it does not."""

from __future__ import annotations

import gc
import subprocess
from pathlib import Path

import pytest

from tests import change_tests
from tests.change_tests import changes, imports, touched

TREE = {
    "cmdb/values.py": "",
    "cmdb/store/rows.py": "from cmdb.values import one\n",
    "cmdb/store/lists.py": "def late():\n    from cmdb.store import rows\n",
    "cmdb/graph.py": '"""Read from ``resources/graphs``."""\n',
    "app/reports/__init__.py": "import importlib, pkgutil\nimportlib.import_module(f'{__name__}.x')\n",
    "app/reports/assets.py": "import cmdb.store.lists\n",
    "app/cli/registry.py": "from app.cli import commands\nimport_module(f'{commands.__name__}.{1}')\n",
    "app/cli/commands/show.py": "",
    "ui/pages/__init__.py": "",
    "ui/pages/map.py": "",
    "ui/stack.py": "from importlib import import_module\nimport_module(f'ui.pages.{1}')\n",
    "main.py": "import app.cli.registry\n",
    "tests/conftest.py": "import cmdb.values, cmdb.graph\n",
    "tests/cmdb/conftest.py": "import cmdb.store.rows\n",
    "tests/cmdb/test_values.py": "from cmdb import values\n",
    "tests/cmdb/test_graph.py": "import cmdb.graph\n",
    "tests/app/test_reports.py": "import app.reports\n",
    "tests/app/cli/test_show.py": "import main\n",
    "tests/ui/test_stack.py": "import ui.stack\n",
    "tests/test_documents.py": "README = 'README.md'\n",
    "tests/soak/test_kill.py": "import cmdb.values\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, source in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        # what imports it itself, then what does so through others or is given it by the fixtures of its folder
        ("cmdb/values.py", ["cmdb/test_values", "cmdb/test_graph", "app/test_reports"]),
        ("cmdb/store/lists.py", ["app/test_reports"]),
        ("cmdb/graph.py", ["cmdb/test_graph"]),
        ("app/reports/assets.py", ["app/test_reports"]),
        ("app/cli/commands/show.py", ["app/cli/test_show"]),
        ("tests/cmdb/conftest.py", ["cmdb/test_graph", "cmdb/test_values"]),
        ("tests/app/test_reports.py", ["app/test_reports"]),
        ("resources/graphs/large.toml", ["cmdb/test_graph"]),
        ("README.md", ["test_documents"]),
        ("cmdb/gone.py", []),
        ("tests/app/test_gone.py", []),
        ("ui/pages/map.py", ["ui/test_stack"]),
        ("docs/unheard_of.md", ["test_documents"]),
    ],
)
def test_a_change_touches_what_uses_it(tree: Path, changed: str, tests: list[str]) -> None:
    assert touched(tree, [changed]) == [f"tests/{name}.py" for name in tests]


def test_the_nearest_come_first_whatever_else_has_changed(tree: Path) -> None:
    assert touched(tree, ["cmdb/store/lists.py", "cmdb/graph.py"]) == [
        "tests/cmdb/test_graph.py",
        "tests/app/test_reports.py",
    ]


def test_a_package_and_what_is_in_it_are_both_imported() -> None:
    assert set(imports("x", "from cmdb.store import rows", [])) == {"cmdb", "cmdb.store", "cmdb.store.rows"}


def test_a_change_is_what_main_lacks_committed_or_not(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        own = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *own, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    for name in ("old.py", "edited.py", "gone.py"):
        (tmp_path / name).write_text("1\n")
    git("add", ".")
    git("commit", "-m", "first")
    assert changes(tmp_path) == []
    git("checkout", "-b", "work")
    (tmp_path / "committed.py").write_text("1\n")
    git("add", ".")
    git("commit", "-m", "second")
    (tmp_path / "edited.py").write_text("2\n")
    (tmp_path / "gone.py").unlink()
    (tmp_path / "new.py").write_text("1\n")
    assert changes(tmp_path) == ["committed.py", "edited.py", "gone.py", "new.py"]


def test_when_the_time_is_over_no_test_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    change_tests.pytest_runtest_setup()
    monkeypatch.setenv("TERRIER_QUICK_ENDS", "1")
    with pytest.raises(pytest.skip.Exception, match="no time left"):
        change_tests.pytest_runtest_setup()
    gc.unfreeze()
