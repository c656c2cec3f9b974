"""What ``make quick`` tests: what a change touches, the nearest first, for about a minute.

A change is everything that is not on the branch ``main`` yet, including uncommitted files. It touches the modules that
import it, the modules that import those, and so on to the tests. As a plug-in of pytest this deselects the tests for
which no time is left; ``make test`` runs all tests.
"""

from __future__ import annotations

import ast
import gc
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cmdb", "importers", "app", "ui", "bench", "distribution", "tests")
SECONDS = 60
"""After so long no further test is begun."""
MOST = 60
"""So many files of tests at most: to load all of them takes longer than most tests."""


def name_of(path: Path) -> str:
    """The name of the module in a file, given from the root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(name: str, source: str, modules: Iterable[str]) -> Iterator[str]:
    """The names of the modules that a module imports, their packages included.

    Where it loads modules by name, these are all of its own package, of those that a text in it begins with, and of
    those that it imports as a whole.
    """
    tree = ast.parse(source)
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            named.update(f"{node.module}.{alias.name}" for alias in node.names)
    for one in named:
        parts = one.split(".")
        yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))
    if "import_module" in source:
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        packages = {text.strip(".") for text in texts if text.startswith(CODE)} | {name} | named
        yield from (m for m in modules if any(m.startswith(f"{package}.") for package in packages))


def users(root: Path) -> dict[str, set[str]]:
    """For each module those that import it; a test also uses the ``conftest`` of its folder and of those above."""
    files = {name_of(p.relative_to(root)): p for folder in CODE for p in (root / folder).rglob("*.py")}
    files["main"] = root / "main.py"
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in files.items():
        if not path.exists():
            continue
        for used in imports(name, path.read_text("utf-8"), files):
            found[used].add(name)
        folder = name.split(".")[:-1]
        if name.rpartition(".")[2].startswith("test_"):
            for depth in range(1, len(folder) + 1):
                found[".".join((*folder[:depth], "conftest"))].add(name)
    # What everyone's fixtures might load says nothing about one test.
    for user in found.values():
        user.discard("tests.conftest")
    return found


def beginnings(root: Path, changed: Iterable[str]) -> set[str]:
    """The modules that changed files are, or that speak of them: of data and documents by folder or by name.

    Every document is read by the test of the documents.
    """
    begin: set[str] = set()
    others = []
    for one in changed:
        if one.endswith(".py"):
            begin.add(name_of(Path(one)))
        else:
            folder = "/".join(one.split("/")[:2])
            others.append(folder if one.startswith("resources/") else one.rpartition("/")[2])
        if one.endswith(".md"):
            begin.add("tests.test_documents")
    for path in (p for folder in CODE for p in (root / folder).rglob("*.py")) if others else ():
        text = path.read_text("utf-8")
        if any(other in text for other in others):
            begin.add(name_of(path.relative_to(root)))
    return begin


def touched(root: Path, changed: Iterable[str]) -> list[str]:
    """The files of tests that changed files (paths from the root) touch, the nearest first."""
    found = users(root)
    near = set(beginnings(root, changed))
    distance = dict.fromkeys(near, 0)
    for step in range(1, len(found) + 1):
        near = {user for one in near for user in found[one]} - distance.keys()
        if not near:
            break
        distance.update(dict.fromkeys(near, step))
    tests = [n for n in distance if n.startswith("tests.") and n.rpartition(".")[2].startswith("test_")]
    paths = [f"{n.replace('.', '/')}.py" for n in sorted(tests, key=lambda n: (distance[n], n))]
    return [p for p in paths if (root / p).exists() and not p.startswith("tests/soak/")]


def changes(root: Path) -> list[str]:
    """The files that differ from the branch ``main``; where there is none, from what was committed last."""
    for main in ("main", "origin/main"):
        if since := _git(root, "merge-base", main, "HEAD"):
            break
    else:
        since = ["HEAD"]
    known = _git(root, "diff", "--name-only", "--no-renames", since[0])
    return sorted({*known, *_git(root, "ls-files", "--others", "--exclude-standard")})


def _git(root: Path, *words: str) -> list[str]:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


_ENDS = "TERRIER_QUICK_ENDS"


def pytest_runtest_setup() -> None:
    """Lets a test go when the time is over. The moment stands in the environment, which the workers inherit."""
    if time.time() > float(os.environ.get(_ENDS, "inf")):
        gc.freeze()  # files of window tests end with a collection, also where all of a file is let go
        pytest.skip("no time left: make test runs it")


def main() -> int:
    """Runs the tests; its exit status is pytest's."""
    tests = touched(ROOT, changes(ROOT))
    if not tests:
        print("Nothing has changed that a test touches.")
        return 0
    if len(tests) > MOST:
        print(f"The change touches {len(tests)} files of tests; these are the nearest {MOST}.")
    os.environ[_ENDS] = str(time.time() + SECONDS)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-n", "2", "-p", "tests.change_tests", *tests[:MOST]]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
