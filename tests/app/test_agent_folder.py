"""The folder for the stick, and the agent in it: one file for Python 3.9, which needs only its standard library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import agent_folder
from app.agent_folder import AGENT, modules, packed, write_agent_folder
from app.imports.dropped_files import files_of
from importers.inventory import read
from tests.app.python_3_9 import violations


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("stick") / "Terrier scan"
    write_agent_folder(found)
    return found


# -- what goes in -----------------------------------------------------------------------------------------------------


def test_its_modules_are_those_that_it_needs() -> None:
    names = set(modules())
    assert {"importers.discovery.agent", "importers.discovery.linux.deb", "cmdb.model.clock", "cmdb"} <= names
    assert not any(name.startswith(("cmdb.store", "app", "ui", "importers.spreadsheets")) for name in names)


def test_they_import_nothing_but_the_standard_library() -> None:
    optional = {"babel", "psutil"}  # imported late, where they are
    ours = {"cmdb", "importers"}
    for name, path in modules().items():
        tops = {one.partition(".")[0] for one in agent_folder.imported(path)}
        assert tops <= set(sys.stdlib_module_names) | ours | optional | {"None"}, name


def test_an_import_for_types_and_one_that_a_package_puts_off_are_left_out(tmp_path: Path) -> None:
    package = tmp_path / "__init__.py"
    types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n"
    package.write_text(f"{types}def f():\n    import b\nimport c\n")
    assert set(agent_folder.imported(package)) == {"typing.TYPE_CHECKING", "typing", "c"}
    module = package.rename(tmp_path / "module.py")
    assert "b" in set(agent_folder.imported(module))


def test_python_3_9_takes_all_of_them() -> None:
    assert {name: bad for name, path in modules().items() if (bad := violations(path.read_text("utf-8")))} == {}


LATER = [
    "match a:\n    case 1: pass",
    "import tomllib",
    "from datetime import UTC",
    "import datetime\nat = datetime.UTC",
    "from typing import ParamSpec",
    "found = isinstance(a, int | str)",
    "Some = list[int] | None",
    "pairs = zip(a, b, strict=True)",
    "from __future__ import annotations\n@dataclass(slots=True)\nclass A:\n    a: int",
    "bits = (5).bit_count()",
    "try:\n    pass\nexcept* OSError:\n    pass",
    "raise ExceptionGroup('', [])",
    "def f(a: int) -> None: ...",
]


@pytest.mark.parametrize("program", LATER)
def test_what_came_later_is_found(program: str) -> None:
    assert violations(program)


def test_what_python_3_9_has_is_let_alone() -> None:
    program = (
        "from __future__ import annotations\nimport os\nFLAGS = os.O_RDONLY | os.O_CLOEXEC\nBITS = 1 | 2\n"
        "def f(a: int | None) -> dict[str, str] | None:\n    return {} | {'a': 'b'}\n"
    )
    assert violations(program) == []


def test_a_stick_whose_file_system_knows_no_modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    assert {one.name for one in write_agent_folder(tmp_path / "stick")} == {
        one.name for one in (tmp_path / "stick").iterdir()
    }


def test_everybody_may_read_the_folder_whoever_made_it(tmp_path: Path) -> None:
    before = os.umask(0o077)  # as the program's own files have it
    try:
        write_agent_folder(tmp_path / "made")
        (tmp_path / "theirs").mkdir(0o700)
        write_agent_folder(tmp_path / "theirs")
    finally:
        os.umask(before)
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o700


def test_a_folder_is_taken_in_without_them(tmp_path: Path) -> None:
    write_agent_folder(tmp_path)
    (tmp_path / "a.json").touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "README.txt").touch()  # somebody else's
    assert [one.relative_to(tmp_path).as_posix() for one in files_of([tmp_path])] == ["a.json", "more/README.txt"]


# -- as it is packed --------------------------------------------------------------------------------------------------


def test_the_same_modules_make_the_same_bytes(folder: Path) -> None:
    content = (folder / AGENT).read_bytes()
    assert content == packed()
    assert content.startswith(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(folder / AGENT) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_it_runs_alone_and_writes_one_inventory_beside_itself(folder: Path) -> None:
    """Without the environment's packages (-I, -S): the computer where it runs has none."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / AGENT)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.json")
    assert made.stat().st_mode & 0o077 == 0  # its owner's alone
    assert f"Wrote {made}." in done.stdout
    assert "Collected: " in done.stdout
    assert json.loads(made.read_text("utf-8"))["content"]["terrier"]["collectors"]
    assert read(made).observations[0].values["name"]
