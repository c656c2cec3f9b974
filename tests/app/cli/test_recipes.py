"""A saved mapping replayed unattended: what it corrects, what waits for a person, and what no longer fits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import mapping_named
from app.imports.draft import change_options, check_sheets, open_workbook
from app.imports.mappings import keep_mapping, recipe_of
from app.imports.new_records import key_of
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate, open_estate
from importers.spreadsheets import Mapping, ReadOptions, map_columns, open_file
from importers.spreadsheets.columns.mapping import REST, KeptFormats, NameChoice
from importers.spreadsheets.files.text import read_text
from tests.app.cli.conftest import Done

Run = Callable[..., Done]
FIRST = "Thing,Serial,Kind,Maker,Model,Holder,State\nnb-1,S1,Notebook,Lenovo,L540,Ann Lee,ok\n"
NEXT = (
    "Holder,Extra,Thing,Serial,Kind,Maker,Model,State\n"
    "Ann Lee,x,nb-1,S1,Notebook,LENOVO GROUP,L540,ok\n"
    "Cy Poe,,nb-2,S2,Notebook,Lenovo,L541,ok\n"
    ",,nb-3,S3,Gadget,Lenovo,L540,ok\n"
    ",,nb-4,S4,Trolley,,,ok\n"
)


@pytest.fixture
def recipe(terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An estate with the mapping "weekly", and what its first file brought."""
    estate = tmp_path / "estate.terrier"
    monkeypatch.setenv("TERRIER_DB", str(estate))
    first = tmp_path / "first.csv"
    first.write_text(FIRST)
    schema = Schema.load()
    mapping = map_columns(open_file(first).sheets[0], schema, "Hardware")
    for index, role, name in ((0, "attribute", "name"), (2, "class", ""), (6, "attribute", "status")):
        mapping = mapping.use(index, role=role, name=name)
    mapping = mapping.use(6, replacements=(("ok", "Deployed"),)).use(3, replacements=(("LENOVO GROUP", "Lenovo"),))
    mapping = Mapping.from_dict({**mapping.settle("Gadget", "tablet").to_dict(), "name": "weekly"})
    store = create_estate(estate)
    with store.read() as reader:
        revision = keep_mapping(reader, mapping, "anna")
    store.apply(revision)
    store.close()
    assert terrier("import", first).status == 0  # by its columns: what it names is created
    return tmp_path


def test_a_recipe_corrects_and_what_is_new_waits(terrier: Run, recipe: Path) -> None:
    drop = recipe / "next.csv"
    drop.write_text(NEXT)
    done = terrier("import", "--mapping", "weekly", drop, "--json")
    assert done.status == 1
    counts = {k: done.json[k] for k in ("read", "created", "rejected", "created_references", "unmapped")}
    assert counts == {"read": 4, "created": 2, "rejected": 0, "created_references": [], "unmapped": ["Extra"]}
    asked = {(one["class"], one["name"]): one["id"] for one in done.json["review"]}
    assert asked.keys() == {("Person", "Cy Poe"), ("Hardware model", "L541"), ("Hardware", "Trolley")}
    assert [p for p in done.json["problems"] if p["severity"] == "error"] == []
    seen = {name: terrier("show", name, "--json").json for name in ("S2", "S3")}
    assert (seen["S2"]["class"], seen["S3"]["class"]) == ("Laptop", "Tablet")
    assert seen["S2"]["attributes"]["status"] == "Deployed"
    assert seen["S2"]["attributes"].keys().isdisjoint({"model", "assigned_to"})
    assert [one["name"] for one in terrier("list", "Manufacturer", "--json").json] == ["Lenovo"]

    again = terrier("import", "--mapping", "weekly", drop, "--json")
    assert (again.status, again.json["revision"], len(again.json["review"])) == (1, None, 3)

    assert terrier("review", "decide", asked["Hardware model", "L541"], "new").status == 0
    assert terrier("review", "decide", asked["Person", "Cy Poe"], "ignore").status == 0
    assert "not one of the choices" in terrier("review", "decide", asked["Hardware", "Trolley"], "carrot").err
    assert "several classes" in terrier("review", "decide", asked["Hardware", "Trolley"], "Hardware").err
    assert terrier("review", "decide", asked["Hardware", "Trolley"], "Thin client").status == 0
    last = terrier("import", "--mapping", "weekly", drop, "--json")
    assert (last.status, last.json["created"], last.json["updated"], last.json["review"]) == (0, 1, 1, [])
    shown = terrier("show", "S2", "--json").json["attributes"]
    assert (shown["model"]["name"], "assigned_to" in shown) == ("L541", False)
    assert terrier("show", "S4", "--json").json["class"] == "Thin client"
    model = terrier("show", "Hardware model:L541", "--json").json
    assert model["attributes"]["manufacturer"]["name"] == "Lenovo"

    assert terrier("undo", int(last.json["revision"]) - 1).status == 0  # the answer about trolleys
    asks = terrier("import", "--mapping", "weekly", drop, "--json")
    assert [one["id"] for one in asks.json["review"]] == [asked["Hardware", "Trolley"]]


