"""Files that are opened to be read: only regular ones, so that nothing is waited for and nothing goes on for ever.

A named pipe waits for somebody who writes to it, and a device such as ``/dev/zero`` never ends.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

_KINDS = (
    (stat.S_ISFIFO, Message("a pipe")),
    (stat.S_ISSOCK, Message("a socket")),
    (stat.S_ISCHR, Message("a device")),
    (stat.S_ISBLK, Message("a device")),
)


def opened(path: str | os.PathLike[str]) -> BinaryIO:
    """The file, open to be read. Raises FileProblem where it is no regular file, and OSError."""
    refuse_special(path)
    # Between the look and the opening it may have become a pipe: that is opened without waiting, and looked at again.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    try:
        _refuse(path, os.fstat(file.fileno()).st_mode)
    except BaseException:
        file.close()
        raise
    return file


def content(path: str | os.PathLike[str]) -> bytes:
    """All of a file. Raises FileProblem where it cannot be read, or is no regular file."""
    try:
        with opened(path) as file:
            return file.read()
    except OSError as error:
        raise FileProblem(
            Message("{file} cannot be read: {reason}.", file=os.fspath(path), reason=reason_of(error))
        ) from error


@contextmanager
def unchanged(path: str | os.PathLike[str]) -> Iterator[None]:
    """While a file is read. Raises FileProblem at the end if somebody wrote to it meanwhile."""
    before = _state(path)
    yield
    if _state(path) != before:
        raise FileProblem(
            Message(
                "{file} changed while it was read. Import it again when it is complete.",
                file=name_as_text(path),
            )
        )


def _state(path: str | os.PathLike[str]) -> tuple[tuple[int, int, int], ...] | None:
    """What differs if it is written to, or if another file stood in for it meanwhile; of a link the link's, too.

    The time of its last change can be set by whoever writes to it; that of its entry in the file system can not.
    """
    try:
        found = (os.stat(path), os.lstat(path))
    except (OSError, ValueError):
        return None
    return tuple((one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in found)


def name_as_text(path: str | os.PathLike[str], name: str = "") -> str:
    """The file's name (or ``name``, a part of it) as a text that can be kept: bytes that are no text are escaped."""
    return os.fsencode(name or os.path.basename(os.fspath(path))).decode("utf-8", "backslashreplace")


def refuse_special(path: str | os.PathLike[str]) -> None:
    """Raises FileProblem for a folder, pipe, socket or device. What is not there, or cannot be looked at, passes."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return
    _refuse(path, mode)


def _refuse(path: str | os.PathLike[str], mode: int) -> None:
    if stat.S_ISDIR(mode):
        if not os.access(path, os.R_OK | os.X_OK):
            raise FileProblem(Message("{folder} cannot be looked into: it may not be read.", folder=Path(path)))
        raise FileProblem(Message("{folder} is a folder, not a file.", folder=Path(path)))
    if not stat.S_ISREG(mode):
        kind = next((kind for is_kind, kind in _KINDS if is_kind(mode)), Message("no regular file"))
        raise FileProblem(Message("{path} is {kind}, not a file.", path=Path(path), kind=kind))
