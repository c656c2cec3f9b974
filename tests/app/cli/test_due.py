"""``due``: on the terminal, as JSON, and as a calendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.app.cli.conftest import Done


def test_what_is_due_is_listed_and_written(terrier: Callable[..., Done], estate: Path, tmp_path: Path) -> None:
    assert terrier("create", "person", "name=Ann", "--db", estate).status == 0
    assert terrier("create", "task", "name=Write", "due=2026-01-05", "assignee=Ann", "--db", estate).status == 0
    listed = terrier("due", "--db", estate)
    assert ("Write" in listed.out, "Ann" in listed.out) == (True, True)
    document = terrier("due", "--days", "0", "--db", estate, "--json").json
    (row,) = [one for one in document["due"] if one["kind"] == "task"]
    assert (row["date"], row["name"], row["class"], row["remedy"]) == ("2026-01-05", "Write", "Task", "complete")
    out = tmp_path / "due.ics"
    assert terrier("due", "--db", estate, "--out", out).status == 0
    assert b"SUMMARY:Write: To be done" in out.read_bytes()
    assert terrier("report", "due", "--db", estate, "--out", tmp_path / "again.ics").status == 0
    assert terrier("due", "--days", "-1", "--db", estate).status == 2
    assert terrier("due", "--out", tmp_path / "due.txt", "--db", estate).status == 2


def test_what_an_item_has_by_its_model_is_shown_beside_what_it_has(terrier: Callable[..., Done], estate: Path) -> None:
    terrier("create", "Hardware model", "name=X1", "warranty_months=24", "--db", estate)
    made = terrier("create", "laptop", "name=Bought", "model=X1", "purchase_date=2026-01-31", "--db", estate)
    assert made.status == 0, made.err
    shown = terrier("show", "Bought", "--db", estate, "--json").json
    assert (shown["inherited"], "warranty_until" in shown["attributes"]) == ({"warranty_until": "2028-01-31"}, False)
    assert "from the model" in terrier("show", "Bought", "--db", estate).out
    (listed,) = terrier("list", "laptop", "--where", "warranty_until = 2028-01-31", "--db", estate, "--json").json
    assert listed["inherited"] == {"warranty_until": "2028-01-31"}


def test_an_audit_of_a_sample_expects_so_many(terrier: Callable[..., Done], estate: Path) -> None:
    made = terrier("audit", "new", "Spot check", "--sample", "1", "--db", estate, "--json")
    assert made.json["expected"] == 1, made.err
    assert terrier("audit", "new", "--sample", "501", "--db", estate).status == 2
