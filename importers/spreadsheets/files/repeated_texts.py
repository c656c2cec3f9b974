"""Texts that a workbook holds once and shows in many cells: the parser of cells makes one of each for every cell.

A small file can so stand for more than any memory holds. Here it is counted before it is read.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import MAX_UNPACKED, chunks, refuse_size
from importers.spreadsheets.files.package import OfficePackage, Parts

_MOST_BLANKS = 16 << 20

_SHARED_CELL = re.compile(rb"\st=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>(\d{1,10})<")
_SHARED_END = re.compile(rb"<(?:\w+:)?si\s*/>|</(?:\w+:)?si\s*>")
_NO_NUMBER = re.compile(rb"(?:-repeated|text:c)\s*=\s*(?:\"\d*[^\d\"]|'\d*[^\d'])")
_BLANKS = re.compile(rb"text:c\s*=\s*[\"'](\d+)")
_REPEATED = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell)\b[^>]*-repeated\s*=\s*[\"'](\d+)[^>]*(?<!/)>"
)
_ROWS = re.compile(rb"rows-repeated\s*=\s*[\"'](\d+)")


def refuse_shared_texts(path: Path, raw: BinaryIO, parts: Parts, package: OfficePackage) -> None:
    """Refuses a workbook in which long shared texts are shown in too many cells. Raises FileProblem.

    Which text is shown how often is only counted where the longest one in every cell would be too much.
    """
    if package.strings not in parts:
        return
    texts = parts[package.strings]
    sizes: array[int] | None = None
    for sheet in package.sheets:
        if sheet.kind != "worksheet" or sheet.part not in parts:
            continue
        part = parts[sheet.part]
        most = part.file_size // len('<c t="s"><v>0</v></c>')
        if most * texts.file_size <= MAX_UNPACKED or not _has_longer(path, raw, texts, MAX_UNPACKED // most):
            continue
        sizes = _sizes(path, raw, texts) if sizes is None else sizes
        uses = Counter[int]()
        tail = b""
        for piece in chunks(path, raw, part):
            data = tail + piece
            last = data.rfind(b"</") + 1
            tail, data = data[last:], data[:last]
            uses.update(map(int, _SHARED_CELL.findall(data)))
        refuse_size(path, sum(sizes[text] * number for text, number in uses.items() if text < len(sizes)))


def _has_longer(path: Path, raw: BinaryIO, info: zipfile.ZipInfo, size: int) -> bool:
    """Whether any shared text may be longer than that: looks for ends of texts in stretches half as long."""
    step = max(size // 2, 16)
    tail = b""
    for piece in chunks(path, raw, info):
        data = tail + piece
        end = len(data) - len(data) % step
        if any(data.find(b"si>", at, at + step + 2) < 0 for at in range(0, end, step)):
            return True
        tail = data[end:]
    return False


def _sizes(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> array[int]:
    """Bytes of each shared text, in order."""
    found = array("Q")
    before = 0
    for end in _ends(path, raw, info):
        found.append(end - before)
        before = end
    return found


def _ends(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> Iterator[int]:
    start, tail = 0, b""
    for piece in chunks(path, raw, info):
        data = tail + piece
        at = 0
        for match in _SHARED_END.finditer(data):
            at = match.end()
            yield start + at
        kept = max(at, len(data) - 64)
        start, tail = start + kept, data[kept:]


def refuse_repeated_texts(path: Path, content: bytes) -> None:
    """Refuses an OpenDocument spreadsheet whose repeated cells and blanks stand for too much. Raises FileProblem."""
    if _NO_NUMBER.search(content) is not None:
        raise FileProblem(
            Message("{file} is damaged, or is not the spreadsheet it seems to be.", file=name_as_text(path))
        )
    blanks = sum(map(int, _BLANKS.findall(content)))
    refuse_size(path, MAX_UNPACKED + blanks if blanks > _MOST_BLANKS else 0)
    total = len(content)
    for match in _REPEATED.finditer(content):
        kind, number = match[1], int(match[2])
        end = content.find(b"</table:" + kind, match.end())
        held = max(end - match.end(), 0)
        if kind != b"table-row" and number > 1:
            row = content.rfind(b"<table:table-row", 0, match.start())
            rows = _ROWS.search(content, row, content.find(b">", row)) if row >= 0 else None
            number *= int(rows[1]) if rows else 1
        if held and number > 1:
            total += held * number
    refuse_size(path, total)
