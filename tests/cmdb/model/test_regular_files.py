"""Only regular files are read: nothing is waited for, and nothing is read for ever."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.regular_files import content, opened, refuse_special, unchanged


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


@pytest.mark.parametrize("link", [False, True])
def test_a_file_that_another_one_stood_in_for_is_noticed(tmp_path: Path, link: bool) -> None:
    """Size and time of change are the same before and after: whoever has them can set them."""
    signed, other = tmp_path / "signed", tmp_path / "other"
    signed.write_bytes(b"good")
    other.write_bytes(b"evil")
    path = tmp_path / "scan.json"

    def put(target: Path) -> None:
        path.symlink_to(target) if link else target.rename(path)

    def take(target: Path) -> None:
        path.unlink() if link else path.rename(target)

    def stand_in() -> None:
        before = os.lstat(path).st_ctime_ns
        with unchanged(path):
            while os.lstat(path).st_ctime_ns == before:  # the clock of file systems has some milliseconds
                take(signed)
                put(other)
                take(other)
                put(signed)

    put(signed)
    with pytest.raises(FileProblem, match=r"scan\.json changed while it was read"):
        stand_in()
    with unchanged(path):
        assert content(path) == b"good"
