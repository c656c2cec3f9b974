"""Whatever stands where a command expects a file: one clear line, no fault, no waiting."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.context import DONE, UNUSABLE, WITH_REMARKS
from tests.app.cli.conftest import Done

Terrier = Callable[..., Done]

READING = (
    ("import", "{bad}"), ("import", "{bad}", "--dry-run"), ("import", "{sheet}", "--mapping", "{bad}"),
    ("import", "{sheet}", "--mapping", "{bad}", "--db", "{folder}/none.terrier"), ("restore", "{bad}"),
    ("list", "--db", "{bad}"), ("check", "--db", "{bad}"), ("encrypt", "--db", "{bad}"), ("new", "{bad}"),
    ("backup", "{folder}/copy", "--db", "{bad}"), ("move", "{folder}/copy", "--db", "{bad}"),
)  # fmt: skip

DIGITS = "9" * 5_000
INVENTORY = '{"deviceid": "x", "content": {"versionclient": "x", "hardware": {"name": "n", "memory": %s}}}'
MAPPING = '{"columns": {"kind": "class", "cls": "server", "columns": [%s]}}'
CONTENTS = {
    "digits": INVENTORY % DIGITS, "hundreds": INVENTORY % DIGITS[:400], "nested": INVENTORY % ("[" * 90_000),
    "whole": INVENTORY % ("[" * 90_000 + "]" * 90_000), "infinite": INVENTORY % "Infinity", "nan": INVENTORY % "NaN",
    "far": INVENTORY % "1e999", "surrogate": INVENTORY % '"\\ud800"', "nul": INVENTORY % '"\\u0000"',
    "brackets": "[" * 100_000, "number": DIGITS, "cells": f"Asset tag,Name,Class,Memory\nT-1,one,Server,{DIGITS}\n",
    "dates": "Asset tag,Class,Purchase date,Last seen\n" + "".join(
        f"T-{at},Server,{day},{day}\n" for at, day in enumerate(
            ("0000-01-01", "10000-01-01", "99999999", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59", DIGITS,
             "31.12.9999 23:59", "01.01.0001 00:00")
        )
    ),
    "mapping": MAPPING % '{"index": "x", "header": 7}', "mapped": MAPPING % f'{{"index": {DIGITS[:300]}}}',
    "list": "[]", "text": '"x"', "empty": "", "blank": "\n" * 10, "null": "\0" * 1_000,
}  # fmt: skip


def stand(folder: Path, kind: str) -> Path:
    """What stands at the path ``bad``."""
    path = folder / "bad"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path.write_text(CONTENTS[kind])
    return path


CASES = [
    *((kind, words) for kind in ("pipe", "socket", "folder", "device", "loop") for words in READING),
    *((kind, words) for kind in CONTENTS for words in READING[1:5]),
    ("empty", READING[-3]), ("digits", READING[-3]), ("dates", READING[0]), ("cells", READING[0]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), CASES, ids=lambda one: one if isinstance(one, str) else " ".join(one))
def test_it_is_refused_in_one_line_or_read(
    terrier: Terrier, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = estate.stat().st_mtime_ns
    bad = stand(tmp_path, kind)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Asset tag,Class\nT-1,Server\n")
    done = terrier(*(word.format(bad=bad, sheet=sheet, folder=tmp_path) for word in words))
    assert done.status in (DONE, WITH_REMARKS, UNUSABLE), done.err
    assert "Traceback" not in done.err
    if done.status == UNUSABLE:
        assert len(done.err.splitlines()) == 1
        assert len(done.err) < 2_000
        assert estate.stat().st_mtime_ns == before
    if kind not in CONTENTS:
        assert done.status == UNUSABLE


def test_a_mapping_file_says_what_is_wrong_with_it(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    sheet, mapping = tmp_path / "sheet.csv", tmp_path / "mapping.json"
    sheet.write_text("Asset tag,Class\nT-1,Server\n")
    for text, said in (
        (CONTENTS["brackets"], "is not a mapping: it is nested too deeply"), (DIGITS, "number of thousands of digits"),
        ("{", "is not a mapping: it is not valid JSON (line 1, column 2)"), (json.dumps([]), "is not a mapping"),
    ):  # fmt: skip
        mapping.write_text(text)
        done = terrier("import", sheet, "--mapping", mapping)
        assert done.status == UNUSABLE
        assert said in done.err


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_file_whose_name_is_no_text(terrier: Terrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/caf\xe9")
    monkeypatch.setenv("TERRIER_DB", f"{name}.terrier")
    Path(f"{name}.csv").write_text("Asset tag,Class,Memory\nT-1,Server,x\nT-2,Server,1\n")
    assert terrier("new", f"{name}.terrier").status == DONE
    read = terrier("import", f"{name}.csv", "--rejects", f"{name}-rejected.csv", "--json")
    assert read.status == WITH_REMARKS, read.err
    assert {one["file"] for one in read.json["problems"]} == {"caf\\xe9.csv"}
    assert "caf\\xe9.csv" in terrier("history", "--json").json["revisions"][0]["reason"]
    assert "caf\\xe9.csv" in terrier("show", "T-2").out
    for words in (
        ("list",), ("check",), ("export", "--out", f"{name}.xlsx"), ("import", f"{name}.xlsx"),
        ("export", "--out", f"{name}.json"), ("backup", f"{name}.copy"), ("restore", f"{name}.copy"),
        ("move", f"{name}-2.terrier"),
    ):  # fmt: skip
        done = terrier(*words)
        assert done.status == DONE, done


def test_a_folder_stands_for_its_files(terrier: Terrier, estate: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    (drop / "deeper").mkdir(parents=True)
    (drop / ".hidden").mkdir()
    (drop / "a.csv").write_text("Asset tag,Name,Class\nF-1,one,Server\n")
    (drop / "deeper" / "b.csv").write_text("Asset tag,Name,Class\nF-2,two,Server\n")
    (drop / ".hidden" / "c.csv").write_text("Asset tag,Name,Class\nF-3,three,Server\n")
    (drop / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    done = terrier("import", drop, "--json", "--all-or-nothing")
    assert (done.status, done.json["created"]) == (DONE, 2)
    assert [(p["file"], p["code"], p["message"]) for p in done.json["problems"]] == [
        ("photo.png", "file.unknown", "The file was left out: it is a picture.")
    ]
    Path(os.fsdecode(bytes(drop) + b"/b\xe4d.xlsx")).write_bytes(b"PK\x03\x04 nothing more")
    again = terrier("import", drop, "--json")
    assert (again.status, again.json["unchanged"]) == (WITH_REMARKS, 2)
    [bad] = [p for p in again.json["problems"] if p["severity"] == "error"]
    assert bad["file"] == "b\\xe4d.xlsx"
    assert bad["message"].startswith("b\\xe4d.xlsx is damaged")
    (tmp_path / "empty").mkdir()
    nothing = terrier("import", tmp_path / "empty")
    assert (nothing.status, "There is no file in" in nothing.err) == (UNUSABLE, True)
