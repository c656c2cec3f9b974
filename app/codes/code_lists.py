"""Lists of codes: pasted, a file of any table, or the file in which a scanner without a computer keeps what it read.

Such files have no headings, and each maker another order of columns: what a column is, its cells show. Known are those
of Opticon (code, number of the reader, time, date), Zebra (date, time, kind of symbol, code), CipherLab (code, moment).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.calendar_bounds import in_utc
from cmdb.model.characters import one_line
from cmdb.model.control import Control
from cmdb.model.date_texts import parse_date
from cmdb.model.errors import FileProblem, InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import fold

if TYPE_CHECKING:
    from app.audits.scanning import CodeRead

MOST = 100_000
"""The most codes of one list."""
_LARGEST = 50 << 20
"""Larger files are no lists of codes."""
_HEADERS = {
    "code": ("code", "codes", "barcode", "bar code", "scan", "scanned", "tag", "asset tag", "serial", "serial number",
             "inventarnummer", "seriennummer", "numero de serie", "codigo", "codice", "data", "qr code", "number"),
    "place": ("place", "location", "room", "raum", "ort", "standort", "lieu", "salle", "ubicacion", "sala", "luogo"),
    "date": ("date", "datum", "fecha", "data scan", "scan date", "day"),
    "time": ("time", "zeit", "uhrzeit", "heure", "hora", "ora", "scan time", "timestamp", "date time", "datetime",
             "scanned at", "zeitstempel", "date and time"),
    "condition": ("condition", "zustand", "etat", "estado", "stato"),
    "note": ("note", "notes", "remark", "comment", "bemerkung", "notiz", "remarque", "nota"),
}  # fmt: skip
_KIND_OF_HEADER = {word: kind for kind, words in _HEADERS.items() for word in words}
_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
_DATE = re.compile(_DAY)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?")
_BOTH = re.compile(rf"(?P<date>{_DAY})[T ,]+(?P<time>\d.*?)(?P<zone>Z|[+-]\d\d:?\d\d)?")
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)")
_SYMBOLOGY = re.compile(
    r"(?:code|gs1|ean|upc|qr|data ?matrix|codabar|i ?2/?5|itf|interleaved|pdf ?417|aztec|maxi|micro|instor|msi|isbn"
    r"|jan)[ \w/-]*", re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A code of a list: as it was read, its row (from 1), where and when; ``at`` is in milliseconds since 1970 UTC, 0
    where the list doesn't say.
    """

    code: str
    row: int
    at: int = 0
    place: str = ""
    condition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of a list, in its order, and what could not be read of it."""

    codes: tuple[ListedCode, ...]
    problems: tuple[Message, ...] = ()


def pasted_codes(text: str) -> CodeList:
    """The codes of a pasted text: one in a line, or a table with tabs, commas or semicolons. Raises FileProblem."""
    from importers.spreadsheets.files.text import read_text

    if not text.strip():
        return CodeList(())
    lines = text.splitlines()
    if not any(mark in line for line in lines for mark in "\t,;"):
        return codes_of([[line] for line in lines])
    try:
        return codes_of(read_text("", text.encode("utf-8", "replace")).rows)
    except FileProblem:  # a quotation mark that nothing closes is a part of a code
        return codes_of([re.split("[\t;,]", line) for line in lines])


def codes_in_file(path: Path, control: Control | None = None) -> CodeList:
    """The codes of a file: a text in any encoding, a spreadsheet, or a scanner's memory. Raises FileProblem, Cancelled.

    A file of pictures is refused with a line that says what it is.
    """
    from importers.spreadsheets.sheets.opening import open_file

    control = control or Control()
    if path.is_file() and path.stat().st_size > _LARGEST:
        raise FileProblem(Message("{file} is too large for a list of codes.", file=path.name))
    workbook = open_file(path, check=control.check)
    rows = next((sheet.rows for sheet in workbook.sheets if any(map(any, sheet.rows))), [])
    return codes_of(rows)


def codes_of(rows: Sequence[Sequence[object]]) -> CodeList:
    """The codes of a table, whatever its columns are. Raises FileProblem for more than ``MOST``."""
    cells = [[_text(cell) for cell in row] for row in rows]
    if len(cells) > MOST:
        raise FileProblem(
            Message("A list has at most {most} codes; this one has {count}.", most=MOST, count=len(cells))
        )
    first = next((at for at, row in enumerate(cells) if any(row)), 0)
    width = max(map(len, cells), default=0)
    headers = [_KIND_OF_HEADER.get(fold(cell), "") for cell in cells[first]] if cells else []
    headed = "code" in headers
    body = cells[first + 1 :] if headed else cells[first:]
    kinds = [*headers, *[""] * (width - len(headers))] if headed else _kinds(body, width)
    day_first = _day_first(cell for row in body for cell in row)
    found: list[ListedCode] = []
    problems: list[Message] = []
    for number, row in enumerate(body, first + 2 if headed else first + 1):
        said = {kind: cell for kind, cell in reversed(list(zip(kinds, row, strict=False))) if kind and cell}
        if "code" not in said:
            if any(row):
                problems.append(Message("Row {row} has no code.", row=number))
            continue
        try:
            at = _moment(said.get("date", ""), said.get("time", ""), day_first)
        except InvalidValue as error:
            problems.append(Message("Row {row}: {problem}", row=number, problem=error.message))
            at = 0
        found.append(ListedCode(said["code"], number, at, said.get("place", ""), said.get("condition", ""),
                                said.get("note", "")))  # fmt: skip
    return CodeList(tuple(found), tuple(problems))


def as_reads(listed: Iterable[ListedCode]) -> list[CodeRead]:
    """The codes of a list as what is recorded of an audit: a place that a row names is read before it where it is
    another one than before.
    """
    from app.audits.scanning import CodeRead

    reads: list[CodeRead] = []
    place = ""
    for one in listed:
        if one.place and one.place != place:
            place = one.place
            reads.append(CodeRead(place, one.at))
        reads.append(CodeRead(one.code, one.at, condition=one.condition, note=one.note))
    return reads


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))  # a spreadsheet holds the tag 10244 as a number
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    text = str(cell)
    return text.strip(" \t\r\n\ufeff") if "\x1d" in text else one_line(text)


def _kinds(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """What each column of a table without headings is: a date, a time, the code; "" for others."""
    kinds = []
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row) and row[column]]
        kinds.append(_kind_of(cells))
    left = [at for at, kind in enumerate(kinds) if kind == "other"] or [at for at, kind in enumerate(kinds) if kind]
    if left:
        distinct = {at: len({row[at] for row in rows if at < len(row) and row[at]}) for at in left}
        letters = {at: sum(len(row[at]) for row in rows if at < len(row)) for at in left}
        code = max(left, key=lambda at: (distinct[at], letters[at], -at))
        kinds = ["code" if at == code else "" if kind in ("other", "symbology") else kind
                 for at, kind in enumerate(kinds)]  # fmt: skip
    return kinds


def _kind_of(cells: Sequence[str]) -> str:
    def all_are(pattern: re.Pattern[str]) -> bool:
        return bool(cells) and all(map(pattern.fullmatch, cells))

    if all_are(_DATE):
        return "date"
    if all_are(_TIME) or all_are(_BOTH) or all_are(_COMPACT):
        return "time"
    if all_are(_SYMBOLOGY):
        return "symbology"
    return "other" if cells else ""


def _day_first(cells: Iterable[str]) -> bool:
    """Whether days come before months: unless a day beyond 12 stands in the second place."""
    for cell in cells:
        parts = re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}", cell)
        if parts and int(parts[2]) > 12:
            return False
        if parts and int(parts[1]) > 12:
            return True
    return True


def _moment(day: str, time: str, day_first: bool) -> int:
    """A date and a time of the scanner's clock, which is the local one. Raises InvalidValue."""
    compact, both = _COMPACT.fullmatch(time), _BOTH.fullmatch(time)
    zone = ""
    if compact is not None:
        day, time = "-".join(compact.groups()[:3]), ":".join(compact.groups()[3:])
    elif both is not None:
        day, time, zone = both["date"], both["time"], both["zone"] or ""
    if not day:
        return 0
    parts = _TIME.fullmatch(time.strip()) if time else None
    if time and parts is None:
        raise InvalidValue(Message("“{time}” is no time.", time=time))
    hour, minute, second = (int(parts[n] or 0) for n in (1, 2, 3)) if parts else (0, 0, 0)
    if parts and parts[4]:
        hour = hour % 12 + (12 if parts[4] in "Pp" else 0)
    text = (
        f"{parse_date(day, day_first=day_first)}T{hour:02}:{minute:02}:{second:02}{'+00:00' if zone == 'Z' else zone}"
    )
    return int(in_utc(datetime.fromisoformat(text)).timestamp() * 1000)
