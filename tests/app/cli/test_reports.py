"""licences and report, over the sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _sample(sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_DB", str(sample_file))


def test_the_licence_position_adds_up_and_shows_its_arithmetic(terrier: Run) -> None:
    document = terrier("licences", "--json").json
    assert {p["verdict"] for p in document["positions"]} >= {"short", "unknown", "compliant", "over-licensed"}
    for one in document["positions"]:
        assert {"product", "edition", "version", "metric", "entitled", "spare", "arithmetic"} <= one.keys()
        assert one["covered"] + one["short"] == one["needed"]
        assert one["verdict"] == "exempt" or str(one["needed"]) in one["arithmetic"].replace(",", "")
    assert document["exceptions"]


def test_rights_are_judged_at_the_day(terrier: Run) -> None:
    then = terrier("licences", "--json", "--as-of", "2001-01-01").json
    assert sum(p["entitled"] for p in then["positions"]) == 0
    assert terrier("licences", "--json", "--known-at", 1).json["positions"] == []
    assert terrier("licences", "--as-of", "someday").status == 2


def test_the_workbook_has_what_the_screen_says(terrier: Run, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "position.xlsx"
    done = terrier("licences", "--json", "--out", path)
    book = openpyxl.load_workbook(path)
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    }
    assert len(book.sheetnames) > 2
    for one in done.json["positions"]:
        assert any(one["product"] in cell for cell in cells)
        assert one["verdict"].capitalize() in cells, "a word at the beginning of its cell"


def test_reports_are_listed_run_and_written(terrier: Run, tmp_path: Path) -> None:
    listed = terrier("report", "--json").json["reports"]
    assert {"warranty_ending", "compliance", "data_quality"} <= {r["name"] for r in listed}
    done = terrier("report", "warranty-ending", "--json").json
    assert done["rows"]
    path = tmp_path / "ending.csv"
    assert terrier("report", "warranty_ending", "--out", path).status == 0
    assert len(path.read_text("utf-8-sig").splitlines()) == len(done["rows"]) + 1


def test_an_impossible_report_gives_one_line(terrier: Run, tmp_path: Path) -> None:
    assert "no report “nope”" in terrier("report", "nope").err
    for words in (("report", "compliance", "--out", tmp_path / "x.doc"), ("licences", "--out", tmp_path / "x.doc")):
        done = terrier(*words)
        assert done.status == 2
        assert "Endings" in done.err
    assert terrier("report", "--out", tmp_path / "x.csv").status == 2
