"""The sections of a record on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import open_estate
from tests.app.cli.conftest import Done
from tests.importers.inventory.documents import laptop

Run = Callable[..., Done]


def module(slot: int, size: int, serial: str) -> dict[str, Any]:
    return {"numslots": slot, "caption": f"DIMM {slot}", "capacity": size, "serialnumber": serial}


def inventory(folder: Path, day: int, *modules: dict[str, Any]) -> Path:
    """The inventory of a laptop with these memory modules; its free space is another one each day."""
    document = laptop(
        memories=list(modules), drives=[{"letter": "C:", "filesystem": "NTFS", "total": 4096, "free": 1024 * day}]
    )
    document["content"]["accesslog"]["logdate"] = f"2026-03-0{day} 10:15:00"
    path = folder / f"day-{day}.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.fixture(params=["file", "server"])
def new_estate(request: pytest.FixtureRequest, tmp_path: Path, terrier: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty estate, which TERRIER_DB names."""
    address = str(tmp_path / "new.terrier")
    if request.param == "server":
        address = request.getfixturevalue("postgres")()
    assert terrier("new", address).status == 0
    monkeypatch.setenv("TERRIER_DB", address)
    return address


def found_by(words: str, at: int | None = None) -> list[str]:
    """The names of the laptops that words find."""
    with closing(open_estate(os.environ["TERRIER_DB"])) as store, store.read(at) as reader:
        return [one.name for one in reader.page(Selection("laptop", text=words), limit=5)]


def test_a_replaced_memory_module_is_told_alike_everywhere(terrier: Run, new_estate: str, tmp_path: Path) -> None:
    kept = module(1, 16384, "KX11-C0")
    first = terrier("import", inventory(tmp_path, 1, kept, module(2, 16384, "KX77-A1")), "--json").json["revision"]
    again = terrier("import", inventory(tmp_path, 2, kept, module(2, 32768, "KX99-B2")), "--json").json
    assert again["sections"] == {"memory_modules": {"added": 0, "changed": 1, "removed": 0}}

    def serials(*words: object) -> list[str]:
        rows = terrier("show", "NB-017", "--section", "memory_modules", "--json", *words).json["sections"]
        return [row["columns"]["serial_number"] for row in rows["memory_modules"]]

    assert serials() == ["KX11-C0", "KX99-B2"]
    assert serials("--as-of", first) == ["KX11-C0", "KX77-A1"]
    assert (found_by("kx99-b2"), found_by("kx77-a1"), found_by("kx77-a1", first)) == (["NB-017"], [], ["NB-017"])
    differs = terrier("report", "difference", "--from", first, "--json").json["rows"]
    (row,) = [one for one in differs if one["kind"] == "Row of a section"]
    assert (row["item"], row["what"]) == ("NB-017", "Memory module Slot 2 DIMM 2")
    assert (row["then"], row["now"]) == ("Size 16 GiB, Serial number KX77-A1", "Size 32 GiB, Serial number KX99-B2")
    (latest, _) = terrier("history", "NB-017", "--json").json["revisions"]
    (change,) = latest["sections"]["memory_modules"]
    assert change["columns"]["serial_number"] == {"before": "KX77-A1", "after": "KX99-B2"}
    told = terrier("history", "NB-017").out
    assert "Slot 2 DIMM 2: Size 16 GiB → 32 GiB, Serial number KX77-A1 → KX99-B2" in told
    assert "rows added: " in told
    assert "Memory modules 2" in told
    assert terrier("undo", again["revision"]).status == 0
    assert serials() == ["KX11-C0", "KX77-A1"]
    assert (found_by("kx99-b2"), found_by("kx77-a1")) == ([], ["NB-017"])
    rows = terrier("report", "difference", "--from", first, "--json").json["rows"]
    assert [one for one in rows if one["kind"] == "Row of a section"] == []
    assert terrier("check", "--json").json["problems"] == []


