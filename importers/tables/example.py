"""A small export, as an example of the formats that tables are written in."""

from __future__ import annotations

from pathlib import Path

from importers.tables.model import Column, Table
from importers.tables.table_writer import write


def write_example(folder: Path, name: str) -> Path:
    """Writes it into a folder and returns the file; the name's ending decides the format."""
    columns = [Column("asset_tag", "Asset tag"), Column("name", "Name"), Column("class", "Class")]
    write(folder / name, [Table("Hardware", columns, [["T-1", "one", "Laptop"], ["T-2", "two", "Server"]])])
    return folder / name
