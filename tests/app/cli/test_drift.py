"""Drift on the command line: in words, as a document, and in files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cmdb.store.upkeep.startup import open_estate
from tests.app.cli.conftest import Done
from tests.app.drift.inventories import MODULES, NAME, take

Run = Callable[..., Done]


def test_what_changed_since_the_scan_before(terrier: Run, estate: Path, tmp_path: Path) -> None:
    with closing(open_estate(estate)) as store:
        first = take(store, 1, [("Fox Browser", "115.0"), ("Editor", "1")])
    assert "has no earlier scan" in terrier("drift", NAME).out
    with closing(open_estate(estate)) as store:
        second = take(
            store,
            2,
            [("Fox Browser", "128.0")],
            memories=[MODULES[0]],
            batteries=[{"name": "BAT0"}],
            terrier={"services": [{"name": "=cmd|'/c calc'!A1", "manager": "systemd"}]},
        )
    words = terrier("drift", NAME).out
    assert "Installed software  1 upgraded, 1 removed" in words
    said = terrier("history", NAME, "--json").json["revisions"][0]
    assert said["software"] == [
        {"change": "upgraded", "product": "Fox Browser", "before": "115.0", "after": "128.0"},
        {"change": "removed", "product": "Editor", "before": "1", "after": ""},
    ]
    assert "Installed software: Fox Browser: 115.0 → 128.0" in " ".join(terrier("history", NAME).out.split())
    assert "1 seen for the first time" in words
    found = terrier("drift", NAME, "--json").json
    assert ([one["revision"] for one in found["scans"]], found["from"], found["to"]) == (
        [second, first], first, second,
    )  # fmt: skip
    assert found == terrier("drift", NAME, "--from", first, "--json").json
    by_name = {one["section"]: one for one in found["sections"]}
    assert by_name["memory_modules"]["counts"] == {"removed": 1}
    assert by_name["software"]["rows"][0] == {
        "change": "upgraded", "what": "Fox Browser", "then": "115.0", "now": "128.0",
    }  # fmt: skip
    assert terrier("drift", NAME, "--from", second).out.splitlines()[-1] == "Nothing differs."
    assert terrier("drift", NAME, "--to", first, "--from", first, "--json").json["sections"] == []
    out = tmp_path / "drift.csv"
    written = terrier("drift", NAME, "--out", out)
    assert (written.status, written.out.startswith("Wrote ")) == (0, True)
    assert "Memory modules,removed" in out.read_text("utf-8-sig")
    assert terrier("drift", NAME, "--out", tmp_path / "drift.pdf").status == 2


def test_the_history_of_software(terrier: Run, estate: Path, tmp_path: Path) -> None:
    with closing(open_estate(estate)) as store:
        first = take(store, 1, [("Fox Browser", "115.0"), ("Editor", "1")])
        take(store, 2, [("Fox Browser", "128.0")])
    (removed, upgraded, *found) = terrier("drift", NAME, "--software", "--json").json["software"]
    assert (removed["what"], removed["product"], removed["last_seen"]) == ("removed", "Editor", "2026-03-01T08:00:00Z")
    assert (upgraded["version_before"], upgraded["version"], upgraded["stated_by"]) == (
        "115.0",
        "128.0",
        ["scan:agent"],
    )
    assert [one["what"] for one in found] == ["found", "found"]
    since = terrier("drift", NAME, "--software", "--from", first, "--json").json["software"]
    assert [one["what"] for one in since] == ["removed", "upgraded"]
    assert [one["what"] for one in terrier("drift", NAME, "--software", "--to", first, "--json").json["software"]] == [
        "found", "found",
    ]  # fmt: skip
    assert "upgraded" in terrier("drift", NAME, "--software").out
    assert terrier("drift", NAME, "--software", "--out", tmp_path / "software.xlsx").status == 0
    assert terrier("drift", "srv-01", "--software").out.strip() == "Nothing is known of its software."
