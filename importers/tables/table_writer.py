"""Writing tables to a file, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cmdb.model import file_modes
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
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
    save_whole(path, lambda part: _writer(ending)(part, tables))
    return sum(table.written for table in tables)


def _writer(ending: str) -> Callable[[Path, Sequence[Table]], None]:
    if ending == ".xlsx":
        from importers.tables.xlsx import write_xlsx

        return write_xlsx
    if ending == ".ods":
        from importers.tables.ods import write_ods

        return write_ods
    from importers.tables.text import write_csv, write_json, write_tsv

    return {".csv": write_csv, ".tsv": write_tsv, ".json": write_json}[ending]


def save_whole(path: Path, save: Callable[[Path], None]) -> None:
    """Writes a file beside ``path`` and renames it when it is complete; else nothing is left behind.

    Who may read what is there stays as it is; a new file is its owner's (``file_modes``).
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise FileProblem(Message("{folder} is a folder; name a file in it.", folder=path))
    if not folder.is_dir():
        raise FileProblem(Message("There is no folder {folder}.", folder=folder))
    part = path.with_name(f".{path.stem[:100]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        file_modes.create(part)
        save(part)
        file_modes.settle(part, path)
        os.replace(part, path)
    except OSError as error:
        raise FileProblem(Message("{file} cannot be written: {reason}.", file=path, reason=reason_of(error))) from error
    finally:
        part.unlink(missing_ok=True)
