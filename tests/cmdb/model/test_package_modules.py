from __future__ import annotations

import pkgutil
import zipfile
from pathlib import Path

import app.cli.commands
import importers
import importers.discovery.linux
from cmdb.model.package_modules import module_names


def test_the_modules_are_those_that_python_finds() -> None:
    for package in (app.cli.commands, importers, importers.discovery.linux):
        assert module_names(package.__path__) == sorted(one.name for one in pkgutil.iter_modules(package.__path__))


def test_modules_of_a_package_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "agent.pyz", "w") as archive:
        for name in ("__init__.py", "one.py", "two/__init__.py", "notes.txt"):
            archive.writestr(f"parts/{name}", "")
    assert module_names([str(tmp_path / "agent.pyz" / "parts")]) == ["one", "two"]
    assert module_names([str(tmp_path / "missing")]) == []
