"""A log of hand-overs becomes events with their times, and leaves who has a thing today."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.conftest import Done

ASSETS = "Class,Name,Asset tag,Serial number,Assigned to,Location\nLaptop,NB-1,T1,S1,Ida Holm,Bern\n"
PEOPLE = "First name,Last name,User name\nIda,Holm,iholm\nOle,Lund,olund\n"
LOG = """\
Date,Created By,Action,Type,Item,Serial,To
2026-02-10 14:05:00,Admin,checkin from,asset,NB-1 (T1),S1,Ole Lund
2026-01-05 09:00:00,Admin,checkout,asset,NB-1 (T1),S1,Ole Lund
2026-02-20 09:00:00,Admin,checkout,asset,NB-1 (T1),,Bern
2026-03-01 10:00:00,Admin,checkout,asset,NB-1 (T1),S1,Ida Holm
2026-03-02 10:00:00,Admin,checkout,asset,NB-9 (T9),S9,Ida Holm
2026-03-03 10:00:00,Admin,checkout,asset,NB-1 (T1),S1,Nobody Known
"""


def test_a_log_of_ones_own_has_a_template_and_a_word_for_its_kind(
    terrier: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "register.terrier"))
    (tmp_path / "assets.csv").write_text(ASSETS, "utf-8")
    terrier("import", tmp_path / "assets.csv")
    terrier("template", "Event", "--out", tmp_path / "log.csv")
    header = (tmp_path / "log.csv").read_text("utf-8-sig").strip()
    columns = "Item,Item's serial number,Kind of item,Happened,Action,Handed over,Taken back,Holder,Holder's e-mail"
    assert header == columns
    rows = (
        "NB-1,,,2025-05-03,Hand over,,,Bern,\n,S1,,04.06.2025 10:00,returned,,,,\nNB-1,,,2999-01-01,hand over,,,Bern,\n"
    )
    (tmp_path / "log.csv").write_text(f"{header}\n{rows}", "utf-8")
    done = terrier("import", tmp_path / "log.csv", "--class", "event", "--json").json
    assert (done["events"], [(p["row"], p["kind"]) for p in done["problems"]]) == (2, [(4, "time")])


def test_a_log_of_hand_overs_tells_of_the_past(
    terrier: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "register.terrier"))
    for name, text in (("people.csv", PEOPLE), ("assets.csv", ASSETS), ("log.csv", LOG)):
        (tmp_path / name).write_text(text, "utf-8")
    terrier("new", tmp_path / "register.terrier")
    terrier("import", tmp_path / "people.csv", tmp_path / "assets.csv")
    done = terrier("import", tmp_path / "log.csv", "--json")
    assert (done.status, done.json["events"], done.json["created"], done.json["rejected"]) == (1, 4, 0, 2)
    assert [(p["row"], p["column"], p["value"]) for p in done.json["problems"]] == [
        (6, "Item", "S9"), (7, "Holder", "Nobody Known"),
    ]  # fmt: skip

    def had(day: str) -> list[str | None]:
        found = terrier("custody", "T1", "--on", day, "--json").json
        return [one["holder"]["name"] if one["holder"] else None for one in found]

    assert (had("2026-01-20"), had("2026-02-15"), had("2026-02-25"), had("2026-03-10")) == (
        ["Ole Lund"], [None], ["Bern"], ["Ida Holm"],
    )  # fmt: skip
    assert terrier("show", "T1", "--json").json["attributes"]["assigned_to"]["name"] == "Ida Holm"
    again = terrier("import", tmp_path / "log.csv", "--json").json
    assert (again["revision"], again["events"]) == (None, 0)
    assert terrier("undo").status == 0
    assert had("2026-01-20") == []  # it came into the register later
    assert terrier("check").status == 0
