"""``recognise``: what no rule knows is listed; what a person says is one revision, and is taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate
from tests.app.cli.conftest import Done

Terrier = Callable[..., Done]


@pytest.fixture
def named(tmp_path: Path) -> Path:
    path = tmp_path / "named.terrier"
    store = create_estate(path)
    pcs = [Edit(ci(new_id()), "", None, {"class": "laptop", "name": f"PC-{n}"}) for n in range(2)]
    names = [("Frob Suite", "Frob Inc."), ("Frob Suite", "Another"), ("Google Chrome", "Google LLC")]
    installed = [
        Edit(Record("installation", (pc.record.key[0], "", maker, name, "", "3.1")), "", None, {"origin": "scan"})
        for pc in pcs
        for name, maker in names
    ]
    store.apply(Revision([*pcs, *installed], "anna", "scan"))
    store.close()
    return path


def test_a_name_is_listed_said_and_taken_back(named: Path, terrier: Terrier) -> None:
    def run(*words: str) -> Any:
        done = terrier("--db", str(named), "recognise", *words, "--json")
        assert done.status == 0, done.err
        return done.json

    listed = run()
    assert [(one["name"], one["computers"]) for one in listed] == [("Frob Suite", 2)] * 2
    assert len(run("--all")) == 3
    refused = terrier("--db", str(named), "recognise", "Frob Suite", "--as", "Visio")
    assert refused.status == 2
    assert "--publisher" in refused.err
    one = ("Frob Suite", "--publisher", "Frob Inc.")
    asked = run(*one, "--as", "Visio", "--dry-run")
    assert (asked["installations"], asked["product"]) == (2, "")
    run(*one, "--as", "Visio", "--edition", "Professional")
    known = run(*one)
    assert (known["product"], known["edition"], known["said"], known["confidence"]) == (
        "Visio", "Professional", True, 100,
    )  # fmt: skip
    run(*one, "--kind", "none")
    assert run(*one)["kind"] == "none"
    run(*one, "--back")
    assert run(*one)["said"] is False
    assert terrier("--db", str(named), "recognise", *one, "--back").status == 2
    assert terrier("--db", str(named), "recognise", "Nothing", "--back").status == 2


def test_what_is_said_in_a_draft_is_told_of_it_and_becomes_true_with_it(named: Path, terrier: Terrier) -> None:
    def run(*words: str) -> str:
        done = terrier("--db", str(named), *words)
        assert done.status == 0, done.err
        return done.out

    run("draft", "new", "Names")
    for maker in ("Frob Inc.", "Another"):
        said = run("recognise", "Frob Suite", "--publisher", maker, "--kind", "driver", "--draft", "Names")
        assert said.splitlines()[-1] == "Draft “Names”: Recognition of a name."
    shown = terrier("--db", str(named), "draft", "show", "Names", "--json").json
    assert (shown["records"], shown["decisions"], shown["others"]) == ([], 0, {"recognition": 2})
    assert "holds nothing" not in run("draft", "show", "Names")
    assert len(terrier("--db", str(named), "recognise", "--json").json) == 2
    run("draft", "apply", "Names")
    assert terrier("--db", str(named), "recognise", "--json").json == []
