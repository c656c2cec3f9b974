"""import, export, template, scan and review, from files to files."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.import_report import lines
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.reconciliation import Proposal
from tests.app.cli.conftest import Done

Run = Callable[..., Done]

GOOD = """Asset tag;Name;Class;Memory;Assigned to;Location;Favourite colour
T-1;pc-1;Laptop;8 GB;Ada Abel;Hamburg;blue
T-2;pc-2;Desktop;16 GB;Ben Brandt;Hamburg;red
"""
MIXED = GOOD + "T-3;pc-3;Lapdog;8 GB;;;\nT-4;pc-4;Laptop;much;;;\n"


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "estate.terrier"
    monkeypatch.setenv("TERRIER_DB", str(path))
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD, "utf-8")
    return path


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.csv"
    path.write_text(MIXED, "utf-8")
    return path


def test_an_import_counts_references_says_what_it_did_not_use_and_changes_nothing_twice(
    terrier: Run, db: Path, good: Path
) -> None:
    done = terrier("import", good, "--json")
    assert done.status == 0
    document = done.json
    counts = {k: document[k] for k in ("revision", "read", "created", "updated", "unchanged", "rejected")}
    assert counts == {"revision": 1, "read": 2, "created": 5, "updated": 0, "unchanged": 0, "rejected": 0}
    assert document["unmapped"] == ["Favourite colour"]
    assert sorted(r["name"] for r in document["created_references"]) == ["Ada Abel", "Ben Brandt", "Hamburg"]
    again = terrier("import", good, "--json").json
    assert (again["revision"], again["created"], again["updated"], again["unchanged"]) == (None, 0, 0, 2)
    shown = terrier("show", "T-1", "--json").json
    assert shown["attributes"]["memory"] == 8192
    assert shown["attributes"]["assigned_to"]["name"] == "Ada Abel"
    assert shown["why"]["memory"]["source"] == "sheet:good.csv"


def test_bad_rows_are_listed_with_their_place_and_the_good_ones_taken(
    terrier: Run, db: Path, mixed: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    done = terrier("import", mixed, "--json", "--strict", "--rejects", rejects)
    assert done.status == 1
    problems = [
        (p["file"], p["row"], p["column"], p["value"]) for p in done.json["problems"] if p["severity"] == "error"
    ]
    assert problems == [("mixed.csv", 4, "Class", "Lapdog"), ("mixed.csv", 5, "Memory", "much")]
    told = {p["row"]: p for p in done.json["problems"] if p["severity"] == "error"}
    assert (told[4]["code"], told[4]["values"]) == ("class.unknown", {"name": "Lapdog"})
    assert told[4]["suggested"][0] == "Laptop"
    assert "Lapdog" in told[4]["message"]
    assert (done.json["read"], done.json["rejected"]) == (4, 2)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["Asset tag"], bool(r["Rejected because"])) for r in rows] == [("T-3", True), ("T-4", True)]
    mended = rejects.read_text("utf-8-sig").replace("Lapdog", "Laptop").replace("much", "4 GB")
    rejects.write_text(mended, "utf-8")
    assert terrier("import", rejects, "--json").json["created"] == 2


def test_all_or_nothing_writes_nothing_for_one_bad_row(terrier: Run, db: Path, mixed: Path) -> None:
    done = terrier("import", mixed, "--all-or-nothing", "--strict")
    assert done.status == 2
    assert "2 rows were rejected" in done.err
    assert not db.exists()


def test_a_dry_run_shows_all_and_writes_nothing(terrier: Run, db: Path, mixed: Path) -> None:
    done = terrier("import", mixed, "--dry-run", "--strict", "--json")
    assert (done.status, done.json["revision"], done.json["created"], done.json["rejected"]) == (1, None, 5, 2)
    assert not db.exists()
    assert "Nothing was written" in terrier("import", mixed, "--dry-run").out


def test_blank_cells_keep_unless_asked_to_clear(terrier: Run, db: Path, good: Path, tmp_path: Path) -> None:
    terrier("import", good)
    # The same file name speaks with the same voice, so it may take back what it said.
    good.write_text(GOOD.replace("8 GB;Ada Abel", ";Ada Abel"), "utf-8")
    assert terrier("import", good, "--json").json["updated"] == 0
    assert terrier("import", good, "--json", "--clear-blanks").json["updated"] == 1
    assert "memory" not in terrier("show", "T-1", "--json").json["attributes"]


def test_several_files_are_reconciled_together_in_one_revision(
    terrier: Run, db: Path, good: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Name,Email,Department\nAda Abel,ada@example.org,Sales\n", "utf-8")
    links = tmp_path / "links.csv"
    links.write_text("Source,Relationship,Target\npc-1,depends on,pc-2\n", "utf-8")
    done = terrier("import", good, people, links, "--json").json
    assert done["revision"] == 1
    assert done["relationships"] == 1
    assert len(terrier("list", "person", "--json").json) == 2
    assert terrier("list", "laptop", "--json", "--where", "assigned_to.department = Sales").json[0]["name"] == "pc-1"
    assert terrier("undo", "--json").json["deleted"] == done["created"]
    assert terrier("list", "--json").json == []


def corrupted(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that cannot be taken in, and a word of what must be said of them."""
    from importers.tables import Column, Table, write

    book = folder / "book.xlsx"
    write(book, [Table("Laptops", [Column("name", "Name")], [["one"]] * 200)])
    made: dict[str, tuple[bytes, str]] = {
        "cut.xlsx": (book.read_bytes()[:2000], "damaged"),
        "rubbish.xlsx": (os.urandom(4000), "rubbish.xlsx"),
        "program.csv": (b"\x7fELF" + bytes(500), "program"),
        "empty.csv": (b"", "empty"),
        "other.json": (b'{"a": 1}', "other.json"),
        "cut.json": (b'{"deviceid": "x-1", "content": {"hardware": {"name": "x"', "cut off"),
        "text.json": (b"not json {\n", "text.json is not valid JSON"),
        "lost.capture": (b"#section session collected 0.10\n[]\n#end\n", "does not begin with “#terrier-capture”"),
        "words.txt": (b"dear all,\nplease find attached nothing\n", "words.txt"),
    }
    found = {"missing.csv": (folder / "missing.csv", "no file"), "folder": (folder, "None of the 9 files")}
    for name, (content, word) in made.items():
        (folder / name).write_bytes(content)
        found[name] = (folder / name, word)
    book.unlink()
    return found


