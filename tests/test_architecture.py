"""The rules about who may import whom, and that they bite: each is shown a deliberate violation."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import nodes

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cmdb", "importers", "app", "ui")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def copy(folder: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def test_the_rules_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


PLANTED = (
    ("cmdb/planted.py", "from app import jobs\n", "Imports go downward"),
    ("importers/planted.py", "def late() -> None:\n    import app.settings\n", "Imports go downward"),
    ("app/planted.py", "from PySide6.QtCore import QObject\n", "Only the window knows Qt"),
    ("app/cli/planted.py", "from sqlalchemy import select\n", "SQL is spoken in the store"),
    ("importers/planted.py", "from cmdb.store import Store\n", "Importers know nothing of the store"),
    ("importers/spreadsheets/files/planted.py", "import importers.spreadsheets.sheets\n", "Inside spreadsheets"),
    ("cmdb/graph/results.py", "def late() -> None:\n    import numpy\n", "What the graph answers with"),
    ("app/planted.py", "import urllib.request\n", "Nothing asks the network"),
    ("cmdb/store/planted.py", "def late() -> None:\n    import socket\n", "Nothing asks the network"),
    ("importers/discovery/planted.py", "import numpy\n", "Discovery and inventories start fast"),
    ("importers/discovery/linux/planted.py", "import importers.aside\n", "Discovery and inventories start fast"),
    ("ui/widgets/planted.py", "import ui.pages\n", "Inside ui"),
    ("ui/graph/planted.py", "from ui.widgets.cells import shown\n", "Inside ui"),
    ("ui/pages/map/planted.py", "def late() -> None:\n    import ui.shell.window\n", "Inside ui"),
    ("ui/planted.py", "", "Inside ui"),
    ("ui/pages/map/planted.py", "import ui.pages.assets.page\n", "Pages know nothing of each other"),
    ("ui/widgets/planted.py", "from cmdb.store.reading.reader import Reader\n", "The window asks app"),
    ("ui/shell/planted.py", "from cmdb.register import edits\n", "The window asks app"),
)
"""File, what is written there, and the beginning of the name of the contract that it breaks."""


def batches() -> list[list[tuple[str, str, str]]]:
    """The violations in as few programs as possible: none breaks the contract, or has the file, of another one."""
    found: list[list[tuple[str, str, str]]] = []
    for one in PLANTED:
        fitting = (some for some in found if all(one[0] != file and one[2] != broken for file, _, broken in some))
        if (batch := next(fitting, None)) is None:
            found.append(batch := [])
        batch.append(one)
    return found


def told_of(contract: str, output: str) -> str:
    """What is told of a broken contract."""
    _, *told = re.split(r"^(.+)\n-{5,}\n", output.partition("Broken contracts")[2], flags=re.MULTILINE)
    return next((body for name, body in zip(told[::2], told[1::2], strict=True) if name.startswith(contract)), "")


@pytest.mark.parametrize("batch", batches(), ids=lambda batch: " ".join(file for file, _, _ in batch))
def test_deliberate_violations_are_caught(tmp_path: Path, batch: list[tuple[str, str, str]]) -> None:
    copy(tmp_path)
    (tmp_path / "importers" / "aside.py").write_text("import openpyxl\n")
    for file, code, _ in batch:
        (tmp_path / file).write_text(code)
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    for file, _, contract in batch:
        module = file.removesuffix(".py").replace("/", ".")
        assert module in told_of(contract, done.stdout), (contract, done.stdout)


def touched(program: str) -> set[str]:
    """What a module of the window does with a store or with a reader that it should only hand on."""
    names = {"reader"}
    for node in nodes(program):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("query", "edit"):
            asked: list[ast.Lambda | ast.FunctionDef] = [one for one in node.args[:1] if isinstance(one, ast.Lambda)]
            named = {one.id for one in node.args[:1] if isinstance(one, ast.Name)}
            asked += [one for one in nodes(program) if isinstance(one, ast.FunctionDef) and one.name in named]
            names.update(argument.arg for one in asked for argument in one.args.args)
    found = [node for node in nodes(program) if isinstance(node, ast.Attribute)]
    readers = {f"{n.value.id}.{n.attr}" for n in found if isinstance(n.value, ast.Name) and n.value.id in names}
    return readers | {f".{n.attr}" for n in found if n.attr == "store"}


def test_the_window_hands_a_reader_on_and_never_touches_it() -> None:
    modules = [p for p in (ROOT / "ui").rglob("*.py") if p.parent.name != "tour"]  # it compares window and engines
    asking = {str(p.relative_to(ROOT)) for p in modules if touched(p.read_text("utf-8"))}
    assert not asking


@pytest.mark.parametrize(
    "code",
    [
        "with context.workspace.store.read() as view: ask(view)",
        "def ask(reader): return reader.count()",
        "context.query(lambda r: r.counts(), done)",
        "context.edit(lambda view: make(view.schema), said)",
        "def counts(view): return view.count()\ncontext.query(counts, done)",
    ],
)
def test_touching_a_reader_is_caught(code: str) -> None:
    assert touched(code)
    assert not touched("context.query(lambda reader: counts(reader, cls), done)")


HEAVY = {"PySide6", "shiboken6", "sqlalchemy", "numpy", "scipy", "networkx", "rustworkx", "openpyxl", "xlsxwriter"}


def test_discovery_and_inventories_load_nothing_heavy() -> None:
    program = """
