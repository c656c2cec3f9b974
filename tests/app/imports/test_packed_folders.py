"""A folder of inventories packed as a .zip: taken as the folder, and distrusted."""

from __future__ import annotations

import gc
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app.attachments import opened_files
from app.import_proposal import read_files
from app.imports.draft import open_files
from app.imports.dropped_files import inventories_in
from app.imports.packed_folders import PackedFolder
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from cmdb.store.connection import atomic_file
from importers.spreadsheets.files import archive
from importers.spreadsheets.files.container import is_packed_folder
from tests.importers.inventory.documents import laptop

SCHEMA = Schema.load()
TABLE = "Class,Name\nLaptop,PC-1\n"


def packed(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """An archive of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


@pytest.fixture(autouse=True)
def unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where folders are unpacked: nothing is left there."""
    folder = tmp_path / "unpacking"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    gc.collect()
    assert list(folder.iterdir()) == []


def test_it_is_the_folder_with_a_summary_for_each_file(tmp_path: Path, unpacking: Path) -> None:
    path = packed(
        tmp_path / "mail.zip",
        {"site/pc-1.json": json.dumps(laptop()), "site/pc-2.json": '"deviceid": "x", "content": {}}',
           "list.csv": TABLE, "photo.png": b"\x89PNG", "__MACOSX/._pc-1.json": "x", ".hidden": "x",
           "old.json.sig": "-----BEGIN SSH SIGNATURE-----\n", "terrier-scan.sh": "#!/bin/sh\n"},
    )  # fmt: skip
    readings, files = read_files([path], SCHEMA)
    assert {one.name: str(one.problem) for one in files} == {
        "list.csv": "",
        "old.json.sig": "The file was left out: it is a signature without the file that it signs.",
        "photo.png": "The file was left out: it is a picture.",
        "pc-1.json": "",
        "pc-2.json": "The file was left out: it is not valid JSON (line 1, column 11).",
    }
    assert {p.severity for one in readings for p in one.problems if p.kind == "file"} == {"warning"}
    assert inventories_in(tmp_path)[0] == [path]

    drafts, failed = open_files(Control(), [path], SCHEMA, [])
    assert sorted((one.path.name, one.place) for one in drafts) == [("list.csv", path), ("pc-1.json", path)]
    assert (len(failed), all(one.path.exists() for one in drafts), len(list(unpacking.iterdir()))) == (3, True, 1)


def test_a_document_is_no_packed_folder_whatever_it_is_called(tmp_path: Path) -> None:
    for number, mark in enumerate(("[Content_Types].xml", "mimetype", "__main__.py", "xl/workbook.xml")):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(mark, "x")
        assert not is_packed_folder(path), mark
    assert not is_packed_folder(packed(tmp_path / "a.pyz", {"x": "x"}))


def _encrypted(path: Path) -> None:
    raw = bytearray(packed(path, {"pc.json": "{}"}).read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)


def _named(name: str) -> Callable[[Path], object]:
    return lambda path: packed(path, {name: "x"})


def _lying(path: Path) -> None:
    raw = bytearray(packed(path, {"pc.json": "0" * 100_000}).read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)


def _flipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("pc.json", "abcdefgh")
    path.write_bytes(path.read_bytes().replace(b"abcdefgh", b"abcdefgX"))


def _twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a/pc.json", "x")
        made.writestr("a\\pc.json", "x")


def _many(path: Path) -> None:
    raw = bytearray(packed(path, {"pc.json": "{}"}).read_bytes())
    at = raw.index(b"PK\x05\x06") + 12
    raw[at : at + 4] = (1 << 27).to_bytes(4, "little")
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_encrypted, "bad.zip is protected by a password. Unpack it first."),
        (_named("../pc.json"), "bad.zip holds a file that would lie outside of it, “../pc.json”: it was not opened."),
        (_named("/etc/passwd"), "would lie outside of it"),
        (_named("C:\\pc.json"), "would lie outside of it"),
        (_named("x" * 300), "bad.zip cannot be unpacked: "),
        (_named("a/" * 2_000 + "pc.json"), "bad.zip holds folders in folders, 2,001 deep, and was not opened."),
        (_lying, "bad.zip unpacks to more than it declares, and was not opened."),
        (_flipped, "bad.zip is damaged or was cut short: it cannot be unpacked."),
        (_twice, "bad.zip holds “a/pc.json” twice, and was not opened."),
        (_many, "bad.zip holds more files than can be taken in at once."),
        (lambda path: packed(path, {"__MACOSX/x": "x"}), "There is no file in bad.zip."),
        (lambda path: path.write_bytes(b"PK\x03\x04 cut short"), "bad.zip is damaged or was cut short"),
    ],
)  # fmt: skip
def test_a_bad_one_is_refused_in_one_line_and_stops_no_other(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path, good = tmp_path / "bad.zip", tmp_path / "good.csv"
    good.write_text(TABLE)
    make(path)
    with pytest.raises(FileProblem) as caught:
        read_files([path], SCHEMA)
    assert said in str(caught.value)
    _, files = read_files([path, good], SCHEMA)
    assert {one.name: bool(str(one.problem)) for one in files} == {"bad.zip": True, "good.csv": False}
    assert [(one.name, said in str(error)) for one, error in open_files(Control(), [path], SCHEMA, [])[1]] == [
        ("bad.zip", True)
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_stands_in_for_it_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "mail.zip"
    os.mkfifo(path)
    with pytest.raises(FileProblem, match="is a pipe, not a file"):
        PackedFolder(path, Control())


def test_what_a_killed_process_had_unpacked_goes_at_the_next_start(
    tmp_path: Path, unpacking: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = PackedFolder(packed(tmp_path / "mail.zip", {"list.csv": TABLE}), Control())
    opened_files.clear()
    assert folder.files[0].exists(), "its process runs"
    monkeypatch.setattr(atomic_file, "is_running", lambda *process: False)
    opened_files.clear()
    assert list(unpacking.iterdir()) == []


def test_where_nothing_can_be_unpacked_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "mail.zip", {"list.csv": TABLE})
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(FileProblem, match=r"mail\.zip cannot be unpacked: "):
        read_files([path], SCHEMA)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000)
    with pytest.raises(FileProblem, match=r"mail\.zip would unpack to"):
        read_files([packed(tmp_path / "mail.zip", {"a": b"0" * 2_000})], SCHEMA)


def test_an_archive_of_64_bits_says_how_long_its_list_is_elsewhere(tmp_path: Path) -> None:
    raw = io.BytesIO(
        b"PK\x06\x06" + bytes(36) + (1 << 30).to_bytes(8, "little") + bytes(28) + b"PK\x05\x06" + bytes(18)
    )
    with pytest.raises(FileProblem, match="more files than"):
        archive.refuse_directory(tmp_path / "x.zip", raw)
