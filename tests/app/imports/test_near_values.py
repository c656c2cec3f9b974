"""Nearly equal values of a sheet's columns: words by likeness, tags by their look."""

from __future__ import annotations

from pathlib import Path

from app.imports.draft import open_workbook
from app.imports.near_values import near_values
from cmdb.model.control import Control
from cmdb.model.schema import Schema
from importers.spreadsheets import ReadOptions


def test_words_and_tags_of_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "laptops.csv"
    rows = [("1000", "Lenovo"), ("01000", "LENOVO "), ("A-17", "Lenvo"), ("A17", "Dell"), ("1001", "Lenovo")]
    lines = "".join(f"{tag},nb-{at},{maker}\n" for at, (tag, maker) in enumerate(rows))
    path.write_text("Asset tag,Name,Manufacturer\n" + lines, "utf-8")
    schema = Schema.load()
    sheets = open_workbook(path, ReadOptions(), schema, ()).sheets
    found = {(one.column, tuple(s.text for s in one.spellings)) for one in near_values(Control(), sheets, schema)}
    assert found == {
        ("Manufacturer", ("Lenovo", "LENOVO ", "Lenvo")), ("Asset tag", ("01000", "1000")),
        ("Asset tag", ("A-17", "A17")),
    }  # fmt: skip
