"""Encrypted estates on the command line: the passphrase comes from the environment or a terminal, never an argument."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.registry import COMMANDS
from app.keys import NEW_PASSPHRASE, PASSPHRASE
from cmdb.store.connection.ciphers import is_encrypted

pytest.importorskip("sqlcipher3", reason="encrypted estates are an extra: make setup EXTRAS=encryption")

ROOT = Path(__file__).resolve().parents[3]
WORDS, OTHERS = "nine lives of a cat", "seven of them are left"
Terrier = Callable[..., Any]


@pytest.fixture
def locked(terrier: Terrier, estate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small estate, encrypted; nobody is at the terminal."""
    monkeypatch.setenv(NEW_PASSPHRASE, WORDS)
    done = terrier("encrypt")
    assert (done.status, done.err) == (0, "")
    assert "is encrypted now" in done.out
    monkeypatch.delenv(NEW_PASSPHRASE)
    return estate


def test_every_command_works_with_the_passphrase_and_none_without(
    terrier: Terrier, locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = locked.read_bytes()
    commands = [("list",), ("check",), ("backup", tmp_path / "copy.terrier"), ("set", "nb-1", "notes=x"), ("history",)]
    for words in commands:
        done = terrier(*words)
        assert done.status == 2
        assert PASSPHRASE in done.err
        assert len(done.err.splitlines()) == 1
    monkeypatch.setenv(PASSPHRASE, "something else entirely")
    for words in commands:
        done = terrier(*words)
        assert done.status == 2
        assert "does not open" in done.err
    assert locked.read_bytes() == before
    monkeypatch.setenv(PASSPHRASE, WORDS)
    for words in commands:
        assert terrier(*words).status == 0, words
    assert is_encrypted(tmp_path / "copy.terrier")


def test_a_backup_is_restored(terrier: Terrier, locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, WORDS)
    copy = tmp_path / "copy.terrier"
    assert terrier("backup", copy).status == 0
    assert terrier("delete", "nb-1").status == 0
    assert terrier("restore", copy).status == 0
    assert [one["name"] for one in terrier("list", "laptop", "--where", "asset_tag = 'A-3'", "--json").json] == ["nb-1"]
    checked = terrier("check", "--json").json
    assert checked.keys() == {"problems", "remarks", "head"}
    assert checked["problems"] == []


def test_another_passphrase_and_none(terrier: Terrier, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, WORDS)
    monkeypatch.setenv(NEW_PASSPHRASE, OTHERS)
    assert "encrypted already" in terrier("encrypt").err
    done = terrier("passphrase", "--json")
    assert done.json == {"path": str(locked), "encrypted": True, "backups": 0, "left": []}
    assert terrier("list").status == 2
    monkeypatch.setenv(PASSPHRASE, OTHERS)
    assert terrier("list").status == 0
    assert terrier("decrypt").status == 0
    assert not is_encrypted(locked)
    assert "is not encrypted" in terrier("decrypt").err
    assert "is not encrypted" in terrier("passphrase").err
    assert terrier("check").status == 0
    monkeypatch.setenv(NEW_PASSPHRASE, "short")
    assert "at least 8" in terrier("encrypt").err
    assert not is_encrypted(locked)


def test_a_new_estate_is_encrypted_from_the_start(
    terrier: Terrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "new.terrier"
    assert terrier("new", where, "--encrypt").status == 2
    assert not where.exists()
    monkeypatch.setenv(PASSPHRASE, WORDS)
    assert terrier("new", where, "--encrypt").status == 0
    assert is_encrypted(where)
    assert terrier("--db", where, "list").status == 0
    assert "by Terrier" in terrier("new", "postgresql://localhost/x", "--encrypt").err


def test_no_command_takes_a_passphrase_as_an_argument() -> None:
    from app.cli.program import parser_for

    for command in COMMANDS.values():
        for action in parser_for(command)._actions:
            assert "pass" not in f"{action.dest} {action.option_strings}".casefold()


def typed(*words: object, answers: list[str]) -> tuple[int, str]:
    """Runs the program at a terminal of its own, where somebody types; its status and all that is seen there."""
    environment = {k: v for k, v in os.environ.items() if k not in (PASSPHRASE, NEW_PASSPHRASE)}
    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("there are no terminals here: /dev/ptmx is missing, as in some containers")
    command = [sys.executable, str(ROOT / "main.py"), *map(str, words)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 1024)
            except OSError:  # Linux says so where nobody has the other end any more
                break
            if not piece:
                break
            seen += piece
            if answers and seen.endswith(b": "):
                os.write(ours, answers.pop(0).encode() + b"\n")
    os.close(ours)
    return process.returncode, seen.decode()


def test_at_a_terminal_it_asks(locked: Path) -> None:
    status, seen = typed("--db", locked, "list", "laptop", answers=["something else", WORDS])
    assert status == 0
    assert "nb-1" in seen
    assert seen.count("Passphrase of small.terrier:") == 2
    assert "That is not its passphrase." in seen
    assert WORDS not in seen, "it is not echoed"
    status, seen = typed("--db", locked, "list", answers=["a", "b", "c"])
    assert status == 2
    assert "does not open" in seen
    status, seen = typed("--db", locked, "passphrase", answers=[WORDS, OTHERS, f"{OTHERS}?"])
    assert status == 2
    assert "not the same" in seen
    status, seen = typed("--db", locked, "passphrase", answers=[WORDS, OTHERS, OTHERS])
    assert (status, WORDS in seen, OTHERS in seen) == (0, False, False)
    assert typed("--db", locked, "check", answers=[OTHERS])[0] == 0
