from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import FileProblem
from importers.inventory import read, reading, recognises, write
from tests.importers.inventory.documents import laptop


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "nb.json"
    write(path, laptop())
    assert json.loads(path.read_text("utf-8")) == laptop()
    reading = read(path)
    assert (reading.source.key, reading.observations[0].origin.file) == (
        "scan:GLPI-Agent NB-017-2024-01-15-09-30-00",
        "nb.json",
    )


_VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), _VALUES))
def test_any_document_is_written_as_the_same_json(tmp_path_factory: Any, content: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("written") / "x.json"
    document = {"deviceid": "x", "content": content}
    try:
        write(path, document)
    except UnicodeEncodeError:  # half a surrogate pair is no text
        return
    assert json.loads(path.read_text("utf-8")) == document


def test_every_record_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "nb.json"
    write(path, laptop())
    lines = path.read_text("utf-8").splitlines()
    assert sum('"name": "7-Zip 23.01 (x64)"' in line for line in lines) == 2


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"There is no folder .*nowhere"):
        write(tmp_path / "nowhere" / "inv.json", laptop())
    target = tmp_path / "taken.json"
    target.mkdir()
    with pytest.raises(FileProblem, match=r"taken\.json is a folder; name a file in it"):
        write(target, laptop())
    assert sorted(os.listdir(tmp_path)) == ["taken.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.json is empty."),
        (b"Name;Serial\nA;1\n", "x.json is no inventory: it is not valid JSON (line 1, column 1)."),
        (b"\x80\x81\x82", "x.json is no inventory: it is not text"),
        (b"PK\x03\x04\xff\xfe", "x.json is no inventory: it is not text"),
        (b'{"a": 1}', 'x.json is JSON, but no inventory: it has no "deviceid" with a "content" beside it.'),
        (b'[{"deviceid": "x", "content": {}}]', "x.json is JSON, but no inventory"),
        (b'{"deviceid": "", "content": {}}', "x.json is JSON, but no inventory"),
        (b'{"deviceid": "x", "content": []}', "x.json is JSON, but no inventory"),
        (
            b'{"deviceid": "x", "content": {"bios": }}',
            "x.json is no inventory: it is not valid JSON (line 1, column 39)",
        ),
        (b"[" * 100_000, "x.json is no inventory"),
    ],
)
def test_other_files_are_refused_with_one_clear_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(FileProblem) as caught:
        read(path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@given(st.integers(1, 10_000))
def test_an_inventory_that_is_cut_off_says_so(tmp_path_factory: Any, cut: int) -> None:
    text = json.dumps(laptop())
    path = tmp_path_factory.mktemp("cut") / "x.json"
    kept = text[: max(1, len(text) - 1 - cut % (len(text) - 2))]
    path.write_text(kept, "utf-8")
    with pytest.raises(FileProblem) as caught:
        read(path)
    assert "is cut off" in str(caught.value) or "it is not valid JSON" in str(caught.value)


def test_cut_off_in_the_middle_of_a_record(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write(path, laptop())
    whole = path.read_text("utf-8")
    for end in (len(whole) // 3, len(whole) // 2, len(whole) - 10):
        path.write_text(whole[:end], "utf-8")
        with pytest.raises(FileProblem, match=r"x.json is cut off at line \d+: its end is missing"):
            read(path)


@pytest.mark.parametrize(
    ("endless", "said"),
    [
        ({"softwares": [{}] * 60_001}, "60,001 entries of “softwares”: no machine has more than 60,000."),
        ({"terrier": {"services": [{}] * 100_001}}, "100,001 entries of “services”: no machine has more than 100,000."),
        ({"envs": [{}] * 80_000, "terrier": {"services": [{}] * 80_000}}, ": no machine has more than 150,000."),
    ],
    ids=["software", "own", "all"],
)
def test_what_lists_more_than_any_machine_has_is_refused(endless: dict[str, Any], said: str) -> None:
    with pytest.raises(FileProblem, match=r"^x.json lists ") as caught:
        reading(laptop(**endless), "x.json")
    assert said in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"gone\.json cannot be read: No such file or directory"):
        read(tmp_path / "gone.json")


def test_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.json"
        path.write_text(json.dumps(laptop()), encoding)
        assert read(path).observations[0].values["name"] == "NB-017"


def test_recognised_by_content(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write(path, laptop())
    assert recognises(path.read_bytes()[:4096])
    assert recognises(b'\xef\xbb\xbf \n{"action":"inventory","content":{"accesslog":{"logdate":')
    assert recognises(b'{"content": {"antivirus": [')
    assert not recognises(b'[{"hostname": "x"}]')
    assert not recognises(b'{"hosts": 3, "content": "text"}')
    assert not recognises(b"deviceid;content\n")
    assert not recognises(b"")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_other_programs_saved_in_their_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "nb.json"
    path.write_bytes(json.dumps(laptop()).encode(encoding))
    assert recognises(path.read_bytes()[:4096])
    assert read(path).observations[0].values["name"]
