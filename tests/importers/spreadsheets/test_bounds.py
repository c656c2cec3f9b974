"""What a file costs in memory is bounded by its size, whatever it holds; cells that are too long are named."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from importers import source_documents
from importers.inventory.files import load
from importers.spreadsheets.files import text
from importers.spreadsheets.files.text import read_text

HEAD = "Asset tag,Name\nT-1,one\n"
ROOT = Path(__file__).resolve().parents[3]
MEASURED = """
import resource, sys
from pathlib import Path
from importers.spreadsheets.sheets.opening import open_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    rows = len(open_file(Path(sys.argv[1])).sheets[0].rows)
except Exception as error:
    rows = type(error).__name__
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ("\n" * 4_000_000, "2"), ("\r\n" * 2_000_000, "2"), (" ,\n" * 1_300_000, "2"),
        ("\n" * 1_500_000 + "T-2,two\n", "1500003"),
        ('"",""\n' * 700_000, "700002"), ("T-2," + "x" * 4_000_000, "FileProblem"),
        ('T-2,"' + "x\n" * 2_000_000, "FileProblem"), ("," * 4_000_000, "FileProblem"),
    ],
    ids=["blank", "returns", "spaces", "gap", "quotes", "cell", "quoted", "wide"],
)  # fmt: skip
def test_four_megabytes_take_a_hundred(tmp_path: Path, more: str, rows: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEAD + more, newline="")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found, taken = done.stdout.split()
    assert found == rows
    assert int(taken) < 110


@pytest.mark.parametrize(
    ("line", "row", "column"),
    [
        ("T-2,{long}\n", 3, 2), ("{long},x\n", 3, 1), ('T-2,"{long}"\n', 3, 2), ('"a,b","""c\n{long}\n', 3, 2),
        ("\n\nT-2,x,,{long}\n", 5, 4),
    ],
)  # fmt: skip
def test_a_cell_that_is_too_long_is_named(line: str, row: int, column: int) -> None:
    with pytest.raises(FileProblem, match=f"x.csv, row {row}, column {column}: a cell never ends, or is longer than"):
        read_text("x.csv", (HEAD + line.format(long="x" * 131_073)).encode())


def test_short_rows_beside_wide_ones_are_not_filled_up_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_CELLS", 1_000)
    with pytest.raises(FileProblem, match=r"x\.csv has 202 rows and 100 columns, too many to hold"):
        read_text("x.csv", ("," * 99 + "x\n" + "x\n" * 201).encode())
    blank = read_text("x.csv", ("," * 99 + "x\n" + "\n" * 201).encode())
    assert {len(row) for row in blank.rows} == {100}


def test_rows_after_a_long_gap_keep_their_numbers_and_cells() -> None:
    found = read_text("x.csv", (HEAD + "\n" * 3_000 + "T-2,two\n").encode())
    assert len(found.rows) == 3_003
    assert found.rows[-1] == ["T-2", "two"]
    assert found.rows[2] == ["", ""]


def test_an_inventory_of_many_small_values_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_documents, "_MOST_VALUES", 100)
    path = tmp_path / "x.json"
    path.write_text('{"deviceid":"x","content":{"softwares":[' + "{}," * 100 + "{}]}}")
    with pytest.raises(FileProblem, match="more than 100 values"):
        load(path)


def test_millions_of_lines_are_counted_before_they_are_read() -> None:
    begun = time.process_time()
    with pytest.raises(FileProblem, match=r"x\.csv has 6,000,002 lines; the limit is 5,000,000\. Split it\."):
        read_text("x.csv", (HEAD + "\n" * 6_000_000 + "T-2,x").encode())
    assert len(read_text("x.csv", (HEAD + "\n" * 20_000_000).encode()).rows) == 2
    assert time.process_time() - begun < 2
