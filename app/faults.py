"""Bugs: the trace is saved where the person can find it and attach it to a report; the person sees one line.

A trace says where and what kind of error, with what a programmer needs to find it. It holds no values: an error's words
may quote the estate, so only the templates of our own errors and the codes of systems and databases are written.
"""

from __future__ import annotations

import errno
import itertools
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.settings import config_folder
from cmdb.model.errors import UserError
from cmdb.model.messages import tr

_CAUSED, _DURING, _PART = "\n(caused:)\n\n", "\n(meanwhile:)\n\n", "\n(part:)\n\n"


def trace_of(error: BaseException) -> str:
    """The error and those that led to it: places and kinds, never values."""
    return "".join(_written(error, set()))


def save_trace(error: BaseException) -> Path | None:
    """Writes the error's trace, and what the program runs on, to a file for its owner. Returns its path.

    None where no file can be written.
    """
    moment = datetime.now()
    text = (
        f"{moment.isoformat(timespec='seconds')} Python {sys.version.split()[0]} on {platform.platform()}\n"
        f"command: {_command()}\n\n{trace_of(error)}"
    )
    for folder in (config_folder() / "faults", Path(tempfile.gettempdir())):
        with suppress(OSError):
            if folder.name == "faults":
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)  # earlier versions left it open to all
            return _saved(folder, f"fault-{moment:%Y%m%d-%H%M%S}-{os.getpid()}", text)
    return None


def describe(error: BaseException) -> str:
    """One line for a bug, the saved trace named in it."""
    saved = save_trace(error)
    if saved is None:
        return tr("Terrier made a mistake ({error}). Its trace could not be saved.", error=type(error).__name__)
    return tr(
        "Terrier made a mistake ({error}). Please report it with this file: {file}",
        error=type(error).__name__,
        file=saved,
    )


def _saved(folder: Path, stem: str, text: str) -> Path:
    for number in itertools.count(1):
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}.txt"
        with suppress(FileExistsError):
            # New, and nobody else's to read from the first moment: a folder for all may hold a link of that name.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            return path
    raise AssertionError("there is always a next number")


def _command() -> str:
    """The command that was given, without its arguments."""
    from app.cli.registry import COMMANDS

    return next((word for word in sys.argv[1:] if word in COMMANDS), "-")


def _written(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    if error.__cause__ is not None:
        yield from _written(error.__cause__, seen)
        yield _CAUSED
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _written(error.__context__, seen)
        yield _DURING
    yield "traceback:\n"
    yield from traceback.extract_tb(error.__traceback__).format()
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    detail = _detail(error)
    yield f"{name}{': ' if detail else ''}{detail}\n"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield _PART
        yield from _written(part, seen)


def _detail(error: BaseException) -> str:
    """What can be said of an error without a value: our own words, or a code."""
    if isinstance(error, UserError):
        return error.message.template
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return code if isinstance(code, str) else ""
