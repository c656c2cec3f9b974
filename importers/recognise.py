"""Which importer reads a file, by what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cmdb.model.errors import FileProblem
from importers.spreadsheets import sniff


def reader_for(path: str | Path) -> Literal["inventory", "spreadsheet"]:
    """The importer that reads a file. Raises FileProblem for anything that none reads, or that cannot be opened."""
    from importers.inventory import recognises

    path = Path(path)
    head = sniff.read_head(path)
    if recognises(head):
        return "inventory"
    kind = sniff.kind_of(head)
    if kind in ("text", "zip", "ole"):
        return "spreadsheet"
    if kind == "json":
        raise FileProblem(f"{path.name} is JSON, but not an inventory.")
    if kind == "html":
        raise FileProblem(f"{path.name} is a web page. Open it in a spreadsheet program and save it as xlsx.")
    if kind == "xml":
        raise FileProblem(f"{path.name} is XML, which nothing here reads. Save it as xlsx or csv.")
    raise FileProblem(f"{path.name} is neither a spreadsheet nor an inventory: it is {sniff.describe_binary(head)}.")
