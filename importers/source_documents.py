"""Documents that other programs wrote, as files: read whole, within bounds, as bytes, text or JSON."""

from __future__ import annotations

import os
import time
from typing import Any, NamedTuple

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain, Size
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

MOST = 64 << 20
_MOST_VALUES = 4_000_000
"""Values of a document: it is held in memory, where the smallest value takes many times its bytes in the file."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class SourceDocument(NamedTuple):
    """The content of a file, its name, and when it was last changed (ISO UTC)."""

    raw: bytes
    name: str
    changed: str


def document_of(path: str | os.PathLike[str]) -> SourceDocument:
    """The content of a file. Raises FileProblem if it cannot be read, or is larger than any inventory."""
    name = regular_files.name_as_text(path)
    try:
        with regular_files.opened(path) as file:
            raw = file.read(MOST + 1)
            changed = os.fstat(file.fileno()).st_mtime
    except OSError as error:
        raise FileProblem(Message("{file} cannot be read: {reason}.", file=name, reason=reason_of(error))) from error
    if len(raw) > MOST:
        raise FileProblem(Message("{file} is larger than {limit}: no inventory is.", file=name, limit=Size(MOST)))
    return SourceDocument(raw, name, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(changed)))


def start_of(head: bytes) -> bytes:
    """The first bytes of a file as the characters of ASCII in it: without marks, blanks, and the zeros of UTF-16."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()


def text_of(document: SourceDocument, errors: str = "strict") -> str:
    """The text of a document in UTF-8, or in UTF-16 with a mark. Raises FileProblem where it is empty.

    Bytes that are no text are a FileProblem, too; with ``errors`` "replace" the replacement character stands for them.
    """
    raw = document.raw
    try:
        text = raw.decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig", errors)
    except UnicodeDecodeError as error:
        message = Message(
            "{file} is no inventory: it is not text ({reason} at byte {position}).",
            file=document.name,
            reason=error.reason,
            position=error.start,
        )
        raise FileProblem(message) from error
    if not text.strip():
        raise FileProblem(Message("{file} is empty.", file=document.name))
    return text


def refuse_too_many_values(document: SourceDocument) -> None:
    """Raises FileProblem for a document with more values in JSON than any inventory has."""
    if sum(map(document.raw.count, (b",", b"{", b"["))) > _MOST_VALUES:
        message = Message(
            "{file} has more than {most} values: no inventory has.", file=document.name, most=_MOST_VALUES
        )
        raise FileProblem(message)


def json_of(document: SourceDocument) -> Any:
    """The value of a document in JSON. Raises FileProblem where it is none, has too many values, or is cut off."""
    name = document.name
    refuse_too_many_values(document)
    text = text_of(document)
    try:
        return parsed(text)
    except JsonProblem as error:
        at = error.position
        if at is not None and text.lstrip().startswith(("{", "[")) and _cut_off(text, at):
            line = Plain(text.count("\n", 0, at) + 1)
            message = Message("{file} is cut off at line {line}: its end is missing.", file=name, line=line)
            raise FileProblem(message) from error
        message = Message("{file} is no inventory: it is {problem}.", file=name, problem=error.reason)
        raise FileProblem(message) from error


def _cut_off(text: str, position: int) -> bool:
    """Whether the text ends before the parser was done: nothing follows, or a string is not closed."""
    rest = text[position:].rstrip()
    return len(rest) <= 1 or (rest.startswith('"') and '"' not in rest[1:].replace('\\"', ""))