@pytest.mark.parametrize(
    "name",
    [
        "cut.xlsx",
        "rubbish.xlsx",
        "program.csv",
        "empty.csv",
        "other.json",
        "cut.json",
        "text.json",
        "lost.capture",
        "words.txt",
        "missing.csv",
        "folder",
    ],
)
def test_a_file_that_cannot_be_taken_in_is_one_clear_line(terrier: Run, db: Path, tmp_path: Path, name: str) -> None:
    inside = tmp_path / "files"
    inside.mkdir()
    path, word = corrupted(inside)[name]
    done = terrier("import", path)
    assert done.status == 2, done
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert word in done.err
    assert not db.exists()


def test_an_unknown_class_sheet_or_mapping_is_named(terrier: Run, db: Path, good: Path, tmp_path: Path) -> None:
    assert "no class “Lapdog”" in terrier("import", good, "--class", "Lapdog").err
    assert "Sheet9" in terrier("import", good, "--sheet", "Sheet9").err
    assert "no saved mapping" in terrier("import", good, "--mapping", "mine").err
    assert "not a mapping" in terrier("import", good, "--mapping", good).err
    assert not db.exists()


def test_an_exported_sheet_is_imported_unchanged_except_for_edited_cells(
    terrier: Run, estate: Path, tmp_path: Path
) -> None:
    import openpyxl

    book = tmp_path / "out.xlsx"
    assert terrier("export", "--out", book, "--json").json["rows"] == 8 + 3
    same = terrier("import", book, "--json")
    assert same.status == 0, same
    assert (same.json["revision"], same.json["unchanged"]) == (None, 8)
    edited = openpyxl.load_workbook(book)
    sheet = edited["Servers"]
    headers = [cell.value for cell in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[headers.index("Name")].value == "srv-01")
    row[headers.index("Memory (MiB)")].value = 4096
    edited.save(book)
    terrier("set", "A-2", "memory=1024")
    done = terrier("import", book, "--json").json
    assert (done["updated"], done["rejected"]) == (1, 0)
    assert terrier("show", "A-1", "--json").json["attributes"]["memory"] == 4096
    assert terrier("show", "A-2", "--json").json["attributes"]["memory"] == 1024


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".tsv", ".ods", ".json"])
def test_every_format_is_written_with_the_filter_applied(
    terrier: Run, estate: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out{ending}"
    done = terrier("export", "Computer", "--where", "memory > 8192", "--out", path, "--json")
    assert done.json == {"path": str(path), "rows": 1}
    assert path.stat().st_size > 0


def test_an_export_of_the_past_is_of_the_past(terrier: Run, estate: Path, tmp_path: Path) -> None:
    terrier("set", "A-1", "memory=1024")
    path = tmp_path / "then.csv"
    terrier("export", "Server", "--out", path, "--as-of", 1)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {r["Name"]: r["Memory (MiB)"] for r in csv.DictReader(file)} == {"srv-01": "8192", "srv-02": "16384"}


def test_a_scan_to_a_file_can_be_imported_and_a_scan_into_the_estate_is_the_same_computer(
    terrier: Run, db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "scan.json"
    scanned = terrier("scan", "--out", path, "--json")
    assert scanned.status == 0
    assert json.loads(path.read_text("utf-8")) == scanned.json
    assert not db.exists()
    first = terrier("import", path, "--json")
    assert first.status == 0, first
    assert first.json["created"] >= 1
    again = terrier("scan", "--json")
    assert again.status == 0, again
    assert again.json["created"] == 0
    computers: list[dict[str, Any]] = terrier("list", "computer", "--json").json
    assert len(computers) == 1
    software = terrier("show", computers[0]["id"], "--json").json["installations"]
    assert software
    assert len(software) == len({json.dumps(s, sort_keys=True) for s in software})


def test_two_rows_that_disagree_go_to_review_and_a_person_decides(terrier: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Serial number,Name,Class,Memory\nS-1,pc-1,Laptop,8 GB\nS-1,pc-1,Laptop,16 GB\n", "utf-8")
    done = terrier("import", path, "--json")
    assert done.status == 1
    assert len(done.json["review"]) == 1
    (item,) = terrier("review", "--json").json
    assert [c["choice"] for c in item["candidates"]][:2] == ["1", "2"]
    assert "review decide" in terrier("review").out
    assert terrier("review", "decide", item["id"], "9").status == 2
    wanted = next(c["choice"] for c in item["candidates"] if "16384" in c["text"])
    assert terrier("review", "decide", item["id"][:8], wanted, "--json").json["created"] == 1
    late = terrier("review", "decide", item["id"][:8], wanted)
    assert late.status == 2
    assert "“pc-1” was decided already: revision 2 by" in late.err
    assert terrier("review", "--json").json == []
    assert terrier("show", "S-1", "--json").json["attributes"]["memory"] == 16384


def test_two_rows_with_one_tag_are_both_kept_by_the_command_line(terrier: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("Asset tag,Name,Serial number,Class\nA7,pc-1,S-1,Laptop\nA7,pc-2,S-2,Laptop\n", "utf-8")
    assert terrier("import", path).status == 1
    (item,) = terrier("review", "--json").json
    refused = terrier("review", "decide", item["id"], "separate")
    assert refused.status == 2
    assert "must be one record's only" in refused.err
    assert terrier("review", "decide", item["id"], "separate", "--value", "9.asset_tag=A8").status == 2
    kept = terrier("review", "decide", item["id"], "separate", "--value", "2.asset_tag=A8", "--json")
    assert (kept.status, kept.json["created"]) == (0, 2)
    tags = {one["attributes"]["asset_tag"] for one in terrier("list", "laptop", "--json").json}
    assert tags == {"A7", "A8"}
    again = terrier("import", path, "--json")
    assert (again.status, again.json["revision"], again.json["review"]) == (0, None, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"apples": 1}', "JSON that is no inventory"),
        ("<?xml version='1.0'?><a/>", "XML whose outermost element is “a”"),
        (f"<?xml version='1.0'?><{'a' * 3_000}/>", f"XML whose outermost element is “{'a' * 80}”"),
        ("<html>", "a web page"),
    ],
)
def test_text_without_a_table_is_named_by_its_type(
    terrier: Run, db: Path, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    done = terrier("import", path, "--json")
    assert (done.status, done.out, db.exists()) == (2, "", False)
    assert f"a.csv is {said}." in done.err


def test_an_export_into_a_new_estate_is_the_same_estate(terrier: Run, estate: Path, tmp_path: Path) -> None:
    book, other = tmp_path / "out.xlsx", tmp_path / "other.terrier"
    # Two laptops of one name and nothing else to tell them apart are what no file can carry over.
    for one in terrier("list", "laptop", "--where", "name = twin", "--json").json:
        terrier("delete", one["id"])
    terrier("export", "--out", book)
    terrier("--db", other, "import", book, "--json")
    assert terrier("--db", other, "impact", "A-1", "--json").json["degraded"][0]["name"] == "Shop"
    before = {(r["class"], r["name"]): len(r["attributes"]) for r in terrier("list", "--json").json}
    after = {(r["class"], r["name"]): len(r["attributes"]) for r in terrier("--db", other, "list", "--json").json}
    assert after == before


def test_a_file_that_cannot_be_read_takes_no_other_with_it_and_lost_characters_are_said_by_value(
    terrier: Run, db: Path, good: Path, tmp_path: Path
) -> None:
    content = {"hardware": {"name": "pc-9"}, "bios": {"ssn": "PF0X1Y2Z"}, "softwares": [{"name": "Chip\udfff"}]}
    (tmp_path / "scan.json").write_text(json.dumps({"deviceid": "pc-9", "content": content}))
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04cut short")
    files = (tmp_path / "cut.xlsx", tmp_path / "scan.json", good)
    refused = terrier("import", *files, "--all-or-nothing", "--json")
    assert refused.status == 2
    assert not db.exists()
    done = terrier("import", *files, "--json")
    assert (done.status, done.json["read"], done.json["rejected"]) == (1, 3, 0)
    assert {(p["file"], p["value"], p["code"]) for p in done.json["problems"]} >= {
        ("cut.xlsx", "", "file.unread"), ("scan.json", "Chip\ufffd", "text.lost"),
    }  # fmt: skip
    assert terrier("show", "pc-9", "--json").json["installations"][0]["product"] == "Chip\ufffd"


def test_a_row_goes_in_without_a_cell_that_cannot_be_read_unless_strict_is_asked_for(
    terrier: Run, db: Path, mixed: Path
) -> None:
    done = terrier("import", mixed, "--json")
    assert (done.status, done.json["rejected"]) == (1, 1)
    assert [(p["value"], p["severity"]) for p in done.json["problems"]] == [("Lapdog", "error"), ("much", "left-out")]
    assert "memory" not in terrier("show", "pc-4", "--json").json["attributes"]
    assert "1 cell left out" in terrier("import", mixed).out


def test_what_was_uninstalled_is_counted() -> None:
    proposal = Proposal(Revision((), "anna"), removed=2)
    assert next(lines(Schema.load(), proposal, None)).endswith("0 rejected, 2 installations removed.")
