"""``attach``, ``attachments``, ``attachment`` and ``detach``."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.cli.context import DONE, UNUSABLE
from app.settings import Settings
from tests.app.cli.conftest import Done

Terrier = Callable[..., Done]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000)
    return path


def test_a_file_is_attached_listed_written_out_and_detached(
    terrier: Terrier, estate: Path, photo: Path, tmp_path: Path
) -> None:
    before = estate.stat().st_size
    (one,) = terrier("attach", "A-1", photo, "--about", "Front\u202e", "--json").json
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    assert (one["name"], one["size"], one["sha256"], one["type"]) == ("photo.png", 512_008, digest, "image/png")
    assert one["about"] == "Front"
    (again,) = terrier("attach", "A-1", photo, "--json").json
    assert (again["id"], again["revision"]) == (one["id"], None)
    terrier("attach", "A-2", photo)
    assert estate.stat().st_size < before + 1_000_000
    (listed,) = terrier("attachments", "A-1", "--json").json
    assert listed == {key: value for key, value in one.items() if key != "revision"}
    assert [found["id"] for found in terrier("show", "A-1", "--json").json["attachments"]] == [one["id"]]
    assert "photo.png" in terrier("show", "A-1").out
    out = tmp_path / "out.png"
    out.write_text("what was here")
    assert terrier("attachment", one["id"], "--out", out, "--json").json["sha256"] == digest
    assert out.read_bytes() == photo.read_bytes()
    gone = terrier("detach", "A-1", "PHOTO.png", "--json").json
    assert [found["id"] for found in gone] == [one["id"]]
    assert terrier("attachments", "A-1", "--json").json == []
    assert len(terrier("attachments", "A-1", "--as-of", gone[0]["revision"] - 1, "--json").json) == 1
    out.unlink()
    assert terrier("attachment", one["id"], "--out", out).status == DONE
    assert out.read_bytes() == photo.read_bytes()
    assert terrier("undo", gone[0]["revision"]).status == DONE
    assert len(terrier("attachments", "A-1", "--json").json) == 1
    assert terrier("check").status == DONE


def test_what_is_no_file_or_too_large_is_refused(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    large, pipe, loop, grows = (tmp_path / name for name in ("large", "pipe", "loop", "small"))
    large.touch()
    os.truncate(large, 1 << 31)
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    Settings().set("attachments.largest", 1)
    grows.write_bytes(b"x" * (1 << 20) + b"y")
    words = {
        large: "larger than", pipe: "a pipe", loop: "cannot be read", grows: "larger than 1 MiB",
        tmp_path: "is a folder", Path("/dev/zero"): "a device", tmp_path / "none": "cannot be read",
    }  # fmt: skip
    for path, said in words.items():
        done = terrier("attach", "A-1", path)
        assert (done.status, len(done.err.splitlines())) == (UNUSABLE, 1)
        assert said in done.err, done.err
    own = tmp_path / "link"
    own.hardlink_to(estate)
    for path in (estate, own):
        assert "the estate itself" in terrier("attach", "A-1", path).err
    assert terrier("attachments", "A-1", "--json").json == []
    assert "A-9" in terrier("attach", "A-9", tmp_path / "none").err


def test_two_files_of_a_name_are_told_apart(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(folder)
    found = terrier("attach", "A-1", tmp_path / "a" / "note.txt", tmp_path / "b" / "note.txt", "--json").json
    assert sorted(one["name"] for one in found) == ["note (2).txt", "note.txt"]
    assert "no file “other.txt”" in terrier("detach", "A-1", "other.txt").err
    assert "no file with the id" in terrier("detach", "A-1").err
    assert "no file with the id" in terrier("attachment", "A-1", "--out", tmp_path / "x").err
    assert terrier("attachment", "A-1", "note (2).txt", "--out", tmp_path / "x").status == DONE
    assert (tmp_path / "x").read_text() == "b"
    assert terrier("detach", *(one["id"] for one in found)).status == DONE


def test_files_go_into_a_draft(terrier: Terrier, estate: Path, photo: Path) -> None:
    terrier("draft", "new", "Plan")
    (one,) = terrier("attach", "A-1", photo, "--draft", "Plan", "--json").json
    assert (one["revision"], one["draft"]) == (None, "Plan")
    assert terrier("attachments", "A-1", "--json").json == []
    assert [found["change"] for found in terrier("draft", "show", "Plan", "--json").json["records"]] == ["attached"]
    assert terrier("draft", "apply", "Plan").status == DONE
    assert [found["sha256"] for found in terrier("attachments", "A-1", "--json").json] == [one["sha256"]]
    assert terrier("check").status == DONE


def test_a_damaged_content_is_not_written_out(terrier: Terrier, estate: Path, photo: Path, tmp_path: Path) -> None:
    (one,) = terrier("attach", "A-1", photo, "--json").json
    with closing(sqlite3.connect(estate)) as opened, opened:
        opened.execute("UPDATE blob_chunk SET content = replace(content, 'PNG', 'GNP') WHERE n = 0")
    out = tmp_path / "out.png"
    out.write_text("what was here")
    done = terrier("attachment", one["id"], "--out", out)
    assert (done.status, "is damaged" in done.err) == (UNUSABLE, True)
    assert out.read_text() == "what was here"
    assert terrier("check").status != DONE
