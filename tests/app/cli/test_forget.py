"""``forget``: what a source said goes, in one revision; without one, the sources are listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def stocked(terrier: Run, estate: Path, tmp_path: Path) -> Path:
    """The small estate with a list of two laptops, one of which is there."""
    path = tmp_path / "stock.csv"
    path.write_text("Class,Name,Asset tag,Cost centre\nLaptop,nb-1,A-3,100\nLaptop,nb-9,A-9,200\n")
    assert terrier("import", path, "--json").json["created"] == 1
    return path


def test_the_sources_are_listed(terrier: Run, stocked: Path) -> None:
    (one,) = terrier("forget", "--json").json
    assert (one["source"], one["records"], one["links"], one["revision"]) == ("sheet:stock.csv", 2, 0, 2)
    assert "sheet:stock.csv: 2 records" in terrier("forget").out


def test_a_source_is_forgotten_and_that_is_undone(terrier: Run, stocked: Path) -> None:
    dry = terrier("forget", "stock.csv", "--dry-run", "--json").json
    assert (dry["revision"], dry["deleted"], dry["updated"]) == (None, 1, 1)
    assert terrier("forget", "sheet stock.csv", "--dry-run", "--json").json == dry, "as records show it"
    done = terrier("forget", "sheet:stock.csv", "--json")
    assert (done.status, done.json["revision"], done.json["deleted"], done.json["kept"]) == (0, 3, 1, [])
    assert terrier("show", "A-9").status == 2
    assert "cost_centre" not in terrier("show", "A-3", "--json").json["attributes"]
    assert terrier("undo", "--json").json["undone"] == 3
    assert terrier("show", "A-9", "--json").json["attributes"]["cost_centre"] == "200"
    assert "1 record that only it knew goes" in terrier("forget", "stock.csv").out
    again = terrier("forget", "stock.csv")
    assert again.status == 2


def test_only_of_the_records_that_match(terrier: Run, stocked: Path) -> None:
    done = terrier("forget", "stock.csv", "--where", "cost_centre = 100", "--json").json
    assert (done["deleted"], done["updated"]) == (0, 1)
    assert terrier("show", "A-9").status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "sheet:stock.csv"),
        (("person",), "by hand"),
        (("stock.csv", "--where", "wings = 2"), "wings"),
        (("--where", "name = x"), "Which source"),
    ],
)
def test_what_cannot_be_forgotten_is_one_line(terrier: Run, stocked: Path, words: tuple[str, ...], said: str) -> None:
    wrong = terrier("forget", *words)
    assert (wrong.status, len(wrong.err.splitlines()), said in wrong.err) == (2, 1, True)
    assert len(terrier("history", "--json").json["revisions"]) == 2


def test_a_relationship_names_the_sources_that_state_it(terrier: Run, estate: Path, tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text("Source,Relationship,Target\nnb-1,depends on,srv-01\n")
    assert terrier("import", path, "--json").json["relationships"] == 1
    assert terrier("import", path, "--json").json["revision"] is None, "it says nothing new"

    def stated() -> list[object]:
        shown = terrier("show", "nb-1", "--json").json["relationships"]
        return [one.get("stated_by") for one in shown]

    assert stated() == [["sheet:links.csv"]]
    terrier("link", "nb-1", "depends on", "srv-01")
    assert stated() == [["person", "sheet:links.csv"]]
    assert terrier("forget", "links.csv", "--json").json["left"] == 1
    assert stated() == [["person"]]
