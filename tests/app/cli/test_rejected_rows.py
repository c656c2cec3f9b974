"""The file of rejected rows has every row with its cells, whoever rejected it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.app.cli.conftest import Done

Run = Callable[..., Done]


def test_rows_that_reconciliation_rejects_come_with_their_cells(estate: Path, terrier: Run, tmp_path: Path) -> None:
    path, rejects = tmp_path / "laptops.csv", tmp_path / "rejects.csv"
    path.write_text("Name,Host name,Assigned to\nnb-7,h7,Ann\nnb-8,h8,twin:x\nnb-9,h9,Laptop:twin\n")
    done = terrier("import", path, "--rejects", rejects, "--json")
    assert done.json["rejected"] == 1
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:4] for row in rows] == [
        ["Class", "Name", "Host name", "Assigned to"], ["Laptop", "nb-9", "h9", "Laptop:twin"],
    ]  # fmt: skip
    assert rows[1][4]


def test_all_rows_of_a_record_that_is_refused_are_rejected(estate: Path, terrier: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Disks"
    records = [["srv-01", "sda", "X"], ["nowhere", "sda", "Y"], ["srv-01", "sdb", "X"], ["nowhere", "sdb", "Z"]]
    for row in (["Disks of the servers"], [], ["Record", "Name", "Model"], *records):
        sheet.append(row)
    book.save(tmp_path / "disks.xlsx")
    done = terrier("import", tmp_path / "disks.xlsx", "--rejects", tmp_path / "r.xlsx", "--json")
    assert (done.status, done.json["sections"]["disks"]["added"]) == (1, 2)
    rows = openpyxl.load_workbook(tmp_path / "r.xlsx")["Disks"].iter_rows(values_only=True)
    assert [row[:3] for row in rows] == [("Record", "Name", "Model"), ("nowhere", "sda", "Y"), ("nowhere", "sdb", "Z")]
