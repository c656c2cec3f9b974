"""Copies for other programs: what a killed process left goes, what others have stays."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from app.attachments import opened_files
from cmdb.model.attachments import Attachment


def test_what_a_killed_process_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    dead, alive, other = (tmp_path / f"terrier-files-{name}" for name in ("999999-a", f"{os.getpid()}-b", "x"))
    for folder in (dead, alive, other):
        folder.mkdir()
        (folder / "photo.jpg").write_text("x")
    (tmp_path / "terrier-files-999998-link").symlink_to(other)
    opened_files.clear()
    assert not dead.exists()
    assert (alive.exists(), other.exists(), (other / "photo.jpg").exists()) == (True, True, True)


def test_only_a_private_folder_in_memory_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", str(tmp_path / "none"), str(tmp_path)):
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)
        if value != str(tmp_path):
            assert opened_files._folder_in_memory() is None
    shared = Path("/dev/shm")
    if shared.is_dir():
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
        assert opened_files._folder_in_memory() is None, "everybody may look into it"


def test_a_name_that_another_program_wrote_leads_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written: list[Path] = []
    monkeypatch.setattr("app.attachments.attaching.write_out", lambda reader, one, path: written.append(path))
    opened = opened_files.OpenedFiles(encrypted=False)
    file = Attachment("1", "2", "../../../etc/photo.png", "image/png", 1, "0" * 64, "")
    opened.copy_of(None, file)  # type: ignore[arg-type]
    (path,) = written
    assert path.name == "photo.png"
    assert path.resolve().is_relative_to(tmp_path)
    opened.close()
    assert list(tmp_path.iterdir()) == []
