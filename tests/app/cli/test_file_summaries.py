"""What an import takes in of each of its files, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.conftest import Done
from tests.importers.inventory.documents import laptop

Run = Callable[..., Done]


def told(done: Done) -> dict[str, tuple[Any, ...]]:
    return {
        f"{Path(one['path']).parent.name}/{one['file']}": (
            one["read"], one["created"], one["updated"], one["unchanged"], one["rejected"], one["problem"]
        )
        for one in done.json["files"]
    }  # fmt: skip


def test_one_bad_file_of_a_folder_stops_no_other_and_each_is_told(
    terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    folder = tmp_path / "stick"
    (folder / "more").mkdir(parents=True)
    other = laptop(hardware={"name": "NB-018", "uuid": "5C4C4544-0034-3010-8048-B6C04F503733"}, bios={"ssn": "X9"})
    (folder / "pc.json").write_text(json.dumps(laptop()), "utf-8")
    (folder / "more" / "pc.json").write_text(json.dumps({**other, "deviceid": "NB-018"}), "utf-8")
    (folder / "more" / "bad.json").write_text('{"deviceid": "x", "content": {', "utf-8")
    (folder / "more" / "phone.json").write_text('{"deviceid": "x", "itemtype": "Toaster", "content": {}}', "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (folder / ".hidden.json").write_text("no", "utf-8")

    done = terrier("import", folder, "--json")
    assert (done.status, done.json["read"], done.json["rejected"]) == (1, 3, 1)
    found = told(done)
    bad = "bad.json is cut off at line 1: its end is missing."
    assert found.pop("more/phone.json")[-1].startswith("This is an inventory of a “toaster”")
    assert found.pop("stick/picture.png")[-1] == "The file was left out: it is a picture."
    assert found == {
        "stick/pc.json": (1, 1, 0, 0, 0, None),
        "more/pc.json": (1, 1, 0, 0, 0, None),
        "more/bad.json": (0, 0, 0, 0, 0, bad),
    }
    again = terrier("import", folder, "--json")
    assert again.json["revision"] is None
    assert told(again)["more/pc.json"] == (1, 0, 0, 1, 0, None)

    text = terrier("import", folder)
    assert any(line.startswith("bad.json") and "cut off" in line for line in text.out.splitlines())
    alone = terrier("import", folder / "more" / "bad.json", "--json")
    assert (alone.status, alone.out, alone.err.strip()) == (2, "", bad)
    single = terrier("import", folder / "pc.json", "--json")
    assert told(single) == {"stick/pc.json": (1, 0, 0, 1, 0, None)}
