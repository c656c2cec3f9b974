"""Files that are written whole or not at all: under another name beside their place, and renamed when complete.

On a full disk, or where a folder goes away, one problem says so and nothing is left behind; what stood in the place
stays. A pipe or a device is never replaced. The name of a file in the making holds the computer and the process, by
which what a killed process left is known (``cmdb.store.connection.atomic_file``).
"""

from __future__ import annotations

import io
import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

from cmdb.model import file_modes, regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

T = TypeVar("T")
_numbers = itertools.count(1)
_LONGEST = 180
"""Bytes of a name that the name of its file in the making repeats; systems take 255 in all."""
_BUFFER = 1 << 20


def save_whole(path: Path, save: Callable[[BinaryIO], T]) -> T:
    """Writes a file with ``save``, whole or not at all, and returns what ``save`` does.

    Who may read what is there stays as it is; a new file is its owner's (``file_modes``). Raises FileProblem, and what
    ``save`` raises.
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise FileProblem(Message("{folder} is a folder; name a file in it.", folder=path))
    regular_files.refuse_special(path)
    if not folder.is_dir():
        raise FileProblem(Message("There is no folder {folder}.", folder=folder))
    try:
        part = made_beside(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with _Sink(part) as sink:
            made = _through(sink, save)
        if sink.failure is not None:
            raise sink.failure
        file_modes.settle(part, path)
        os.replace(part, path)
        return made
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def made_beside(path: Path) -> Path:
    """A new empty file in the folder of ``path``, its owner's alone. Raises OSError."""
    while True:
        found = path.with_name(f".{stem(path.name)}.{computer()}.{os.getpid()}.{next(_numbers)}.part")
        with suppress(FileExistsError):
            file_modes.create(found)
            return found


def stem(name: str) -> str:
    """What the name of a file in the making repeats of a file's name."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST])


def computer() -> str:
    """The name of this computer as it stands in the names of files in the making."""
    if hasattr(os, "uname"):
        name = os.uname().nodename
    else:
        import platform  # costs more than all the rest of this module

        name = platform.node()
    return re.sub(r"[^A-Za-z0-9-]", "-", name) or "here"


@contextmanager
def as_text(file: BinaryIO, encoding: str = "utf-8") -> Iterator[TextIO]:
    """The file as one of text, with line ends as they are written; the file stays open."""
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()  # writes what is held back


@contextmanager
def _closed(file: BinaryIO) -> Iterator[BinaryIO]:
    try:
        yield file
    finally:
        file.close()


def _through(sink: _Sink, save: Callable[[BinaryIO], T]) -> T:
    """Lets ``save`` write into the sink, buffered."""
    with _closed(io.BufferedRandom(sink, _BUFFER)) as file:
        try:
            return save(file)
        except BaseException as error:
            _let_go(error)
            raise


def _let_go(error: BaseException) -> None:
    """Ends what failed on the way: archives that were left open are closed now, while there is a file to close."""
    import traceback  # only where writing has failed

    at: BaseException | None = error
    while at is not None:
        traceback.clear_frames(at.__traceback__)
        at = at.__cause__ or at.__context__


class _Sink(io.FileIO):
    """A file that keeps the first failure of writing and goes on as if nothing were.

    Writers of archives would raise once more when they are closed, and again when they are collected.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "r+")
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Writes, as long as nothing failed."""
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
        return len(data)

    def close(self) -> None:
        """Closes the file once it is on the disk, where the system finds out what it could not write."""
        if not self.closed and self.failure is None:
            try:
                os.fsync(self.fileno())
            except OSError as error:
                self.failure = error
        with suppress(OSError):
            super().close()


def _unwritable(path: Path, error: OSError) -> FileProblem:
    return FileProblem(Message("{file} cannot be written: {reason}.", file=path, reason=reason_of(error)))
