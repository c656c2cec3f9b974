"""Writing tables to a file, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.whole_files import save_whole
from importers.tables.model import Table

#: Endings that can be written.
FORMATS = (".xlsx", ".csv", ".tsv", ".ods", ".json")


def write(path: str | Path, tables: Sequence[Table]) -> int:
    """Writes the tables in the format that the path's ending names, and returns how many rows.

    A csv file has room for one table: several become one with the columns of all and a first column ``Class`` with
    their titles. Raises FileProblem if the extension is unknown, the folder is missing, or nothing can be written
    there.
    """
    path = Path(path)
    ending = path.suffix.casefold()
    if ending not in FORMATS:
        raise FileProblem(
            Message("{file} does not say how to write it. Endings: {endings}.", file=path.name, endings=tuple(FORMATS))
        )
    save_whole(path, lambda file: _writer(ending)(file, tables))
    return sum(table.written for table in tables)


def _writer(ending: str) -> Callable[[BinaryIO, Sequence[Table]], None]:
    if ending == ".xlsx":
        from importers.tables.xlsx import write_xlsx

        return write_xlsx
    if ending == ".ods":
        from importers.tables.ods import write_ods

        return write_ods
    from importers.tables.text import write_csv, write_json, write_tsv

    return {".csv": write_csv, ".tsv": write_tsv, ".json": write_json}[ending]
