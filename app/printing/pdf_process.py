"""PDFs for the command line, drawn by another process: the command line loads no Qt.

The process gets the document through a pipe and answers with the PDF, so the file is written here, whole or not at all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from app.printing.label_sheet import LabelSheet
from app.printing.paper import PaperDocument
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.whole_files import save_whole

_PROGRAM = Path(__file__).resolve().parents[2] / "ui" / "printing" / "pdf_program.py"
_SECONDS = 0.1
"""How often it is asked whether to go on."""


def write_pdf(document: PaperDocument | LabelSheet, path: Path, control: Control | None = None) -> int:
    """Writes a document as a PDF; returns its pages. Raises FileProblem, Cancelled."""
    content, pages = drawn_pdf(document, control)
    save_whole(path, lambda file: file.write(content))
    return pages


def drawn_pdf(document: PaperDocument | LabelSheet, control: Control | None = None) -> tuple[bytes, int]:
    """A document as a PDF, and its pages. Raises FileProblem, Cancelled."""
    command = [sys.executable, "-I", str(_PROGRAM)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
    sent: bytes | None = msgspec.json.encode(document)
    while True:
        try:
            answer, said = process.communicate(sent, timeout=_SECONDS if control else None)
            break
        except subprocess.TimeoutExpired:
            sent = None
            try:
                if control is not None:
                    control.check()
            except BaseException:
                process.kill()
                process.communicate()
                raise
    head, _, content = answer.partition(b"\n")
    if process.returncode or not head.isdigit():
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise FileProblem(Message("The PDF could not be drawn: {problem}", problem=last[0]))
    return content, int(head)