def test_a_mapping_in_a_file_asks_too_and_its_answers_stay_with_the_questions(terrier: Run, recipe: Path) -> None:
    saved = open_estate(recipe / "estate.terrier")
    with saved.read() as reader:
        [fields] = reader.records("mapping").values()
    saved.close()
    body = dict(fields["columns"])
    body.pop("class_words")
    mapping, drop = recipe / "other.json", recipe / "next.csv"
    mapping.write_text(json.dumps({"name": "other", "columns": body}))
    drop.write_text(NEXT)
    done = terrier("import", "--mapping", mapping, drop, "--json")
    asked = {one["name"]: one["id"] for one in done.json["review"] if one["kind"] == "class"}
    assert (done.status, done.json["rejected"], asked.keys()) == (1, 0, {"Gadget", "Trolley"})
    assert terrier("review", "decide", asked["Gadget"], "tablet").status == 0
    assert terrier("review", "decide", asked["Trolley"], "ignore").status == 0
    done = terrier("import", "--mapping", mapping, drop, "--json")
    assert (done.json["created"], [one for one in done.json["review"] if one["kind"] == "class"]) == (1, [])
    assert [p["message"] for p in done.json["problems"] if p["code"] == "class.left-out"] == [
        "1 row of “Trolley” was left out, as was decided."
    ]
    assert terrier("show", "S3", "--json").json["class"] == "Tablet"


def test_a_recipe_that_no_longer_fits_is_one_line_and_writes_nothing(terrier: Run, recipe: Path) -> None:
    before = terrier("history", "--json").json["revisions"]
    good, other, foreign = recipe / "good.csv", recipe / "other.csv", recipe / "foreign.csv"
    good.write_text(FIRST.replace("S1", "S7"))
    other.write_text("Thing,Serial,Kind,Model,Holder,State\nnb-8,S8,Notebook,L540,Ann Lee,ok\n")
    foreign.write_text("Apples,Pears\n1,2\n")
    for files, said in (((good, other), "Maker"), ((good, foreign), "Thing"), ((foreign,), "Thing")):
        done = terrier("import", "--mapping", "weekly", *files)
        assert done.status == 2
        assert len(done.err.strip().splitlines()) == 1
        assert ("does not fit weekly" in done.err, said in done.err) == (True, True)
    assert terrier("history", "--json").json["revisions"] == before


