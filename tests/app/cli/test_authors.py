"""Who writes on the command line, and what becomes of an older estate whose journal was changed."""

from __future__ import annotations

import gzip
import os
import pwd
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.settings import Settings
from tests.app.cli.conftest import Done

LOGIN = pwd.getpwuid(os.getuid()).pw_name
KEPT = Path(__file__).parents[2] / "cmdb" / "store" / "upkeep" / "kept" / "format-2.terrier.gz"


def test_the_login_is_the_systems_and_the_name_what_was_given(
    terrier: Callable[..., Done], estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "USERNAME", "TERRIER_AUTHOR", "TERRIER_USER"):
        monkeypatch.setenv(name, "mallory")
    assert terrier("set", "nb-1", "notes=one").status == 0
    Settings().set("name", "Mira Jansen")
    assert terrier("set", "nb-1", "notes=two").status == 0
    named, plain, before = terrier("history", "--json").json["revisions"]
    assert (plain["author"], plain["actor"]) == (LOGIN, {"kind": "person", "name": LOGIN, "login": LOGIN})
    assert (named["author"], named["actor"]["login"]) == ("Mira Jansen", LOGIN)
    assert before["actor"] == {"kind": "person", "name": "tester"}
    assert len({one["copy"] for one in (named, plain, before)}) == 1
    assert f"Mira Jansen ({LOGIN})" in terrier("history").out
    feed = terrier("changes", "--since", "1", "--json").out
    assert "Mira Jansen" in feed
    assert "mallory" not in feed


def test_a_changed_journal_is_taken_over_only_if_that_is_said(terrier: Callable[..., Done], tmp_path: Path) -> None:
    where = tmp_path / "old.terrier"
    where.write_bytes(gzip.decompress(KEPT.read_bytes()))
    with closing(sqlite3.connect(where)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number = 4")
    refused = terrier("--db", where, "check")
    assert refused.status == 2
    assert "check --accept-changed-journal" in refused.err
    accepted = terrier("--db", where, "check", "--accept-changed-journal", "--json")
    assert accepted.status == 1
    assert accepted.json["problems"][0].startswith("Revision 4 had been changed from outside")
    again = terrier("--db", where, "check", "--json")
    assert again.json["problems"] == accepted.json["problems"]
