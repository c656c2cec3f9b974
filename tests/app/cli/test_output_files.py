"""What a command writes is written whole or not at all, and a place that takes nothing is one clear line."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import main
from app.cli.context import DONE, UNUSABLE, WITH_REMARKS
from tests.app.cli.conftest import Done
from tests.app.test_unfinished_files import ROOT

Terrier = Callable[..., Done]

WRITING = (
    ("export", "--out", "{out}.csv"), ("export", "--out", "{out}.xlsx"), ("export", "--out", "{out}.ods"),
    ("export", "--out", "{out}.json"), ("export", "--out", "{out}.tsv"), ("licences", "--out", "{out}.xlsx"),
    ("licences", "--out", "{out}.html"), ("report", "software_installed", "--out", "{out}.html"),
    ("report", "software_installed", "--out", "{out}.xlsx"), ("template", "Laptop", "--out", "{out}.xlsx"),
    ("template", "Laptop", "--out", "{out}.ods"), ("scan", "--out", "{out}.json"), ("backup", "{out}.terrier"),
    ("import", "{sheet}", "--dry-run", "--strict", "--rejects", "{out}.csv"), ("new", "{out}.terrier"),
    ("move", "{out}.terrier"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sample(sample_file: Path) -> Path:
    return sample_file


def words(command: tuple[str, ...], folder: Path, out: Path) -> list[str]:
    sheet = folder / "rejected.csv"
    sheet.write_text("Asset tag,Class,Memory\n" + "".join(f"T-{n},Server,none{n}\n" for n in range(3_000)))
    return [word.format(out=out, sheet=sheet) for word in command]


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Lets files grow no further than so many bytes, as a full disk would.

    Python would leave modules that it compiles then cut short, and whoever reads them next fails.
    """
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
@pytest.mark.parametrize("room", [pytest.param(0, marks=pytest.mark.soak), 1_000])
def test_a_full_disk(
    terrier: Terrier, sample_copy: Path, tmp_path: Path, little_room: Callable[[int], None], command: tuple[str, ...],
    room: int, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TERRIER_DB", str(sample_copy))
    folder = tmp_path / "full"
    folder.mkdir()
    given = words(command, tmp_path, folder / "out")
    there = folder / Path(next(word for word in given if word.startswith(str(folder)))).name
    if command[0] not in ("new", "move"):
        there.write_text("what was here")
    sample_copy.chmod(0o400)
    before = sorted(tmp_path.rglob("*"))
    # A file that is written to needs side files, which have no room either.
    with monkeypatch.context() as patch:
        patch.setattr("cmdb.store.connection.engine.may_write", lambda path: False)
        little_room(room)
        done = terrier(*given)
    assert done.status == UNUSABLE, done
    assert len(done.err.splitlines()) == 1, done.err
    assert "Traceback" not in done.err
    assert sorted(tmp_path.rglob("*")) == before
    if command[0] not in ("new", "move"):
        assert there.read_text() == "what was here"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_what_is_no_file_is_not_replaced(
    terrier: Terrier, estate: Path, tmp_path: Path, command: tuple[str, ...], kind: str
) -> None:
    given = words(command, tmp_path, tmp_path / "out")
    there = next(Path(word) for word in given if word.startswith(str(tmp_path / "out")))
    if kind == "pipe":
        os.mkfifo(there)
    elif kind == "folder":
        there.mkdir()
    else:
        there.symlink_to("/dev/null")
    mode = there.lstat().st_mode
    done = terrier(*given)
    assert done.status == UNUSABLE, done
    assert len(done.err.splitlines()) == 1, done.err
    assert there.lstat().st_mode == mode


def ran(
    *words: object, stdout: str = os.devnull, stderr: int | None = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    with open(stdout, "w") as out:
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, words)], stdout=out, stderr=stderr, text=True, check=False
        )


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no such device")
def test_stdout_that_takes_nothing(estate: Path) -> None:
    for words in (["list", "--json"], ["list"], ["check"], ["--help"], ["--version"], ["export", "--help"]):
        done = ran(*words, stdout="/dev/full")
        assert (done.returncode, done.stderr) == (
            UNUSABLE, "The output cannot be written: No space left on device.\n"
        ), words  # fmt: skip
    done = ran("set", "srv-01", "memory=1", "--json", stdout="/dev/full")
    assert done.returncode == WITH_REMARKS
    assert done.stderr == "It is done. The output cannot be written: No space left on device.\n"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no such device")
def test_stderr_that_takes_nothing_changes_no_status(estate: Path) -> None:
    with open("/dev/full", "w") as full:
        assert ran("list", "nothing", stderr=full.fileno()).returncode == UNUSABLE
        assert ran("set", "srv-01", "memory=2", stderr=full.fileno()).returncode == DONE


def test_what_a_killed_export_left_goes_at_the_next_start(
    estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = "import os, main, importers.tables.text as t\nt.merge = lambda tables: os.kill(os.getpid(), 9)\nmain.main("
    out = tmp_path / "out.csv"
    subprocess.run([sys.executable, "-c", f"{killed}['export', '--out', {str(out)!r}])"], cwd=ROOT, check=False)
    assert len(list(tmp_path.glob(".out.csv.*.part"))) == 1
    assert main.main(["list"]) == DONE
    assert not list(tmp_path.glob(".*"))
    assert not out.exists()


def test_a_text_file_of_the_estate_says_what_its_rows_are_also_of_one_class(
    terrier: Terrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "one.terrier"))
    terrier("new", tmp_path / "one.terrier")
    terrier("create", "laptop", "name=nb-1")
    terrier("export", "--out", tmp_path / "all.csv")
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "other.terrier"))
    assert terrier("import", tmp_path / "all.csv", "--json").json["created"] == 1
    assert [one["class"] for one in terrier("list", "laptop", "--json").json] == ["Laptop"]
