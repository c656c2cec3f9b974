"""``pack out`` and ``pack in``: a part goes along, what was done in it comes back, conflicts are decided."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.app.cli.conftest import Done


def test_a_pack_goes_out_and_comes_back_with_a_conflict(
    terrier: Callable[..., Done], estate: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "room.terrier"
    out = terrier("pack", "out", pack, "--where", "name = srv-01", "--json")
    assert (out.status, out.json["records"]) == (0, 2), out.err
    assert terrier("--db", pack, "set", "srv-01", "memory=1024").status == 0
    assert terrier("set", "srv-01", "memory=2048").status == 0
    tried = terrier("pack", "in", pack, "--dry-run", "--json")
    assert (tried.status, len(tried.json[0]["conflicts"])) == (1, 1), tried.err
    back = terrier("pack", "in", pack, "--json")
    (conflict,) = back.json[0]["conflicts"]
    assert (back.status, conflict["said"], conflict["present"]) == (1, 1024, 2048)
    assert terrier("review", "decide", conflict["id"], "take").status == 0
    assert "1024" in terrier("show", "srv-01", "--json").out
    assert "nothing new" in terrier("pack", "in", pack).out
    assert terrier("pack", "in", estate).status == 2


def test_a_pack_that_is_refused_takes_no_other_with_it(
    terrier: Callable[..., Done], estate: Path, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.terrier", tmp_path / "bad.terrier"
    assert terrier("pack", "out", good, "--audit", "srv-01").err.strip().endswith("srv-01 is no audit.")
    for pack in (good, bad):
        assert terrier("pack", "out", pack, "--where", "name = srv-01").status == 0
    assert terrier("--db", good, "set", "srv-01", "memory=1024").status == 0
    with closing(sqlite3.connect(bad)) as file:
        file.execute("UPDATE meta SET value = '\u00b2' WHERE key = 'format'")
        file.commit()
    alone = terrier("pack", "in", bad)
    assert (alone.status, "damaged or was cut short" in alone.err) == (2, True), alone.err
    back = terrier("pack", "in", bad, good, "--json")
    assert (back.status, [one["file"] for one in back.json]) == (1, ["good.terrier", "bad.terrier"]), back.err
    assert "1024" in terrier("show", "srv-01", "--json").out


def test_an_audit_goes_along_with_what_it_expects(terrier: Callable[..., Done], estate: Path, tmp_path: Path) -> None:
    pack = tmp_path / "audit.terrier"
    made = terrier("audit", "new", "Servers", "--class", "server", "--json")
    assert made.status == 0, made.err
    number = terrier("list", "audit", "--json").json[0]["attributes"]["number"]
    before = terrier("audit", "show", number, "--json").json
    assert terrier("pack", "out", pack, "--audit", number).status == 0
    assert terrier("--db", pack, "audit", "show", number, "--json").json["counts"] == before["counts"]
    assert terrier("--db", pack, "audit", "record", number, "srv-01").status == 0
    scanned = terrier("--db", pack, "audit", "show", number, "--json").json["counts"]
    back = terrier("pack", "in", pack, "--json")
    assert (back.status, back.json[0]["conflicts"]) == (0, []), back.err
    assert terrier("audit", "show", number, "--json").json["counts"] == scanned != before["counts"]
    assert terrier("check").status == 0
