"""What is installed: pinned, used, written about, and sound."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from distribution.build_hook import requirements
from tests.programs import nodes

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cmdb", "importers", "app", "ui", "main.py")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(file: str) -> set[str]:
    lines = (line.strip() for line in (ROOT / file).read_text("utf-8").splitlines())
    return {canonical(re.split(r"[\[<>=! ]", line)[0]) for line in lines if line and line[0] not in "#-"}


def imported() -> set[str]:
    """The top-level modules that the code imports."""
    found: set[str] = set()
    for entry in CODE:
        path = ROOT / entry
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in nodes(file.read_text("utf-8")):
                if isinstance(node, ast.Import):
                    found.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    return found


def test_every_requirement_is_pinned() -> None:
    pinned = required("constraints.txt")
    assert required("requirements.txt") <= pinned
    assert required("requirements-dev.txt") <= pinned
    assert required("requirements-encryption.txt") <= pinned
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not re.fullmatch(r"#.*|[\w.-]+==[\w.+!-]+", line)] == []


def test_a_wheel_asks_for_no_older_packages_than_the_tests_use() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line)
    releases = {canonical(name): version.split(".") for name, version in pins.items()}
    lines = [line for name in ("requirements.txt", "requirements-encryption.txt") for line in requirements(ROOT / name)]
    bounds = {line: re.fullmatch(r"([\w.-]+)(?:\[\w+\])?>=([\d.]+)(,<[\d.]+)?", line) for line in lines}
    assert [line for line, bound in bounds.items() if bound is None] == []
    for line, bound in bounds.items():
        assert bound is not None
        wanted, pinned = bound[2].split("."), releases[canonical(bound[1])]
        assert bound[3] or wanted == pinned[: len(wanted)], line


def test_what_builds_the_wheel_is_pinned_too() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert set(needed) <= set((ROOT / "constraints.txt").read_text("utf-8").splitlines())


def test_what_runs_is_what_is_required_and_the_other_way_round() -> None:
    providers = metadata.packages_distributions()
    own = {"cmdb", "importers", "app", "ui", "main", "bench"}
    used = {
        canonical(name)
        for module in imported() - own - set(sys.stdlib_module_names)
        for name in providers.get(module, [f"missing: {module}"])
    }
    used = {"pyside6-essentials" if name == "shiboken6" else name for name in used}
    # SQLAlchemy imports the driver that an estate's URL names, and ciphers the one that encrypted files need.
    extra = required("requirements-encryption.txt")
    assert used | {"psycopg", "sqlcipher3"} == required("requirements.txt") | extra


def test_every_library_has_its_page() -> None:
    pages = {canonical(path.stem) for path in (ROOT / "docs" / "decisions").glob("*.md")}
    names = required("requirements.txt") | required("requirements-encryption.txt")
    assert {name.removesuffix("-essentials") for name in names} <= pages


def test_no_library_is_loaded_that_is_not_there_without_the_tests() -> None:
    assert not imported() & {"networkx", "pytest", "hypothesis"}


def test_qt_keeps_its_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 loses one with each void call, and aborts after some thousands."""
    program = """
import sys
import tomllib
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for number in range(1000):
    label.setText("text")
print(before - sys.getrefcount(None))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert abs(int(done.stdout)) < 100
