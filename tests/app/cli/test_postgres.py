"""The same commands on a shared database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
    checked = terrier("--db", url, "check", "--json").json
    assert checked.keys() == {"problems", "remarks", "head"}
    assert checked["problems"] == []
    backup = terrier("--db", url, "backup", tmp_path / "x.terrier")
    assert backup.status == 2
    assert "pg_dump" in backup.err


def test_a_server_that_does_not_answer_is_one_line(terrier: Run, tmp_path: Path) -> None:
    done = terrier("--db", f"postgresql://nobody:secret@/none?host={tmp_path}", "list")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
    assert "secret" not in done.err


def test_an_estate_is_moved_to_a_server_and_back(
    terrier: Run, estate: Path, postgres: Callable[[], str], tmp_path: Path
) -> None:
    assert terrier("set", "A-1", "memory=1024", "--json").json["revision"] == 2
    records = len(terrier("list", "--json").json)
    journal = terrier("history", "--json").json
    url = postgres()
    assert terrier("move", url, "--json").json == {"path": url, "records": records, "revisions": 2}
    assert terrier("--db", url, "history", "--json").json == journal
    assert terrier("--db", url, "show", "A-1", "--as-of", 1, "--json").json["attributes"]["memory"] == 8192
    checked = terrier("--db", url, "check", "--json").json
    assert checked.keys() == {"problems", "remarks", "head"}
    assert checked["problems"] == []
    back = tmp_path / "back.terrier"
    done = terrier("--db", url, "move", back)
    assert done.status == 0
    assert f"Copied {records} records and 2 revisions to {back}." in done.out
    assert "stays as it is" in done.out
    assert terrier("--db", back, "history", "--json").json == journal
    assert len(terrier("list", "--json").json) == records, "what was moved is still there"

    again = terrier("move", url)
    assert again.status == 2
    assert "already has tables" in again.err
    assert len(again.err.splitlines()) == 1
    assert "already exists" in terrier("move", back).err
    assert "does not exist" in terrier("move", tmp_path / "nowhere" / "x.terrier").err
    nobody = terrier("move", f"postgresql://me:secret@/none?host={tmp_path}")
    assert nobody.status == 2
    assert "cannot be reached" in nobody.err
    assert "secret" not in nobody.err


SECRET = "s3cret"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}/x@{{host}}/none",
        f"postgres://me:a@{SECRET}%@{{host}}/none",
        f"postgresql+psycopg://me@{{host}}/none?password={SECRET}&sslpassword={SECRET}&passfile={SECRET}",
        f"postgresql:///none?host={{folder}}&user=me&password={SECRET}&options=-c%20a.b={SECRET}",
        f"postgresql://me:{SECRET}@{{host}},{{host}}/none",
        f"postgresql://me:{SECRET}@[::1]:1/none",
        f"postgresql:///none?service={{host}}-none&password={SECRET}",
        f"postgresql://me:{SECRET}@{{host}}/none?connect_timeout=soon",
        f"postgresql://me:{SECRET}@{{host}}/none?sslmode=soon",
        f"postgresql://me:{SECRET}@{'h' * 300}/none",
        f"postgresql://127.0.0.1:{SECRET}/none",
        f"postgresql://me:1?{SECRET}=@127.0.0.1/none",
        f"postgresql:/me:{SECRET}@127.0.0.1/none",
        f"mysql://me:{SECRET}@127.0.0.1/none",
        f"host=127.0.0.1 password={SECRET}",
    ],
)
def test_no_message_repeats_a_password(terrier: Run, tmp_path: Path, url: str) -> None:
    """Port 1 answers nobody."""
    url = url.format(host="127.0.0.1:1", folder=tmp_path)
    for words in (
        ("--db", url, "list", "--json"),
        ("list", f"--db={url}"),
        ("new", url),
        ("--db", url, "restore", tmp_path / "x.terrier"),
        ("--db", url, "encrypt"),
        ("list", "laptop", url, "too many"),
        (url,),
        ("list", "--limit", url),
    ):
        done = terrier(*words)
        assert done.status == 2, (words, done)
        assert len(done.err.splitlines()) == 1, done.err
        assert SECRET not in done.err + done.out


def test_a_move_names_neither_server_with_its_password(terrier: Run, estate: Path, postgres: Callable[[], str]) -> None:
    url = postgres() + f"&password={SECRET}&options=-c%20search_path%3Dpublic"
    said = [
        terrier("move", url),
        terrier("move", url),
        terrier("--db", url, "check"),
        terrier("--db", url, "backup", "x"),
        terrier("--db", url, "import", estate.with_name("none.csv")),
        terrier("--db", url, "history", "--json"),
    ]
    assert [one.status for one in said] == [0, 2, 0, 2, 2, 0]
    assert SECRET not in "".join(one.err + one.out for one in said)
