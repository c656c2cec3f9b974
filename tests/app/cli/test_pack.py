"""``pack out`` and ``pack in``: a part goes along, what was done in it comes back, conflicts are decided."""

from __future__ import annotations

from collections.abc import Callable
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
