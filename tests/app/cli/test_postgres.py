"""The same commands on a shared database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.app.cli.conftest import Done

Run = Callable[..., Done]


def test_an_estate_in_postgresql_works_as_one_in_a_file(
    terrier: Run, postgres: Callable[[], str], tmp_path: Path
) -> None:
    url = postgres()
    foreign = terrier("--db", url, "list")
    assert foreign.status == 2
    assert "not a Terrier estate" in foreign.err
    assert terrier("new", url, "--json").json["records"] == 0
    assert "already" in terrier("new", url).err
    table = tmp_path / "laptops.csv"
    table.write_text("Asset tag,Name,Class,Memory\nT-1,pc-1,Laptop,8 GB\nT-2,pc-2,Laptop,16 GB\n", "utf-8")
    assert terrier("--db", url, "import", table, "--json").json["created"] == 2
    assert terrier("--db", url, "set", "T-1", "memory=1024", "--json").json["revision"] == 2
    found = terrier("--db", url, "list", "laptop", "--where", "memory < 2000", "--json").json
    assert [one["name"] for one in found] == ["pc-1"]
    then = terrier("--db", url, "show", "T-1", "--as-of", 1, "--json").json
    assert then["attributes"]["memory"] == 8192
    assert terrier("--db", url, "undo", 1, "--json").json["kept"]
    assert terrier("--db", url, "check", "--json").json == {"problems": []}
    backup = terrier("--db", url, "backup", tmp_path / "x.terrier")
    assert backup.status == 2
    assert "pg_dump" in backup.err


def test_a_server_that_does_not_answer_is_one_line(terrier: Run, tmp_path: Path) -> None:
    done = terrier("--db", f"postgresql://nobody:secret@/none?host={tmp_path}", "list")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert "secret" not in done.err