def test_a_section_is_shown_with_units_sources_and_the_last_values(terrier: Run, estate: Path, tmp_path: Path) -> None:
    before = terrier("import", inventory(tmp_path, 1, module(1, 16384, "KX77-A1")), "--json").json["revision"]
    assert terrier("import", inventory(tmp_path, 2, module(1, 32768, "KX99-B2")), "--json").json["revision"]
    words = terrier("show", "NB-017").out
    assert "Memory modules" in words
    assert "KX99-B2" not in words, "which sections there are, not their rows"
    table = terrier("show", "NB-017", "--section", "memory module").out
    assert all(word in table for word in ("SIZE", "32 GiB", "KX99-B2", "scan GLPI-Agent NB-017"))
    whole = terrier("show", "NB-017", "--json").json["sections"]
    one = terrier("show", "NB-017", "--section", "Volumes", "--json").json["sections"]
    assert one == {"volumes": whole["volumes"]}
    (volume,) = one["volumes"]
    assert (volume["volatile"], volume["observed"]) == ({"free": 2 * 1024**3}, volume["volatile_observed"])
    assert volume["columns"]["size"] == 4 * 1024**3
    assert "FREE *" in terrier("show", "NB-017", "--section", "volumes").out
    then = terrier("show", "NB-017", "--section", "volumes", "--as-of", before).out
    assert "4 GiB" in then
    assert "FREE" not in then
    nothing = terrier("show", "NB-017", "--section", "sensors", "--json")
    assert (nothing.status, nothing.json["sections"]) == (0, {"sensors": []})
    unknown = terrier("show", "NB-017", "--section", "chips")
    assert unknown.status == 2
    assert "Memory modules" in unknown.err
    assert "Sensors" not in unknown.err
    assert "Memory modules" in terrier("show", "A-1", "--section", "chips").err


def test_an_estates_own_section_goes_out_and_in(terrier: Run, estate: Path, tmp_path: Path) -> None:
    columns = {"number": {"type": "integer"}, "holder": {"searched": True}, "due": {"type": "date"}}
    body = {"section": {"keys": {"plural": "Keys", "of": ["laptop"], "identifies": ["number"], "columns": columns}}}
    with closing(open_estate(estate)) as store:
        store.apply(Revision([Edit(Record("schema_entry", (new_id(),)), "", None, {"document": body})], "tester"))
    template = tmp_path / "keys.xlsx"
    assert terrier("template", "Keys", "--out", template).status == 0
    fill(template, 2, {"Record": "nb-1", "Number": 7, "Holder": "Nora Quist", "Due": "2027-01-31"})
    fill(template, 3, {"Record": "nb-1", "Number": 8, "Holder": "Tom"})
    assert terrier("import", template, "--json").json["sections"] == {"keys": {"added": 2, "changed": 0, "removed": 0}}
    assert terrier("import", template, "--json").json["revision"] is None
    assert found_by("quist") == ["nb-1"]

    out = tmp_path / "out.xlsx"
    for words in (("export",), ("export", "Laptop", "--section", "keys"), ("export", "--section", "all")):
        assert terrier(*words, "--out", out).status == 0
        assert "Keys" in openpyxl.load_workbook(out).sheetnames
    assert terrier("import", out, "--json").json["revision"] is None
    fill(out, 2, {"Holder": "Anja"}, "Keys")
    assert terrier("draft", "new", "plan").status == 0
    assert terrier("import", out, "--draft", "plan").status == 0
    assert "Keys: added Number 7, Due 2027-01-31, Holder Anja" in terrier("draft", "show", "plan").out
    assert terrier("draft", "drop", "plan").status == 0
    assert terrier("import", out, "--json").json["sections"] == {"keys": {"added": 1, "changed": 0, "removed": 0}}
    first, second = terrier("show", "nb-1", "--section", "Keys", "--json").json["sections"]["keys"]
    assert (first["columns"]["holder"], first["source"], second["columns"]["holder"]) == ("Anja", "person", "Tom")
    assert [one["columns"]["holder"] for one in first["also"]] == ["Nora Quist"]
    template.unlink()
    assert terrier("template", "Keys", "--out", template).status == 0
    fill(template, 2, {"Record": "nb-1", "Number": 7, "Holder": "Nora Quist", "Due": "2027-01-31"})
    assert terrier("import", template, "--json").json["sections"] == {"keys": {"added": 0, "changed": 0, "removed": 1}}
    csv = tmp_path / "keys.csv"
    assert terrier("export", "--section", "keys", "--out", csv).status == 0
    head, *lines = csv.read_text("utf-8-sig").splitlines()
    assert sorted(head.split(",")) == ["Due", "Holder", "Number", "Record", "Record class"]
    assert [sorted(line.split(",")) for line in lines] == [["2027-01-31", "7", "Anja", "Laptop", "nb-1"]]
    assert "no section" in terrier("export", "--section", "nope", "--out", csv).err
    assert terrier("check", "--json").json["problems"] == []


def fill(path: Path, line: int, cells: dict[str, Any], title: str = "") -> None:
    """Fills in cells as a person would, by their headers."""
    book = openpyxl.load_workbook(path)
    sheet = book[title] if title else book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for header, value in cells.items():
        sheet.cell(line, heads.index(header) + 1, value)
    book.save(path)
