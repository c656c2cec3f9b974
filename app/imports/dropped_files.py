"""The files that are meant by what a person drops or chooses: files, and folders with their subfolders. No Qt."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from app.agent_folder import agent_files
from app.imports.formats import machine_endings
from app.signatures.signed_files import without_signatures
from cmdb.model.errors import FileProblem
from importers.importer import Importer

#: The most files that are taken from folders at once.
MOST = 10_000


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, each once; of folders the files in them and in their subfolders, by name, without hidden ones
    and without the agent and the scripts of a stick.

    Reads folders: for a worker thread. A folder that cannot be looked into stands for its files, so that whoever reads
    them says so; links to folders are not followed.
    """
    found: dict[Path, None] = {}

    def unread(error: OSError) -> None:
        found[Path(error.filename)] = None

    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        waiting = [path]
        while waiting and len(found) < MOST:
            # One folder at a time: the walk through all calls itself for each that lies deeper.
            folder, folders, names = next(os.walk(waiting.pop(), onerror=unread), ("", [], []))
            deeper = sorted((name for name in folders if not name.startswith(".")), reverse=True)
            waiting += [one for name in deeper if not (one := Path(folder, name)).is_symlink()]
            for name in sorted(set(names) - agent_files(names)):
                if not name.startswith((".", "~$")):
                    found[Path(folder, name)] = None
    return list(found)[:MOST]


def inventories_in(folder: Path, plugins: Iterable[Importer] = ()) -> tuple[list[Path], int]:
    """The files of a folder that importers know by their content, lists aside; and how many others there are.

    What cannot be read, or is empty, is taken by its ending, and a damaged capture too: the import says of it what is
    wrong. For a worker thread.
    """
    from importers.captures.importer import IMPORTER as CAPTURES
    from importers.registry import all_importers
    from importers.spreadsheets.files.container import is_packed_folder
    from importers.spreadsheets.files.file_type import read_head
    from importers.spreadsheets.importer import IMPORTER as LISTS

    known = [one for one in all_importers(plugins) if one.name != LISTS.name]
    endings = machine_endings(plugins)

    def is_inventory(path: Path) -> bool:
        try:
            head = read_head(path)
        except FileProblem:
            return path.is_dir() or path.suffix.lower() in endings
        called = path.suffix.lower() in CAPTURES.endings
        return called or is_packed_folder(path) or any(one.recognises(head) for one in known)

    files = sorted(without_signatures(files_of([folder])))
    found = [path for path in files if is_inventory(path)]
    return found, len(files) - len(found)
