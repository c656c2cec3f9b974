"""``draft``, and ``--draft`` with other commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def filled(terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with an empty estate."""
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "drafts.terrier"))
    assert terrier("new", tmp_path / "drafts.terrier").status == 0
    return terrier


def test_commands_write_into_it_and_read_with_it(filled: Run, tmp_path: Path) -> None:
    assert filled("create", "laptop", "name=LT-1", "serial_number=SN-1").status == 0
    assert filled("draft", "new", "Plan").status == 0
    sheet = tmp_path / "new.csv"
    sheet.write_text("Name,Class,Serial number\nLT-1,Laptop,SN-1\nLT-2,Laptop,SN-2\n", "utf-8")
    done = filled("import", str(sheet), "--draft", "plan", "--json").json
    assert (done["revision"], done["draft"], done["created"]) == (None, "Plan", 1)
    assert filled("import", str(sheet), "--draft", "Plan", "--json").json["unchanged"] == 2
    assert filled("retire", "LT-1", "--draft", "Plan", "--json").json["revision"] is None
    names = [one["name"] for one in filled("list", "laptop", "--draft", "Plan", "--json").json]
    assert names == ["LT-1", "LT-2"]
    assert [one["name"] for one in filled("list", "laptop", "--json").json] == ["LT-1"]
    shown = filled("draft", "show", "Plan", "--json").json
    assert (shown["created"], shown["updated"], shown["conflicts"]) == (1, 1, [])
    assert "Retired" in filled("draft", "show", "Plan").out


def test_what_another_changed_meanwhile_is_a_conflict_to_settle(filled: Run) -> None:
    for name in ("LT-1", "LT-2"):
        filled("create", "laptop", f"name={name}")
    filled("draft", "new", "Plan")
    for name in ("LT-1", "LT-2"):
        assert filled("set", name, "notes=planned", "--draft", "Plan").status == 0
    filled("set", "LT-1", "notes=found broken")
    applied = filled("draft", "apply", "Plan", "--json")
    assert applied.status == 1
    (conflict,) = applied.json["conflicts"]
    assert conflict["fields"] == [
        {"field": "notes", "before": None, "draft": "planned", "estate": "found broken"},
    ]
    assert filled("show", "LT-2", "--json").json["attributes"]["notes"] == "planned"
    assert filled("draft", "apply", "Plan", "--keep", "draft", "--record", "LT-1").status == 0
    assert filled("show", "LT-1", "--json").json["attributes"]["notes"] == "planned"
    assert filled("draft", "list", "--json").json == {"drafts": []}
    assert filled("undo").status == 0
    assert [one["name"] for one in filled("draft", "list", "--json").json["drafts"]] == ["Plan"]
    assert filled("draft", "drop", "Plan").status == 0


def test_what_makes_no_sense_is_said(filled: Run) -> None:
    filled("create", "laptop", "name=LT-1")
    filled("draft", "new", "Plan")
    filled("set", "LT-1", "notes=planned", "--draft", "Plan")
    for words in (
        ("draft", "new", "PLAN"), ("draft", "new", " "), ("draft", "show"), ("draft", "show", "Other"),
        ("list", "--draft", "Other"), ("undo", "--draft", "Plan"), ("draft", "apply", "Plan", "--record", "LT-1"),
        ("draft", "show", "Plan", "--keep", "draft"), ("check", "--draft", "Plan"),
    ):  # fmt: skip
        assert filled(*words).status == 2, words
    assert filled("draft", "show", "Plan", "--json").json["updated"] == 1
