"""What sources say otherwise than what stands, on the command line: listed, taken over, taken back, and asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.conftest import Done

pytestmark = pytest.mark.usefixtures("estate")
Run = Callable[..., Done]


def test_deviations_are_listed_and_taken_over(terrier: Run, tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_text("Serial number,Name,Class,Memory\nS1,srv-01,Server,32 GB\nS2,srv-02,Server,64 GB\n", "utf-8")
    assert terrier("import", path, "--json").json["held"] == 0
    found = terrier("review", "deviations", "--json").json
    assert [(one["name"], one["attribute"], one["value"], one["said"]) for one in found] == [
        ("srv-01", "memory", "8 GiB", "32 GiB"), ("srv-02", "memory", "16 GiB", "64 GiB"),
    ]  # fmt: skip
    assert "sheet measured.csv" in terrier("review", "deviations", "srv-01").out
    assert terrier("review", "deviations", "--source", "scan", "--json").json == []
    assert terrier("review", "deviations", "--class", "Laptop", "--json").json == []
    assert terrier("review", "deviations", "--attribute", "shininess").status == 2
    assert terrier("review", "deviations", "--source", "other.csv").status == 2
    assert len(terrier("review", "deviations", "--source", "measured.csv", "--json").json) == 2
    assert terrier("review", "take-over").status == 2
    done = terrier("review", "take-over", "srv-01", "--json").json
    assert (done["updated"], done["deleted"]) == (1, 0)
    shown = terrier("show", "srv-01", "--json").json
    assert shown["attributes"]["memory"] == 32768
    assert terrier("history", "--json").json["revisions"][0]["reason"] == "Taken over: Memory of srv-01"
    assert terrier("review", "take-over", "srv-01").status == 2, "there is nothing more"
    assert terrier("review", "take-over", "--source", "sheet", "--attribute", "Memory", "--json").json["updated"] == 1
    assert terrier("review", "deviations").out.startswith("No source says anything else")
    terrier("undo")
    assert [one["name"] for one in terrier("review", "deviations", "--json").json] == ["srv-02"]


def test_questions_stand_in_the_order_of_the_window_and_those_alike_get_one_answer(
    terrier: Run, tmp_path: Path
) -> None:
    terrier("source-order", "server.cost_centre", "sheet=ask")
    path = tmp_path / "measured.csv"
    path.write_text("Serial number,Name,Class,Cost centre\nS1,srv-01,Server,71\nS2,srv-02,Server,72\n", "utf-8")
    terrier("import", path)
    asked = terrier("review", "--json").json
    assert [one["name"] for one in asked] == ["srv-02", "srv-01"]
    wrong = terrier("review", "decide", asked[0]["id"], "new", "--alike")
    assert (wrong.status, "take, keep" in wrong.err) == (2, True)
    assert terrier("review", "decide", asked[0]["id"], "take", "--alike", "--json").json["updated"] == 2
    shown = [terrier("show", name, "--json").json["attributes"]["cost_centre"] for name in ("srv-01", "srv-02")]
    assert shown == ["71", "72"]
    assert terrier("review", "--json").json == []
