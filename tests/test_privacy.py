"""What the program writes is its user's alone, unless the person shares it on purpose. Tried as a person runs it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.store.connection import atomic_file
from cmdb.store.upkeep.backups import BackupReason, back_up, folder_of
from cmdb.store.upkeep.copies import copy
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes: a file has its folder's access list")


_LOADED = """
import json, os, sys
import main
import app.cli.program, cmdb.store.upkeep.startup, importers.registry
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = ["main.py", *json.loads(line)]
        sys.exit(main.main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A program that has loaded ours, which takes most of a command's time: each command is a process that it forks."""


@pytest.fixture
def terrier(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Runs the program as a process of its own, in the test's folder, with a umask that lets everybody in."""
    homes = {"TERRIER_CONFIG": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}
    with subprocess.Popen(
        [sys.executable, "-c", _LOADED], cwd=tmp_path, env={**os.environ, **homes, "PYTHONPATH": str(ROOT)}, umask=0,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None

        def run(*words: object) -> None:
            process.stdin.write(json.dumps([*map(str, words)]) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "0\n", words

        yield run


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def made(folder: Path) -> dict[str, int]:
    """The modes of all that is in a folder."""
    return {str(path.relative_to(folder)): mode(path) for path in folder.rglob("*")}


def test_all_that_is_written_is_the_user_s_alone(terrier: Callable[..., None], tmp_path: Path) -> None:
    table = tmp_path / "laptops.csv"
    table.write_text("Asset tag,Name\nT-1,pc-1\n", "utf-8")
    table.chmod(0o600)
    terrier("import", table, "--class", "laptop")  # the estate in the data folder
    terrier("backup", "copy.terrier")
    terrier("move", "moved.terrier")
    terrier("new", "new.terrier")
    terrier("--db", "new.terrier", "restore", "copy.terrier")
    for name in ("laptops.xlsx", "laptops.ods", "laptops.tsv", "laptops.json"):
        terrier("export", "laptop", "--out", name)
    terrier("template", "laptop", "--out", "template.xlsx")
    terrier("licences", "--out", "licences.xlsx")
    terrier("report", "asset_register", "--out", "report.html")
    found = made(tmp_path)
    assert len(found) > 14
    for name, its in found.items():
        assert its == (0o700 if (tmp_path / name).is_dir() else 0o600), name


def test_a_file_that_is_there_keeps_its_mode(terrier: Callable[..., None], tmp_path: Path) -> None:
    terrier("new", "new.terrier")
    names = ("copy.terrier", "list.csv", "list.xlsx")
    for name in names:
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o664)
    (tmp_path / "new.terrier").chmod(0o664)
    (tmp_path / "sites.csv").write_text("Name\nRotterdam\n")
    terrier("--db", "new.terrier", "import", "sites.csv", "--class", "site")
    terrier("--db", "new.terrier", "backup", names[0])
    for name in names[1:]:
        terrier("--db", "new.terrier", "export", "site", "--out", name)
    terrier("--db", "new.terrier", "restore", names[0])
    for name in ("new.terrier", "new.terrier.before-restore", *names):
        assert mode(tmp_path / name) == 0o664, name


def test_a_folder_that_is_shared_on_purpose_shares_new_estates(tmp_path: Path) -> None:
    for bits, its in ((0o2770, 0o660), (0o2750, 0o640), (0o770, 0o600), (0o777, 0o600)):
        folder = tmp_path / oct(bits)
        folder.mkdir()
        folder.chmod(bits)
        where = folder / "shared.terrier"
        store = create_estate(where)
        assert mode(where) == its
        Hand(store).make("site", "Rotterdam")
        assert {mode(path) for path in folder.glob("shared.terrier*")} == {its}, "its log too"
        store.close()
        backup = back_up(where, BackupReason.DAILY)
        assert backup is not None
        assert mode(backup) == its
        assert mode(folder_of(where)) & 0o777 == {0o660: 0o770, 0o640: 0o750, 0o600: 0o700}[its]


@pytest.mark.skipif(shutil.which("setfacl") is None, reason="setfacl is not installed")
def test_a_default_access_list_is_heeded(tmp_path: Path) -> None:
    if subprocess.run(["setfacl", "-d", "-m", "u:1:rw", str(tmp_path)], check=False).returncode:
        pytest.skip("this disk has no access lists")
    store = create_estate(tmp_path / "shared.terrier")
    store.close()
    said = subprocess.run(
        ["getfacl", "-cn", str(tmp_path / "shared.terrier")], capture_output=True, text=True, check=True
    )
    assert "user:1:rw-\n" in said.stdout


def test_nobody_else_can_read_it_at_any_moment(tmp_path: Path) -> None:
    """Not even while it is being written, whatever the umask."""
    store = create_estate(tmp_path / "x.terrier")
    store.close()
    seen: set[int] = set()
    before = os.umask(0)
    try:
        control = Control(lambda *_: seen.update(mode(path) for path in tmp_path.glob(".*.part*")))
        copy(tmp_path / "x.terrier", tmp_path / "y.terrier", control)
        with atomic_file.part(tmp_path / "z.terrier") as part:
            seen.add(mode(part))
    finally:
        os.umask(before)
    assert seen == {0o600}
    assert mode(tmp_path / "y.terrier") == 0o600


def test_a_disk_without_modes_takes_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    create_estate(tmp_path / "x.terrier").close()
    tmp_path.chmod(0o2770)
    for name in ("chmod", "chown", "setxattr", "getxattr"):
        monkeypatch.setattr(os, name, refused)
    copy(tmp_path / "x.terrier", tmp_path / "y.terrier", Control())
    copy(tmp_path / "x.terrier", tmp_path / "y.terrier", Control(), replace=True)
    assert (tmp_path / "y.terrier").stat().st_size


def test_a_fault_of_a_thread_prints_no_value(tmp_path: Path) -> None:
    code = (
        "import sys, threading, main\n"
        "main.keep_private()\n"
        "def work(): raise ValueError('An' + 'na')\n"  # newer Pythons show the lines of such a program
        "one = threading.Thread(target=work); one.start(); one.join()\n"
        "class A:\n"
        "    def __del__(self): raise ValueError('An' + 'na')\n"
        "A()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "TERRIER_CONFIG": str(tmp_path / "config")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr.count("Terrier made a mistake (ValueError)") == 2
    assert "Anna" not in done.stderr + "".join(path.read_text() for path in tmp_path.rglob("*.txt"))