def test_the_corrections_of_words_are_kept_with_a_mapping(tmp_path: Path) -> None:
    path, schema = tmp_path / "laptops.csv", Schema.load()
    path.write_text(
        "Name,Serial,Manufacturer,Status,Cost centre,Purchase date\na,1,LENOVO,ok,K-1,on order\n"
        "b,2,LENOVO,ok,K 1,on order\nc,on site,Dell,fine,K-1,2024-02-31\nd,4,Del,,K-1,2024-02-01\n"
    )
    [draft] = open_workbook(path, ReadOptions(), schema, ()).sheets
    for row, index, text in ((2, 2, "Lenovo"), (3, 2, "Lenovo"), (5, 1, "44"), (5, 0, "dd"), (2, 3, "Deployed"),
                             (4, 1, ""), (3, 4, "K-1"), (2, 5, ""), (3, 5, ""), (4, 5, "2024-03-02")):  # fmt: skip
        draft.mend(row, index, text)
    kept = recipe_of(draft, schema)
    assert {c.header: c.replacements for c in kept.columns if c.replacements} == {
        "Serial": (("on site", ""),), "Manufacturer": (("LENOVO", "Lenovo"),), "Cost centre": (("K 1", "K-1"),),
        "Purchase date": (("on order", ""),),
    }  # fmt: skip
    again = Mapping.from_dict(kept.settle(REST, "laptop").to_dict())
    assert [c.replacements for c in again.columns] == [c.replacements for c in kept.columns]
    assert again.class_words == {REST: "laptop"}


def test_what_was_decided_of_new_names_is_kept_and_replayed(
    terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    create_estate(tmp_path / "estate.terrier").close()
    lenovo = terrier("create", "Manufacturer", "name=Lenovo", "--json").json["id"]
    week = tmp_path / "laptops.csv"
    week.write_text("Name,Serial,Manufacturer,Assigned to\na,1,Lenvo,Ann Lee\nb,2,Dell,Pool Desk\n")
    schema = Schema.load()
    [draft] = open_workbook(week, ReadOptions(), schema, ()).sheets
    check_sheets(Control(), [draft], schema)
    decided = [
        NameChoice("manufacturer", "Lenvo", lenovo, "Lenovo"), NameChoice("person", "Pool Desk"),
        NameChoice("manufacturer", "Fujitsi", lenovo, "Lenovo"),  # of another sheet
    ]  # fmt: skip
    kept = recipe_of(draft, schema, {key_of(one): one for one in decided})
    assert kept.names == tuple(decided[:2])
    assert Mapping.from_dict(kept.to_dict()).names == kept.names
    recipe = tmp_path / "weekly.json"
    recipe.write_text(json.dumps({**kept.to_dict(), "name": "weekly"}))

    done = terrier("import", "--mapping", recipe, week, "--json")
    assert {one["name"] for one in done.json["review"]} == {"Dell", "Ann Lee"}
    assert (done.json["created"], done.json["created_references"]) == (2, [])
    first, second = (terrier("show", serial, "--json").json["attributes"] for serial in "12")
    assert (first["manufacturer"]["id"], "assigned_to" in second) == (lenovo, False)
    other = terrier("create", "Manufacturer", "name=Lenovo Group", "--json").json["id"]
    assert terrier("merge", lenovo, f"into={other}").status == 0
    week.write_text(week.read_text().replace("\na,1", "\nc,3"))
    terrier("import", "--mapping", recipe, week)
    assert terrier("show", "3", "--json").json["attributes"]["manufacturer"]["id"] == other

    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "another.terrier"))
    done = terrier("import", "--mapping", recipe, week, "--json")
    assert {one["name"] for one in done.json["review"]} == {"Lenovo", "Dell", "Ann Lee"}  # as it is spelled
    assert [one["name"] for one in terrier("list", "Manufacturer", "--json").json] == []


