"""Only regular files are read: nothing is waited for, and nothing is read for ever."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.regular_files import content, opened, refuse_special


def special(folder: Path, kind: str) -> Path:
    """Something at a path that is no regular file."""
    path = folder / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path))  # longer names than some hundred bytes it does not take
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    return path


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "device"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = special(tmp_path, kind)
    for read in (opened, content, refuse_special):
        with pytest.raises(FileProblem, match=f"is a {kind}, not a file"):
            read(path)


def test_a_pipe_that_takes_the_place_of_a_file_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = special(tmp_path, "pipe")
    monkeypatch.setattr("cmdb.model.regular_files.refuse_special", lambda path: None)
    with pytest.raises(FileProblem, match="is a pipe, not a file"):
        opened(path)


def test_a_file_and_a_link_to_it_are_read(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x")
    (tmp_path / "two").symlink_to("one")
    assert content(tmp_path / "one") == content(tmp_path / "two") == b"x"


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    refuse_special(tmp_path / "none")
    with pytest.raises(FileProblem, match="none cannot be read: No such file or directory"):
        content(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "none")
