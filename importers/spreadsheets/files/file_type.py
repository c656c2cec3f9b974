"""Finds the type of a file by its first bytes, because extensions may be wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from cmdb.model.system_errors import reason_of
from importers.source_documents import start_of
from importers.spreadsheets.files.encoding import by_mark, wide_without_mark
from importers.xml_root import root_tag

Kind = Literal["zip", "ole", "text", "html", "xml", "json", "binary"]

HEAD = 65_536
#: Text files beyond this are refused: they are held in memory as cells, at some six times their size.
MAX_TEXT = 400 << 20
#: Workbooks (compressed) beyond this are refused.
MAX_WORKBOOK = 300 << 20

_MAGIC = (
    (b"%PDF", Message("a PDF document")),
    (b"\x89PNG", Message("a picture")),
    (b"\xff\xd8\xff", Message("a picture")),
    (b"GIF8", Message("a picture")),
    (b"\x7fELF", Message("a program")),
    (b"MZ", Message("a program")),
    (b"\x1f\x8b", Message("a gzip archive: unpack it first")),
    (b"BZh", Message("a bzip2 archive: unpack it first")),
    (b"\xfd7zXZ", Message("an xz archive: unpack it first")),
    (b"7z\xbc\xaf", Message("a 7-Zip archive: unpack it first")),
    (b"Rar!", Message("a RAR archive: unpack it first")),
    (b"SQLite format 3\0", Message("a database")),
    (b"\0\1\0\0Standard", Message("a database")),
    (b"{\\rtf", Message("a text document (RTF)")),
    (b"-----BEGIN SSH SIGNATURE", Message("a signature without the file that it signs")),
    (b"PAR1", Message("a Parquet file")),
    (b"\x09\0\4\0", Message("a workbook of Excel 4 or older: save it as xlsx first")),
    (b"\x09\2\6\0", Message("a workbook of Excel 4 or older: save it as xlsx first")),
    (b"\x09\4\6\0", Message("a workbook of Excel 4 or older: save it as xlsx first")),
)


def read_head(path: Path) -> bytes:
    """The first bytes of a file. Raises FileProblem if it is missing, no file, unreadable or empty."""
    try:
        with regular_files.opened(path) as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        raise FileProblem(Message("There is no file {file}.", file=path)) from None
    except OSError as error:
        raise FileProblem(Message("{file} cannot be read: {reason}.", file=path, reason=reason_of(error))) from error
    if not head:
        raise FileProblem(Message("{file} is empty.", file=name_as_text(path)))
    return head


def kind_of(head: bytes) -> Kind:
    """The type of a file by its first bytes. Never raises."""
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if is_wide(head):
        head = head.decode(by_mark(head) or wide_without_mark(head), "ignore").encode()
    elif any(head.startswith(magic) for magic, _ in _MAGIC) or _is_binary(head):
        return "binary"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:400].lower()
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")):
        return "html"
    if start.startswith((b"<?xml", b"<!doctype", b"<!--")) or _ELEMENT.match(start):
        return "html" if b"<html" in start else "xml"
    return "text"


#: XML without a declaration: an element that holds another, or has a name space.
_ELEMENT = re.compile(rb"<[a-z][\w.:-]*(?:\s[^<>]*)?(?:xmlns(?::[\w.-]+)?\s*=|>\s*<[a-z?!/])")

#: Kinds of XML and JSON that people have, by what their first bytes hold (in small letters).
_DOCUMENTS = (
    (
        (b"urn:schemas-microsoft-com:office:spreadsheet",),
        Message("a workbook in the XML of 2003: save it as xlsx first"),
    ),
    ((b"office:document", b"office:spreadsheet"), Message("a flat OpenDocument spreadsheet: save it as ods first")),
    ((b"<list", b'class="system"'), Message("what lshw writes as XML: let it write JSON (lshw -json)")),
)
#: Patterns of text that is not a table.
_TEXTS = {
    "json": Message("JSON that is no inventory"), "xml": Message("XML"), "html": Message("a web page"),
}  # fmt: skip


def describe_binary(head: bytes) -> Message:
    """The kind of a file without a table, to complete "it is …"."""
    known = next((text for magic, text in _MAGIC if head.startswith(magic)), None)
    if known is None and kind_of(head) in ("xml", "json"):
        start = head.replace(b"\0", b"").lower()
        known = next((text for words, text in _DOCUMENTS if all(word in start for word in words)), None)
    if known is None and kind_of(head) == "xml" and (name := root_tag(start_of(head)).name):
        return Message("XML whose outermost element is “{name}”", name=name[:80])
    return known or _TEXTS.get(kind_of(head)) or Message("binary data")


#: Bytes of a larger file are not looked through only to say what is wrong with it.
_MOST_READ = 100_000_000


def is_broken_json(path: Path, head: bytes) -> bool:
    """Whether a file that is called JSON holds names with values, as JSON does, and no table; its start may be lost."""
    return path.suffix.casefold() == ".json" and kind_of(head) == "text" and _NAMED_VALUE.search(head) is not None


_NAMED_VALUE = re.compile(rb'"[\w$-]{1,80}"\s*:')


def describe(path: Path, head: bytes) -> Message:
    """What a file is that nothing can read, to end "it is …": JSON is looked through for where it is broken."""
    is_json = kind_of(head) == "json" or is_broken_json(path, head)
    if not is_json or path.stat().st_size > _MOST_READ:
        return describe_binary(head)
    try:
        parsed(regular_files.content(path))
    except JsonProblem as error:
        return error.reason
    except FileProblem:
        pass
    return describe_binary(head)


def is_wide(head: bytes) -> bool:
    """Whether the bytes are UTF-16 or UTF-32: by their mark, or by zero bytes in the same places."""
    if by_mark(head) in ("utf-16", "utf-32"):
        return len(head) % 2 == 0 or len(head) == HEAD
    return wide_without_mark(head) != ""


_CONTROL = bytes(c for c in range(1, 32) if c not in (9, 10, 12, 13, 27))


def _is_binary(head: bytes) -> bool:
    """Whether it is no text. A damaged text may hold single NULs, or end with them or with Ctrl-Z."""
    text = head.rstrip(b"\0\x1a\r\n ")
    if (not text and b"\0" in head) or text.count(0) > max(3, len(text) // 50):
        return True
    control = len(text) - len(text.translate(None, _CONTROL))
    return control > max(2, len(text) // 200)


def limit_size(path: Path, kind: Kind) -> None:
    """Raises FileProblem for a file that is too large to be held in memory."""
    size = path.stat().st_size
    limit = MAX_TEXT if kind == "text" else MAX_WORKBOOK
    if size > limit:
        raise FileProblem(
            Message(
                "{file} is too large to import ({size}; the limit is {limit}). Split it.",
                file=name_as_text(path),
                size=Size(size),
                limit=Size(limit),
            )
        )
