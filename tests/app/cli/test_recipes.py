"""A saved mapping replayed unattended: what it corrects, what waits for a person, and what no longer fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.imports.draft import open_workbook
from app.imports.mappings import keep_mapping, recipe_of
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate
from importers.spreadsheets import Mapping, ReadOptions, map_columns, open_file
from importers.spreadsheets.columns.mapping import REST
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
    assert counts == {"read": 4, "created": 2, "rejected": 1, "created_references": [], "unmapped": ["Extra"]}
    asked = {(one["class"], one["name"]): one["id"] for one in done.json["review"]}
    assert asked.keys() == {("Person", "Cy Poe"), ("Hardware model", "L541")}
    assert [p["value"] for p in done.json["problems"] if p["severity"] == "error"] == ["Trolley"]
    seen = {name: terrier("show", name, "--json").json for name in ("S2", "S3")}
    assert (seen["S2"]["class"], seen["S3"]["class"]) == ("Laptop", "Tablet")
    assert seen["S2"]["attributes"]["status"] == "Deployed"
    assert seen["S2"]["attributes"].keys().isdisjoint({"model", "assigned_to"})
    assert [one["name"] for one in terrier("list", "Manufacturer", "--json").json] == ["Lenovo"]

    again = terrier("import", "--mapping", "weekly", drop, "--json")
    assert (again.status, again.json["revision"], len(again.json["review"])) == (1, None, 2)

    assert terrier("review", "decide", asked["Hardware model", "L541"], "new").status == 0
    assert terrier("review", "decide", asked["Person", "Cy Poe"], "ignore").status == 0
    last = terrier("import", "--mapping", "weekly", drop, "--json")
    assert (last.status, last.json["updated"], last.json["review"]) == (1, 1, [])
    shown = terrier("show", "S2", "--json").json["attributes"]
    assert (shown["model"]["name"], "assigned_to" in shown) == ("L541", False)
    model = terrier("show", "Hardware model:L541", "--json").json
    assert model["attributes"]["manufacturer"]["name"] == "Lenovo"


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
    path.write_text("Name,Serial,Manufacturer,Status\na,1,LENOVO,ok\nb,2,LENOVO,ok\nc,3,Dell,fine\nd,4,Del,\n")
    [draft] = open_workbook(path, ReadOptions(), schema, ()).sheets
    for row, index, text in ((2, 2, "Lenovo"), (3, 2, "Lenovo"), (5, 1, "44"), (5, 0, "dd"), (2, 3, "Deployed")):
        draft.mend(row, index, text)
    kept = recipe_of(draft, schema)
    assert {c.header: c.replacements for c in kept.columns if c.replacements} == {
        "Manufacturer": (("LENOVO", "Lenovo"),)
    }
    again = Mapping.from_dict(kept.settle(REST, "laptop").to_dict())
    assert [c.replacements for c in again.columns] == [c.replacements for c in kept.columns]
    assert again.class_words == {REST: "laptop"}
