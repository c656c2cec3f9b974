"""The cells of a large workbook, read by another process: it can be ended at any moment, and its memory is given back.

Equal texts of a column are one object here, and as many as there are different ones come over.
"""

from __future__ import annotations

import json
import pickle
import queue
import subprocess
import sys
import threading
import weakref
from array import array
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from importers.spreadsheets.sheets.workbook import Loaded

APART = 3 << 20
"""Bytes of a file from which on it is read by another process. Below, the start of one would take longer."""
_PROGRAM = Path(__file__).with_name("cell_program.py")
_SECONDS = 0.05
"""How often it is asked whether to go on."""
FirstRows = Callable[[str, list[list[Any]]], None]
"""Takes the name of a sheet and its first rows, as the parser has them."""
_ALLOWED = {"date", "datetime", "time", "timedelta"}


class WorkbookProcess:
    """A workbook that another process has opened. It ends when all its sheets were read, or nobody wants them.

    ``check`` is called while it is waited for; what it raises ends the process. ``first`` gets the name and the first
    rows of each sheet before the other rows are here.
    """

    def __init__(self, path: Path, check: Callable[[], None] | None = None, first: FirstRows | None = None) -> None:
        self._path = path
        self._check = check
        self._first = first
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._unread: set[str] = set()

    def sheets(self) -> list[tuple[str, bool]]:
        """The names of the worksheets, and whether each is hidden. Raises FileProblem, and what ``check`` raises."""
        found: list[tuple[str, bool]] = self._started()
        self._unread = {name for name, _ in found}
        return found

    def cells(self, name: str) -> Loaded:
        """The rows of a sheet, equally long, and what is merged. Raises FileProblem, and what ``check`` raises."""
        if self._process is None:
            self._started()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        with suppress(OSError):  # where it has ended, the answer says so
            process.stdin.write(json.dumps(name).encode() + b"\n")
            process.stdin.flush()
        ahead = self._answer("first")
        if self._first is not None:
            self._first(name, ahead)
        count, width, merged = self._answer("sheet")
        columns = [_column(*self._answer("column")) for _ in range(width)]
        self._unread.discard(name)
        if not self._unread:
            self._end()
        return list(map(list, zip(*columns, strict=True))) if columns else [[] for _ in range(count)], merged

    def _started(self) -> Any:
        pipe = subprocess.PIPE
        command = [sys.executable, "-I", str(_PROGRAM), str(self._path)]
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self._process, self._answers = process, queue.Queue()
        assert process.stdout is not None
        threading.Thread(target=_receive, args=(process.stdout, self._answers), daemon=True).start()
        weakref.finalize(self, process.kill)
        return self._answer("sheets")

    def _answer(self, wanted: str) -> Any:
        while True:
            try:
                kind, found = self._answers.get(timeout=_SECONDS)
                break
            except queue.Empty:
                try:
                    if self._check is not None:
                        self._check()
                except BaseException:
                    self._end()
                    raise
        if kind == wanted:
            return found
        self._end()
        if kind == "password":
            raise FileProblem(
                Message("{file} is protected by a password. Save it without one first.", file=self._path.name)
            )
        raise FileProblem(Message("{file} is damaged, or is not the spreadsheet it seems to be.", file=self._path.name))

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):  # of what was not sent any more
                        stream.close()


class _Cells(pickle.Unpickler):
    """Takes nothing but plain values and dates."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(name)


def _receive(stream: IO[bytes], answers: queue.Queue[tuple[str, Any]]) -> None:
    """Hands over the answers; the last one is that there are no more."""
    try:
        while True:
            answers.put(_Cells(stream).load())
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        answers.put(("ended", None))


def _column(values: list[Any], places: bytes) -> list[Any]:
    if not places:
        return values
    each = array("I")
    each.frombytes(places)
    return list(map(values.__getitem__, each))
