"""Rules of every command: the order of options, exit statuses, a one-line message for errors."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from app.cli import program
from app.cli.context import CommandContext
from app.cli.registry import COMMANDS
from cmdb.register.edits import create
from tests.app.cli.conftest import Done

ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., Done]


@pytest.mark.parametrize(
    "words", [("--db", "{}", "--json", "list"), ("list", "--json", "--db", "{}"), ("list", "--db={}", "--json")]
)
def test_db_and_json_stand_before_or_after_the_command(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("TERRIER_DB")
    done = terrier(*(w.format(estate) for w in words))
    assert done.status == 0
    assert len(done.json) == 8
    assert done.err == ""


def test_without_db_the_environment_then_the_users_own_estate(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(terrier("list", "--json").json) == 8
    monkeypatch.delenv("TERRIER_DB")
    done = terrier("list")
    assert done.status == 2
    assert "There is no estate yet" in done.err
    assert not (Path(os.environ["XDG_DATA_HOME"]) / "terrier").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bogus"], "no command “bogus”"),
        (["checkout"], "Did you mean “hand-over”?"),
        (["list", "--limit", "x"], "not a whole number"),
        (["list", "--limit", "-1"], "must not be negative"),
        (["list", "nonsense"], "no class “nonsense”"),
        (["list", "--where", "memory >"], "filter"),
        (["list", "--where", "flavour = sweet"], "flavour"),
        (["list", "--sort", "flavour"], "flavour"),
        (["list", "--as-of", "yesterdayish"], "yesterdayish"),
        (["show", "nobody"], "no record “nobody”"),
        (["show", "twin"], "means 2 records"),
        (["show"], "required"),
        (["set", "A-1", "memory"], "ATTRIBUTE=VALUE"),
        (["set", "A-1", "memory=much"], "number"),
        (["set", "A-1", "flavour=sweet"], "no attribute “flavour”"),
        (["set", "A-1", "location=Atlantis"], "Atlantis"),
        (["set", "A-1", "location=Shop"], "Shop"),
        (["link", "Shop", "frobs", "A-1"], "no relationship type “frobs”"),
        (["link", "Shop", "depends on", "nobody"], "nobody"),
        (["delete", "nobody"], "nobody"),
        (["impact", "nobody"], "nobody"),
        (["undo", "99"], "99"),
        (["--db", "/nonexistent/x.terrier", "list"], "no estate"),
        (["new", "/nonexistent/x.terrier"], "does not exist"),
        (["export", "--out", "/nonexistent/x.xlsx"], "does not exist"),
        (["--frob"], "--frob"),
        ([], "no display"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_is_one_line_and_status_2(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    before = estate.read_bytes()
    done = terrier(*words)
    assert done.status == 2, done
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert said in done.err
    assert estate.read_bytes() == before


def test_files_that_are_no_estate_are_named_and_left_alone(terrier: Run, tmp_path: Path) -> None:
    import sqlite3

    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        done = terrier("--db", path, "list")
        assert done.status == 2
        assert "not a Terrier estate" in done.err
        assert path.read_bytes() == before
        assert sorted(p.name for p in tmp_path.iterdir()) == ["notes.txt", "other.db"]


def test_a_fault_of_ours_is_one_line_with_its_trace_in_a_file(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.commands.list_.run", lambda context: 1 // 0)
    done = terrier("list")
    assert done.status == 3
    assert len(done.err.splitlines()) == 1
    saved = Path(done.err.rsplit(": ", 1)[1].strip())
    assert "ZeroDivisionError" in saved.read_text()


def test_ctrl_c_leaves_nothing_behind(terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.sample.load", interrupted)
    done = terrier("new", tmp_path / "x.terrier", "--sample")
    assert done.status == 130
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_seen_enough_is_no_error(estate: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} main.py list --json | head -c 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "["
    assert done.stderr == ""


@pytest.mark.parametrize("words", ["list --json", "list --help", "--help", "--version", "--version --json"])
def test_a_closed_output_is_no_error(estate: Path, words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "main.py", *words.split()]
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_has_help_and_takes_the_common_options(capsys: pytest.CaptureFixture[str]) -> None:
    overview = program.overview()
    for command in COMMANDS.values():
        assert f"  {command.name} " in overview
        parser = program.parser_for(command)
        with pytest.raises(SystemExit) as ended:
            parser.parse_args(["--help"])
        assert ended.value.code == 0
        assert "--db" in capsys.readouterr().out


def test_help_starts_without_the_heavy_libraries() -> None:
    code = "import sys, json, main; main.main(['--help']); print(json.dumps([m.split('.')[0] for m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & {"PySide6", "sqlalchemy", "numpy", "openpyxl", "networkx", "psutil", "platformdirs"}


def test_a_commands_help_starts_without_modules_that_it_does_not_use() -> None:
    code = (
        "import atexit, sys, json, main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules))))\n"
        "main.main(['list', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app.cli.commands.list_" in loaded
    libraries = "babel csv decimal difflib email importlib.metadata socket sqlalchemy sqlite3 tomllib zipfile"
    assert not loaded & {
        *libraries.split(),
        "app.other_names",
        "app.unfinished_files",
        "cmdb.model.journal",
        "platformdirs",
    }


def test_the_help_of_import_starts_without_what_only_an_import_does() -> None:
    code = (
        "import atexit, sys, json, main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules))))\n"
        "main.main(['import', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app.cli.commands.import_" in loaded
    assert not loaded & {"cmdb.reconciliation", "cmdb.store.store", "sqlalchemy", "openpyxl", "rapidfuzz"}


def test_interrupting_the_process_gives_status_130(tmp_path: Path) -> None:
    code = (
        "import sys, time, main, app.cli.commands.check as c\n"
        "def run(context):\n    print('ready', flush=True)\n    time.sleep(20)\n"
        "c.run = run\nsys.exit(main.main(['check']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err == "Cancelled.\n"


def test_missing_libraries_of_the_window_are_one_clear_line(terrier: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    done = terrier()
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert "make setup" in done.err
    monkeypatch.setattr(main, "INSTALLED", True)
    done = terrier()
    assert "pipx reinstall terrier" in done.err
    assert "make" not in done.err


def test_what_is_written_is_not_called_cancelled(estate: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    context = CommandContext("set", argparse.Namespace(db=str(estate), json=False))
    store = context.store()
    assert signal.getsignal(signal.SIGINT) is before
    store.apply(create(store.schema, "site", {"name": "Kiel"}, "tester"))
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # Ctrl-C comes too late
    context.close()
    assert signal.getsignal(signal.SIGINT) is before


def test_the_help_of_db_names_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.parser_for(COMMANDS["list"]).parse_args(["--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("TERRIER_DB", "PGPASSWORD", ".pgpass"))


def test_a_file_alone_opens_the_window_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(main, "_without_command", lambda rest: asked.append(list(rest)) or 0)
    assert main.main(["/home/ada/Our estate.terrier"]) == 0
    assert asked == [["--db", "/home/ada/Our estate.terrier"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("eula", "Terrier keeps what a licence entitles to, not its text"),
        ("CAB", "Terrier has no approvals"),
        ("hold LT-1", "Terrier has no holds"),
        ("change request", "Terrier has no approvals"),
        ("check in LT-1", "Did you mean “take-back”?"),
        ("hand over LT-1", "Did you mean “hand-over”?"),
        ("list lapto", "There is no class “lapto”. Did you mean Laptop?"),
        ("import {sheet} --class lapdog", "Did you mean Laptop?"),
        ("import {broken}", "broken.json is not valid JSON (line 1, column 2)"),
        ("import {sheet}", "Name the class (--class on the command line)"),
        ("restore nope", "There is no backup nope. Name a file that was made with: backup"),
    ],
)
def test_errors_name_what_is_meant_and_typed(terrier: Run, estate: Path, tmp_path: Path, words: str, said: str) -> None:
    sheet, broken = tmp_path / "sheet.csv", tmp_path / "broken.json"
    sheet.write_text("Colour,Taste\nred,sweet\n")
    broken.write_text("{broken")
    done = terrier(*words.format(sheet=sheet, broken=broken).split())
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert "new nope" not in done.err


def test_an_import_lists_the_choices_of_a_status(terrier: Run, estate: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "laptops.csv"
    sheet.write_text("Asset tag,Name,Status\nA-9,nb-9,Foo\n")
    done = terrier("import", sheet, "--class", "laptop")
    assert "Status cannot be “Foo”. It is one of:" in done.out
    assert "In stock" in done.out


def test_tables_are_cut_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.cli.output import table

    advice = "Give these values in the same change. " * 5
    rows = [("x" * 90, advice.strip())]
    whole = list(table(("Name", "Advice"), rows))
    assert whole[1] == f"{'x' * 90}  {advice.strip()}"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    cut = list(table(("Name", "Advice"), rows))
    assert len(cut) == 2
    assert all(len(line) <= 80 for line in cut)
    assert cut[1].endswith("…")
    wrapped = list(table(("Name", "Advice"), rows, wrapped=True))
    assert all(len(line) <= 80 for line in wrapped)
    assert " ".join(line[len(line) - len(line.lstrip()) :] for line in wrapped[1:]).count("Give these values") == 5


def test_what_is_short_comes_first(terrier: Run, sample_copy: Path) -> None:
    first = terrier("licences", "--db", sample_copy).out.splitlines()[0]
    assert first.partition(": ")[2].split()[1] == "short,"
