from __future__ import annotations

from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from importers.recognise import reader_for


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.csv", b"Name,Serial\na,1\n", "spreadsheet"),
        ("a.json", "Name;Straße\n".encode("cp1252"), "spreadsheet"),
        ("a.txt", b'{"action": "inventory", "content": {"versionclient": "x"}, "deviceid": "pc-1"}', "inventory"),
        ("a.bin", b"PK\x03\x04....", "spreadsheet"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "spreadsheet"),
    ],
)
def test_by_content(tmp_path: Path, name: str, content: bytes, reader: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert reader_for(tmp_path / name) == reader


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b'{"apples": 1}', "JSON, but not"), (b"<html>", "web page"),
     (b"<?xml version='1.0'?><a/>", "XML"),
     (b"%PDF-1.4", "PDF"), (b"\x00\x01\x02\x03" * 20, "binary data")],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(FileProblem, match=said) as caught:
        reader_for(tmp_path / "a.xlsx")
    assert "\n" not in str(caught.value)


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no file"):
        reader_for(tmp_path / "gone.csv")
