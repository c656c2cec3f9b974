"""The zip archive of a workbook, as far as it must be distrusted: bombs, entities, sizes that lie."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text

#: Unpacked bytes of all parts together.
MAX_UNPACKED = 1 << 30
#: Parts above this size must not be packed more tightly than ``MAX_RATIO``: real sheets reach some 40 to 1.
SUSPICIOUS = 64 << 20
MAX_RATIO = 150
#: Bytes of an archive's list of its parts: some 20,000 of them with long names.
_MAX_DIRECTORY = 10 << 20
#: Where its end is said: 22 bytes and a comment, and what a large archive says before.
_TAIL = 22 + 65_535 + 20 + 56
_IN_64 = 0xFFFFFFFF
_LIST_END, _LIST_END_64 = b"PK\5\6", b"PK\6\6"
#: Cells of a sheet's rectangle.
MAX_CELLS = 25_000_000
MAX_COLUMNS = 16_384
_CHUNK = 4 << 20


def check_sizes(path: Path, parts: Mapping[str, zipfile.ZipInfo]) -> None:
    """Refuses an archive that would unpack to too much. Raises FileProblem."""
    for info in parts.values():
        if info.file_size > SUSPICIOUS and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise FileProblem(
                Message(
                    "{file} is packed suspiciously tightly ({part} would unpack to {size} from {packed}) "
                    "and was not opened.",
                    file=name_as_text(path),
                    part=info.filename,
                    size=Size(info.file_size),
                    packed=Size(info.compress_size),
                )
            )
    refuse_size(path, sum(info.file_size for info in parts.values()))
    if len(parts) > 20_000:
        raise FileProblem(
            Message("{file} has {number} parts, which no spreadsheet has.", file=name_as_text(path), number=len(parts))
        )


def refuse_directory(path: Path, raw: BinaryIO) -> None:
    """Refuses an archive whose list of parts is longer than any that is read: the list is held in memory, whole.

    Raises FileProblem.
    """
    size = raw.seek(0, io.SEEK_END)
    raw.seek(max(0, size - _TAIL))
    tail = raw.read()
    at = tail.rfind(_LIST_END)
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    larger = tail.rfind(_LIST_END_64)
    if 0 <= larger < at:
        listed = max(int.from_bytes(tail[larger + 40 : larger + 48], "little"), 0 if listed == _IN_64 else listed)
    if listed > _MAX_DIRECTORY:
        raise FileProblem(Message("{file} holds more files than can be taken in at once.", file=name_as_text(path)))


def refuse_size(path: Path, size: int) -> None:
    """Raises FileProblem for a file that would unpack to too many bytes; a part that is read twice counts twice."""
    if size > MAX_UNPACKED:
        raise FileProblem(
            Message(
                "{file} would unpack to {size}; the limit is {limit}.",
                file=name_as_text(path),
                size=Size(size),
                limit=Size(MAX_UNPACKED),
            )
        )


def unpack(path: Path, raw: BinaryIO, info: zipfile.ZipInfo, chunk: int = _CHUNK) -> Iterator[bytes]:
    """The unpacked bytes of one part, in chunks. Raises FileProblem once it yields more than the directory declares.

    Reads the packed stream itself: the sizes in the directory may be wrong, and the parser ignores the directory.
    """
    raw.seek(info.header_offset)
    local = raw.read(30)
    if len(local) < 30:
        raise zipfile.BadZipFile(info.filename)
    raw.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    left, made = info.compress_size, 0
    inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    if inflate is None and info.compress_type != zipfile.ZIP_STORED:
        raise FileProblem(
            Message("{file} is packed with a rare method. Pack it as a plain zip archive.", file=name_as_text(path))
        )
    while left > 0:
        packed = raw.read(min(left, 1 << 18))
        if not packed:
            raise EOFError(info.filename)
        left -= len(packed)
        while packed:
            data = inflate.decompress(packed, chunk) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""
            made += len(data)
            if made > info.file_size:
                raise FileProblem(
                    Message("{file} unpacks to more than it declares, and was not opened.", file=name_as_text(path))
                )
            if data:
                yield data
    if made < info.file_size:
        raise EOFError(info.filename)


def refuse_entities(path: Path, raw: BinaryIO, parts: Mapping[str, zipfile.ZipInfo]) -> None:
    """Refuses document types and entities, which no spreadsheet program writes. They come before the root element."""
    for info in parts.values():
        if info.filename.endswith((".xml", ".rels")) and info.file_size:
            start = next(unpack(path, raw, info, 4096), b"")[:4096]
            if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                start = start.decode("utf-16", "ignore").encode()
            if b"<!DOCTYPE" in start.upper() or b"<!ENTITY" in start.upper():
                raise FileProblem(
                    Message(
                        "{file} defines XML entities ({part}), and was not opened.",
                        file=name_as_text(path),
                        part=info.filename,
                    )
                )


def chunks(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces of some size: a search works best on large ones. Raises as ``unpack``."""
    held: list[bytes] = []
    size = 0
    for piece in unpack(path, raw, info):
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def column_number(letters: str) -> int:
    """0-based number of a column: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a 0-based column number."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