def test_what_lies_in_a_folder_beside_the_files_of_a_recipe_is_named_and_stops_nothing(
    terrier: Run, recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = recipe / "drop"
    drop.mkdir()
    (drop / "good.csv").write_text(FIRST.replace("nb-1,S1", "nb-7,S7"))
    (drop / "grows.csv").write_text(FIRST.replace("S1", "S8"))
    (drop / "foreign.csv").write_text("Apples,Pears\n1,2\n")
    (drop / "cut.xlsx").write_bytes(b"PK\x03\x04rubbish")
    (drop / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n123")

    def read(name: str, *rest: Any) -> Any:
        if name == "grows.csv":
            with (drop / name).open("a") as file:
                file.write("nb-9,S9,Note")
        return read_text(name, *rest)

    monkeypatch.setattr("importers.spreadsheets.sheets.opening.read_text", read)
    done = terrier("import", "--mapping", "weekly", drop, "--json")
    assert (done.status, done.json["created"]) == (1, 1)
    said = {p["file"]: (p["severity"], p["code"]) for p in done.json["problems"]}
    assert said == {
        "grows.csv": ("error", "file.unread"), "foreign.csv": ("error", "file.unread"),
        "cut.xlsx": ("error", "file.unread"), "picture.png": ("warning", "file.unknown"),
    }  # fmt: skip
    assert "changed while it was read" in next(p["message"] for p in done.json["problems"] if p["file"] == "grows.csv")


def test_two_saved_mappings_of_the_same_columns_are_not_guessed_between(terrier: Run, recipe: Path) -> None:
    store = open_estate(recipe / "estate.terrier")
    with store.read() as reader:
        weekly = mapping_named(reader, "weekly")
        same = keep_mapping(reader, replace(weekly, name="same"), "anna")
    store.apply(same)
    first = recipe / "first.csv"
    assert terrier("import", first).status == 0, "they mean the same"
    with store.read() as reader:
        columns = weekly.use(6, replacements=(("ok", "In stock"),))
        other = keep_mapping(reader, replace(columns, name="other"), "anna")
    store.apply(other)
    [draft] = open_workbook(first, ReadOptions(), store.schema, (weekly, replace(columns, name="other"))).sheets
    assert draft.mapping.name == "other", "in the window the latest, where it is shown"
    newer = Edit(Record("mapping", (new_id(),)), "", None, {"name": "newer", "columns": {"kind": "cloud"}})
    store.apply(Revision([newer], "anna"))
    store.close()
    assert "of a later Terrier" in terrier("import", "--mapping", "newer", first).err
    done = terrier("import", first)
    assert done.status == 2
    assert "several saved mappings: weekly, other. Name one (--mapping" in done.err
    assert terrier("import", "--mapping", "other", first).status == 0


def test_how_a_file_was_read_is_kept_with_a_recipe(
    terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    schema, week = Schema.load(), tmp_path / "laptops.csv"
    top = "Stock\n\nName;Serial;Purchase date;Purchase cost;Notes\n"
    week.write_bytes(f"{top}a;1;04/13/2024;1.100,50;Łódź\n".encode("cp1250"))
    [draft] = open_workbook(week, ReadOptions(), schema, ()).sheets
    draft = change_options(draft, schema, (), encoding="cp1250")
    draft = change_options(draft, schema, (), header_row=3)
    kept = recipe_of(draft, schema)
    assert kept.formats == KeptFormats(day_first=False, decimal_comma=True, encoding="cp1250", header_row=3)
    assert Mapping.from_dict(kept.to_dict()).formats == kept.formats
    recipe = tmp_path / "weekly.json"
    recipe.write_text(json.dumps({**kept.to_dict(), "name": "weekly"}))
    week.write_bytes(f"{top}b;2;03/04/2024;1.100;Śl\n".encode("cp1250"))
    done = terrier("import", "--mapping", recipe, week, "--json")
    assert (done.status, done.json["problems"]) == (0, [])
    values = terrier("show", "2", "--json").json["attributes"]
    assert (values["purchase_date"], values["purchase_cost"], values["notes"]) == ("2024-03-04", 1100, "Śl")
    week.write_text(f"{top}c;3;03/04/2024;1;\nd;4;14/04/2024;1;\n")
    terrier("import", "--mapping", recipe, week)
    assert terrier("show", "3", "--json").json["attributes"]["purchase_date"] == "2024-04-03", "the file shows it"
