"""The version on the command line."""

from __future__ import annotations

import json
import platform
import re
import sqlite3
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import main
from app.version import PROGRAM, VERSION, version_lines, versions
from cmdb.store.rows.tables import FORMAT

ROOT = Path(__file__).resolve().parents[2]


def test_the_program_the_format_python_qt_and_the_databases() -> None:
    import PySide6

    assert versions() == {
        "terrier": VERSION,
        "format": str(FORMAT),
        "python": platform.python_version(),
        "qt": PySide6.__version__,
        "sqlite": sqlite3.sqlite_version,
        "sqlcipher3": metadata.version("sqlcipher3"),
        "psycopg": metadata.version("psycopg"),
    }
    assert all(version in line for version, line in zip(versions().values(), version_lines(), strict=True))


def test_the_command_line_says_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--version"]) == 0
    assert capsys.readouterr().out.splitlines() == version_lines()
    assert main.main(["--version", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == versions()


def test_nothing_heavy_is_loaded_for_it() -> None:
    code = "import sys, main; main.main(['--version']); print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"PySide6", "sqlalchemy", "psycopg", "numpy", "platformdirs"}


def test_what_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert set(versions()) == {"terrier", "format", "python", "sqlite"}
    assert len(version_lines()) == 4


def test_the_version_is_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "app/version.py"
    written = re.compile(rf"""["']{re.escape(VERSION)}["']""")
    files = [ROOT / "main.py", *(f for room in ("cmdb", "importers", "app", "ui") for f in (ROOT / room).rglob("*.py"))]
    assert [f.name for f in files if written.search(f.read_text("utf-8"))] == ["version.py"]


def test_a_clone_is_called_by_its_file_and_no_text_calls_it_so_always() -> None:
    assert PROGRAM == "main.py"
    files = (file for room in ("cmdb", "importers", "app", "ui") for file in (ROOT / room).rglob("*.py"))
    naming = {file.relative_to(ROOT).as_posix() for file in files if "main.py" in file.read_text("utf-8")}
    assert naming <= {"app/version.py", "app/translations.py"}