import importlib, json, pkgutil, sys
import importers
for found in pkgutil.walk_packages(importers.__path__, "importers."):
    if found.name.split(".")[1] in ("discovery", "inventory", "captures"):
        importlib.import_module(found.name)
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "importers.discovery" in loaded
    assert "importers.inventory" in loaded
    assert not loaded & HEAVY


# -- modules that are loaded by name ----------------------------------------------------------------------------------


def by_name(program: str) -> set[str]:
    """Modules of our rooms or of the window's library that are loaded by a name in a text, past the contracts.

    Registries load what stands in their own folder: their texts begin with their own name, which is no constant.
    """
    found = set()
    for node in nodes(program):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
            first = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value.rstrip("."))
    return found


def test_nothing_is_loaded_by_name_past_the_contracts() -> None:
    loaded = {
        (str(path.relative_to(ROOT)), name)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in by_name(path.read_text("utf-8"))
    }
    assert loaded == {
        ("importers/discovery/registry.py", "importers.discovery"),  # the folder of a platform
        ("cmdb/store/connection/ciphers.py", "sqlcipher3.dbapi2"),  # installed for encrypted estates only
    }


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('app.settings')",
        "from importlib import import_module\nimport_module(f'ui.pages.{name}')",
        "__import__('PySide6.QtCore')",
    ],
)
def test_loading_by_name_is_caught(code: str) -> None:
    assert by_name(code)
    assert not by_name("importlib.import_module(f'{__name__}.{module.name}')")


# -- circles ----------------------------------------------------------------------------------------------------------


def imports_of(folder: Path) -> dict[str, set[str]]:
    """Module → modules that it imports: when it is loaded, late, and for types only."""
    files = {}
    for package in PACKAGES:
        for path in (folder / package).rglob("*.py"):
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            files[name.removesuffix(".__init__")] = path
    found: dict[str, set[str]] = {}
    for module, path in files.items():
        named: set[str] = set()
        for node in nodes(path.read_text("utf-8")):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                of = [f"{node.module}.{alias.name}" for alias in node.names]
                named.update(one if one in files else node.module for one in of)
        found[module] = (named & files.keys()) - {module}
    return found


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Modules that lead back to themselves. Packages that only hold their modules are left out of account."""
    left = {module: set(named) for module, named in graph.items()}
    while free := {module for module, named in left.items() if not named & left.keys()}:
        left = {module: named for module, named in left.items() if module not in free}
    rings: list[set[str]] = []
    for module in left:
        seen, waiting = set(), [module]
        while waiting:
            for one in left.get(waiting.pop(), set()) & left.keys():
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        if module in seen:
            rings.append(seen)
    return rings


def test_there_is_no_import_circle_not_even_a_late_one_or_one_for_types() -> None:
    assert circles(imports_of(ROOT)) == []


@pytest.mark.parametrize(
    "code",
    [
        "from cmdb.planted import two\n",
        "def late() -> None:\n    import cmdb.planted.two\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from cmdb.planted.two import b\n",
    ],
)
def test_a_circle_is_caught(tmp_path: Path, code: str) -> None:
    planted = tmp_path / "cmdb" / "planted"
    planted.mkdir(parents=True)
    (planted / "one.py").write_text(code)
    (planted / "two.py").write_text("from cmdb.planted import one\n")
    assert circles(imports_of(tmp_path))
    (planted / "one.py").write_text("")
    assert circles(imports_of(tmp_path)) == []
