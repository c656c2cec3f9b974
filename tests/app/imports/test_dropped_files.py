"""What is meant by a folder that a person drops or names."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

import pytest

from app.import_proposal import read_files
from app.imports.dropped_files import files_of, inventories_in
from cmdb.model.schema import Schema


def test_a_folder_that_may_not_be_read_is_named_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "one.csv").write_text("Class,Name\nLaptop,PC-1\n")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    scandir, access = os.scandir, os.access

    def refused(path: str) -> object:  # an administrator may read it all the same
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed and access(path, mode))
    paths = files_of([tmp_path])
    assert set(paths) == {closed, tmp_path / "open" / "one.csv"}
    readings, files = read_files(paths, Schema.load(), of_folders=set(paths))
    assert [str(one.message) for one in readings[0].problems] == [
        f"{closed} cannot be looked into: it may not be read."
    ]
    assert len(files) == 2
    assert closed in inventories_in(tmp_path)[0]


def test_a_damaged_capture_is_taken_so_that_it_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "pc-1.capture"
    damaged.write_text("#section session collected 0.10\n[]\n#end\n")
    (tmp_path / "words.md").write_text("Take two sticks\n")
    assert inventories_in(tmp_path) == ([damaged], 1)


def test_how_deep_a_folder_lies_does_not_matter(tmp_path: Path) -> None:
    file = Path(tmp_path, *["a"] * 120, "one.csv")
    file.parent.mkdir(parents=True)
    file.write_text("x")
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        assert files_of([tmp_path]) == [file]
    finally:
        sys.setrecursionlimit(before)
