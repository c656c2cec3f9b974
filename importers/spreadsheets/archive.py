"""Inspects a zipped workbook before it is parsed: bombs, entities, passwords, extents, error cells.

The parser that reads the cells holds each sheet as a full rectangle, and leaves error values out; so extents and error
values must be known before.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message

#: Unpacked bytes of all parts together.
MAX_UNPACKED = 1 << 30
#: Parts above this size must not be packed more tightly than ``MAX_RATIO``: real sheets reach some 40 to 1.
SUSPICIOUS = 64 << 20
MAX_RATIO = 150
#: Cells of a sheet's rectangle.
MAX_CELLS = 25_000_000
MAX_COLUMNS = 16_384
_CHUNK = 4 << 20
_OVERLAP = 1024

_COLUMN = re.compile(rb"\sr=[\"']([A-Za-z]{1,7})\d")
_FAR_COLUMN = re.compile(rb' r="([A-Za-z]{2,7})\d')
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?r=[\"'](\d+)")
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_LONE_CELL_ROW = re.compile(rb"\sr=[\"'][A-Za-z]{1,7}(\d{5,})")
_ERROR = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=\"([A-Z]+)(\d+)\"[^>]*?\bt=\"e\"[^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.DOTALL)
_ERROR_FIRST = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\bt=\"e\"[^>]*?r=\"([A-Z]+)(\d+)\"[^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)


@dataclass(slots=True)
class Archive:
    """The result of inspecting a workbook's container."""

    kind: str
    """"xlsx" or "ods"."""
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    """Sheet name → (row, column), both 0-based → the error value, such as ``#REF!``. xlsx only."""


def look_through(path: Path) -> Archive:
    """Checks a zip file that should be a workbook. Raises FileProblem with a one-line message."""
    try:
        with zipfile.ZipFile(path) as container, path.open("rb") as raw:
            parts = {info.filename: info for info in container.infolist()}
            kind = _kind(path, container, parts)
            _sizes(path, parts)
            _entities(path, raw, parts)
            if kind == "ods":
                _check_ods(path, raw, parts)
                return Archive("ods")
            return Archive("xlsx", _check_xlsx(path, raw, parts))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError) as error:
        raise FileProblem(
            Message("{file} is damaged or was cut short: it cannot be unpacked.", file=path.name)
        ) from error


