"""Processes are killed while they copy, move, restore and encrypt: nothing plain stays that was not plain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import main
from app import unfinished_files
from app.keys import NEW_PASSPHRASE, PASSPHRASE
from app.settings import config_folder
from cmdb.store.connection import ciphers
from cmdb.store.upkeep.rekeying import rekey_estate

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = "a horse on the roof"


def parts(folder: Path) -> list[Path]:
    return sorted(folder.rglob(".*.part*"))


def size(path: Path) -> int:
    """The size of a file, 0 if it has gone meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def killed(folder: Path, *words: object) -> list[Path]:
    """Runs a command and kills it when it has begun to write; what it left."""
    running = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *map(str, words)], cwd=folder,
        env={**os.environ, PASSPHRASE: WORDS, NEW_PASSPHRASE: WORDS},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < until:
        if any(size(path) > 100_000 for path in parts(folder)):
            break
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.wait()
    return parts(folder)


def is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
@pytest.mark.parametrize("what", ["move", "backup", "restore", "decrypt", "encrypt"])
def test_a_killed_process_leaves_no_plain_copy(what: str, sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlcipher3")
    folder, plain = sample_copy.parent, sample_copy.with_name("plain.terrier")
    plain.write_bytes(sample_copy.read_bytes())
    if what != "encrypt":
        rekey_estate(sample_copy, None, ciphers.new_key(WORDS))
    words: dict[str, tuple[object, ...]] = {
        "move": ("move", folder / "moved.terrier"), "backup": ("backup", folder / "copy.terrier"),
        "restore": ("restore", plain), "decrypt": ("decrypt",), "encrypt": ("encrypt",),
    }  # fmt: skip
    left = killed(folder, "--db", sample_copy, *words[what])
    if what in ("move", "backup", "restore"):
        assert not any(map(is_plain, left)), "encrypted from the first byte"
    # Any next start clears it away: here one that has to do with another estate, and knows no passphrase.
    monkeypatch.delenv(PASSPHRASE, raising=False)
    assert main.main(["new", str(folder / "other.terrier")]) == 0
    assert parts(folder) == []


def test_a_plain_copy_that_was_being_moved_is_cleared_at_the_next_start(sample_copy: Path) -> None:
    elsewhere = sample_copy.parent / "stick"
    elsewhere.mkdir()
    killed(sample_copy.parent, "--db", sample_copy, "move", elsewhere / "moved.terrier")
    assert main.main(["new", str(sample_copy.with_name("other.terrier"))]) == 0
    assert parts(sample_copy.parent) == []
    assert list((config_folder() / "unfinished").iterdir()) == []


def test_what_runs_and_what_cannot_be_reached_is_left_alone(tmp_path: Path) -> None:
    gone = config_folder() / "unfinished" / "99999999-1"
    with unfinished_files.noted(tmp_path / "x.terrier"):
        (mine,) = (config_folder() / "unfinished").iterdir()
        assert mine.stat().st_mode & 0o077 == 0
        gone.write_bytes(os.fsencode(tmp_path / "stick" / "x.terrier"))
        unfinished_files.clear()
        assert mine.exists()
        assert gone.exists(), "the stick may be back the next time"
    assert not mine.exists()
    (tmp_path / "stick").mkdir()
    unfinished_files.clear()
    assert not gone.exists()


def test_where_nothing_can_be_noted_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_CONFIG", os.devnull)
    with unfinished_files.noted(tmp_path / "x.terrier"):
        pass
    unfinished_files.clear()
