"""The rules about who may import whom, and that they bite: each is shown a deliberate violation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("file", "code", "contract"),
    [
        ("cmdb/planted.py", "from app import jobs\n", "Imports go downward"),
        ("importers/planted.py", "def late() -> None:\n    import app.settings\n", "Imports go downward"),
        ("app/planted.py", "from PySide6.QtCore import QObject\n", "Only the window knows Qt"),
        ("app/cli/planted.py", "from sqlalchemy import select\n", "SQL is spoken in the store"),
        ("importers/planted.py", "from cmdb.store import Store\n", "Importers know nothing of the store"),
        ("importers/discovery/planted.py", "import numpy\n", "Discovery and inventories start fast"),
        ("importers/discovery/linux/planted.py", "import importers.planted\n", "Discovery and inventories start fast"),
    ],
)
def test_a_deliberate_violation_is_caught(tmp_path: Path, file: str, code: str, contract: str) -> None:
    copy(tmp_path)
    (tmp_path / "importers" / "planted.py").write_text("import openpyxl\n")
    (tmp_path / file).write_text(code)
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


HEAVY = {"PySide6", "shiboken6", "sqlalchemy", "numpy", "scipy", "networkx", "rustworkx", "openpyxl", "xlsxwriter"}


def test_discovery_and_inventories_load_nothing_heavy() -> None:
    program = """
import importlib, json, pkgutil, sys
import importers
for found in pkgutil.walk_packages(importers.__path__, "importers."):
    if found.name.split(".")[1] in ("discovery", "inventory"):
        importlib.import_module(found.name)
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "importers.discovery" in loaded
    assert "importers.inventory" in loaded
    assert not loaded & HEAVY


def sources() -> list[Path]:
    found = [ROOT / "main.py"]
    for folder in (*PACKAGES, "bench", "tests"):
        found.extend(p for p in (ROOT / folder).rglob("*.py"))
    return sorted(found)


def test_files_have_one_subject_each() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text("utf-8").splitlines())) > 450}
    assert not long


def test_modules_are_named_for_their_subject() -> None:
    vague = re.compile(r"utils?|helpers?|managers?|misc|common")
    parts = {part for p in sources() for part in p.relative_to(ROOT).with_suffix("").parts}
    assert not [part for part in parts if any(vague.fullmatch(word) for word in part.split("_"))]


def test_no_path_of_one_machine_and_no_address_of_a_registry() -> None:
    for path in (*sources(), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("resources/**/*.toml")):
        assert f"{ROOT}/" not in path.read_text("utf-8"), path
    named = [ROOT / "Makefile", ROOT / "constraints.txt", *ROOT.glob("requirements*.txt"), *ROOT.glob(".ci/*")]
    assert len(named) >= 6
    for path in named:
        assert "://" not in path.read_text("utf-8"), path