def _kind(path: Path, container: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> str:
    if any(info.flag_bits & 1 for info in parts.values()):
        raise FileProblem(Message("{file} is protected by a password. Save it without one first.", file=path.name))
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if "xl/workbook.bin" in parts:
        raise FileProblem(Message("{file} is a binary workbook (xlsb). Save it as xlsx first.", file=path.name))
    if "mimetype" in parts and parts["mimetype"].file_size < 200:
        if container.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            manifest = parts.get("META-INF/manifest.xml")
            if manifest and manifest.file_size < 1 << 20 and b"encryption-data" in container.read(manifest):
                raise FileProblem(
                    Message("{file} is protected by a password. Save it without one first.", file=path.name)
                )
            return "ods"
    elif "content.xml" in parts and "META-INF/manifest.xml" in parts:
        return "ods"
    workbook = next((n for n in parts if re.fullmatch(r"[^/]+/workbook\.xml", n)), "")
    if "[Content_Types].xml" in parts and workbook:
        return "xlsx"
    raise FileProblem(Message("{file} is a zip archive, but not a spreadsheet.", file=path.name))


def _sizes(path: Path, parts: dict[str, zipfile.ZipInfo]) -> None:
    for info in parts.values():
        if info.file_size > SUSPICIOUS and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise FileProblem(
                Message(
                    "{file} is packed suspiciously tightly ({part} would unpack to {size} from {packed}) "
                    "and was not opened.",
                    file=path.name,
                    part=info.filename,
                    size=Size(info.file_size),
                    packed=Size(info.compress_size),
                )
            )
    total = sum(info.file_size for info in parts.values())
    if total > MAX_UNPACKED:
        raise FileProblem(
            Message(
                "{file} would unpack to {size}; the limit is {limit}.",
                file=path.name,
                size=Size(total),
                limit=Size(MAX_UNPACKED),
            )
        )
    if len(parts) > 20_000:
        raise FileProblem(
            Message("{file} has {number} parts, which no spreadsheet has.", file=path.name, number=len(parts))
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
        raise FileProblem(Message("{file} is packed with a method that spreadsheets do not use.", file=path.name))
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
                    Message("{file} unpacks to more than it declares, and was not opened.", file=path.name)
                )
            if data:
                yield data
    if made < info.file_size:
        raise EOFError(info.filename)


def _entities(path: Path, raw: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> None:
    """Refuses document types and entities, which no spreadsheet program writes. They come before the root element."""
    for info in parts.values():
        if info.filename.endswith((".xml", ".rels")) and info.file_size:
            start = next(unpack(path, raw, info, 4096), b"")[:4096]
            if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                start = start.decode("utf-16", "ignore").encode()
            if b"<!DOCTYPE" in start.upper() or b"<!ENTITY" in start.upper():
                raise FileProblem(
                    Message(
                        "{file} defines XML entities ({part}), and was not opened.", file=path.name, part=info.filename
                    )
                )


def _check_xlsx(path: Path, raw: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> dict[str, dict[tuple[int, int], str]]:
    errors: dict[str, dict[tuple[int, int], str]] = {}
    for name, info in parts.items():
        if re.search(r"(^|/)worksheets/[^/]+\.xml$", name):
            found = _scan_sheet(path, raw, info)
            if found:
                errors[name] = found
    if not errors:
        return {}
    names = _sheet_names(path, raw, parts)
    return {names[part]: cells for part, cells in errors.items() if part in names}


def _scan_sheet(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> dict[tuple[int, int], str]:
    """Error cells of a sheet. The usual spelling, in which only columns beyond Z matter, is searched faster."""
    columns: set[bytes] = set()
    last_row = 0
    errors: dict[tuple[int, int], str] = {}
    tail = b""
    for data in _chunks(path, raw, info):
        data = tail + data
        usual = b"='" not in data and b"<row r=" in data and b"\nr=" not in data
        columns.update((_FAR_COLUMN if usual else _COLUMN).findall(data))
        rows = (_PLAIN_ROW if usual else _ROW).findall(data)
        if rows:
            last_row = max(last_row, int(rows[-1]), int(max(rows, key=len)))
        else:
            last_row = max([last_row, *(int(r) for r in _LONE_CELL_ROW.findall(data))])
        if b't="e"' in data:
            for pattern in (_ERROR, _ERROR_FIRST):
                for column, row, value in pattern.findall(data):
                    errors[int(row) - 1, column_number(column.decode())] = value.decode("utf-8", "replace")
        tail = data[-_OVERLAP:]
    width = max((column_number(c.decode().upper()) for c in columns), default=25) + 1
    if width > MAX_COLUMNS:
        raise FileProblem(
            Message(
                "{file} has a sheet with {columns} columns; the limit is {limit}.",
                file=path.name,
                columns=width,
                limit=MAX_COLUMNS,
            )
        )
    if last_row * width > MAX_CELLS:
        raise FileProblem(
            Message(
                "{file} has a sheet that spans {rows} rows and {columns} columns, too many to hold. "
                "Delete the stray cells far below or to the right.",
                file=path.name,
                rows=last_row,
                columns=width,
            )
        )
    return errors


def _chunks(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces of some size: the search works best on large ones."""
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


def _sheet_names(path: Path, raw: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Part name → sheet name, through the workbook's relationships."""
    from xml.etree.ElementTree import Element

    from defusedxml import ElementTree

    def tree(name: str) -> Element:
        try:
            return ElementTree.fromstring(b"".join(unpack(path, raw, parts[name])))
        except ElementTree.ParseError as error:
            raise FileProblem(Message("{file} is damaged: {part} is no XML.", file=path.name, part=name)) from error

    folder = next(n for n in parts if re.fullmatch(r"[^/]+/workbook\.xml", n)).split("/")[0]
    targets: dict[str, str] = {}
    for one in tree(f"{folder}/_rels/workbook.xml.rels"):
        target = one.get("Target", "")
        targets[one.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
    names: dict[str, str] = {}
    for one in tree(f"{folder}/workbook.xml").iter():
        if one.tag.endswith("}sheet"):
            rid = next((v for k, v in one.attrib.items() if k.endswith("}id")), "")
            names[targets.get(rid, "")] = one.get("name", "")
    return names


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


_REPEATED_ROW = re.compile(rb"<table:table-row\b[^>]*number-rows-repeated=\"(\d+)\"[^>]*?(?:/>|>)")
_REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b[^>]*number-columns-repeated=\"(\d+)\"[^>]*>")
_CONTENT = re.compile(rb"<text:p|office:value")
_MODEST = 1000


def _check_ods(path: Path, raw: BinaryIO, parts: dict[str, zipfile.ZipInfo]) -> None:
    """Refuses repeats that would unfold to more cells than can be held. Empty ones at the end of a sheet are usual."""
    if parts["content.xml"].file_size > MAX_UNPACKED // 3:
        raise FileProblem(
            Message("{file} is too large for an ods file to be read. Save it as xlsx or csv.", file=path.name)
        )
    data = b"".join(unpack(path, raw, parts["content.xml"]))
    width = rows = 0
    for table in data.split(b"<table:table ")[1:]:
        ends = [m.start() for m in _CONTENT.finditer(table)][-1:]
        end = ends[0] if ends else 0
        rows = table.count(b"<table:table-row")
        for match in _REPEATED_ROW.finditer(table):
            if int(match[1]) > 1 and match.start() < end:
                rows += int(match[1])
        width = _ods_width(table, end)
        if width > MAX_COLUMNS or (rows - 1) * width > MAX_CELLS:
            raise FileProblem(
                Message(
                    "{file} has a sheet that spans {rows} rows and {columns} columns, too many to hold.",
                    file=path.name,
                    rows=rows,
                    columns=width,
                )
            )


def _ods_width(table: bytes, end: int) -> int:
    """Columns of the widest row, counted with repeated cells; 0 if no cell is repeated often."""
    widest = 0
    for match in _REPEATED_CELL.finditer(table):
        if int(match[1]) <= _MODEST:
            continue
        stop = table.find(b"</table:table-row>", match.start())
        filled = not match[0].endswith(b"/>") or b"office:value" in match[0]
        if match.start() < end and (filled or _CONTENT.search(table, match.end(), stop)):
            start = table.rfind(b"<table:table-row", 0, match.start())
            repeats = (int(m[1]) for m in _REPEATED_CELL.finditer(table, start, stop))
            widest = max(widest, sum(repeats) + table.count(b"<table:table-cell", start, stop))
    if not widest:
        first = table.find(b"</table:table-row>")
        widest = table.count(b"<table:table-cell", 0, first) if first > 0 else 0
    return widest
