"""Pages of PDF documents as pictures, drawn by another process.

A document can be made to keep its reader busy, or to crash it. So it is drawn by a process of its own, which gets the
content through a pipe, has limits of time and memory, and is ended when its answer is no longer wanted.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cmdb.model.errors import Cancelled, FileProblem
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message

SECONDS = 20
"""The time that drawing a page may take."""
_RENDERER = Path(__file__).with_name("pdf_renderer.py")
_FAILED = Message("The document cannot be shown: it is damaged, protected, or too large.")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page as a picture, 32 bits for each point (blue, green, red, unused), and the number of pages."""

    pages: int
    width: int
    height: int
    points: bytes


class PageDrawing:
    """The drawing of one page. ``stop`` ends it from any thread."""

    def __init__(self, content: bytes, page: int, width: int, height: int) -> None:
        self._content = content
        self._size = [str(page), str(width), str(height)]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def draw(self) -> PdfPage:
        """Draws it, at most so wide and high. Raises FileProblem where it cannot be shown, Cancelled."""
        if not is_available():
            raise FileProblem(Message("Documents of this type cannot be shown here. Save it, or open it."))
        with self._lock:
            if self._stopped:
                raise Cancelled
            command = [sys.executable, "-I", str(_RENDERER), *self._size]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        process = self._process
        try:
            answer, _ = process.communicate(self._content, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise FileProblem(_FAILED) from None
        if self._stopped:
            raise Cancelled
        return _page(answer) if process.returncode == 0 else _fail()

    def stop(self) -> None:
        """Ends the drawing."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()


def is_available() -> bool:
    """Whether the library that draws is installed."""
    return find_spec("pypdfium2") is not None


def _page(answer: bytes) -> PdfPage:
    head, _, points = answer.partition(b"\n")
    try:
        said = parsed(head)
    except JsonProblem:
        return _fail()
    if not isinstance(said, list) or len(said) != 3 or not all(isinstance(one, int) for one in said):
        return _fail()
    pages, width, height = said
    return PdfPage(pages, width, height, points) if len(points) == 4 * width * height else _fail()


def _fail() -> PdfPage:
    raise FileProblem(_FAILED)
