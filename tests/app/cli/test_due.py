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
