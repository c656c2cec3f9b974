"""How a table is read, told on the command line where what is detected is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.conftest import Done

Run = Callable[..., Done]

SHEET = """Report;of;May;;
Asset tag;Name;Class;Purchase cost;Purchase date
T-1;Gdańsk;Laptop;1.234;03/04/24
"""


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    path = tmp_path / "sheet.csv"
    path.write_bytes(SHEET.encode("cp1250"))
    return path


def test_what_is_told_wins_over_what_is_detected(terrier: Run, sheet: Path) -> None:
    told = ("--encoding", "Windows-1250", "--delimiter", "semicolon", "--header-row", 2)
    done = terrier("import", sheet, *told, "--decimal", ",", "--dates", "mdy", "--json")
    assert done.status == 0, done.out
    assert done.json["sheets"] == [
        {"file": "sheet.csv", "sheet": "sheet", "header_row": 2, "read": 1, "encoding": "cp1250", "confidence": 1.0,
         "delimiter": ";"},
    ]  # fmt: skip
    assert done.json["problems"] == []
    shown = terrier("show", "T-1", "--json").json
    assert shown["name"] == "Gdańsk"
    assert (float(shown["attributes"]["purchase_cost"]), shown["attributes"]["purchase_date"]) == (1234, "2024-03-04")
    terrier("import", sheet, *told, "--decimal", ".", "--dates", "ymd")
    attributes = terrier("show", "T-1", "--json").json["attributes"]
    assert (float(attributes["purchase_cost"]), attributes["purchase_date"]) == (1.234, "2003-04-24")


def test_what_is_detected_is_shown_before_it_is_written(terrier: Run, sheet: Path) -> None:
    done = terrier("import", sheet, "--dry-run")
    assert "sheet.csv was read as cp1252, with “;” between the cells and the column names in row 2." in done.out
    assert "The encoding is in doubt" in done.out
    sheet.write_text("Asset tag\tName\tClass\nT-1\tone\tLaptop\n")
    assert "utf-8, with tabs between the cells" in terrier("import", sheet, "--dry-run").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--encoding", "klingon"), "There is no text encoding “klingon”. Known are utf-8"),
        (("--encoding", "utf-8"), "sheet.csv is not utf-8: byte 72 does not fit."),
        (("--delimiter", "::"), "“::” cannot stand between cells: one character can, or one of tab, comma"),
        (("--delimiter", '"'), "cannot stand between cells"),
        (("--header-row", "0"), "“0” is no row: rows are counted from 1."),
        (("--header-row", "two"), "“two” is no row"),
        (("--header-row", "9"), "there is no row 9"),
        (("--decimal", "'"), "“'” is no decimal mark: it is “,” or “.”."),
        (("--dates", "dym"), "“dym” is no order of dates. Orders: dmy, mdy, ymd."),
    ],
)
def test_what_no_option_takes_is_said_in_one_line(terrier: Run, sheet: Path, words: tuple[str, str], said: str) -> None:
    done = terrier("import", sheet, *words)
    assert done.status == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (sheet.parent / "estate.terrier").exists()
