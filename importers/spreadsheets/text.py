"""Text tables: encoding, delimiter, line ends, quoted cells."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from importers.spreadsheets.archive import MAX_COLUMNS
from importers.spreadsheets.file_type import utf16_without_mark

DELIMITERS = ",;\t|"
_MORE_DELIMITERS = "^~:#"
_SAMPLE = 200_000
#: Letters that Western European text is likely to hold, in lower case.
_LIKELY = frozenset("äöüßéèêëàáâãåæçíìîïñóòôõøúùûýÿœšžÄÖÜÉÀÅÆØÇÑ’‘“”–—€£°®™·")


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a text file, all of them strings and each row equally long, and how it was read."""

    rows: list[list[str]]
    encoding: str
    delimiter: str
    line_end: str
    mixed: tuple[int, ...] = ()
    """Numbers of the lines (1-based) that were not in the file's encoding and were read as cp1252."""


def read_text(name: str, data: bytes, encoding: str = "", delimiter: str = "") -> TextTable:
    """The cells of a text file. ``encoding`` and ``delimiter`` are detected where blank. Raises FileProblem."""
    text, encoding, mixed = decode(name, data, encoding)
    if "\0" in text:
        raise FileProblem(Message("{file} is not a table: it turns into binary data further down.", file=name))
    line_end = _line_end(text)
    text, declared = _declared_delimiter(text)
    delimiter = delimiter or declared or find_delimiter(text)
    rows: list[list[str]] = [[""]] if declared else []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileProblem(
            Message(
                "{file}, row {row}: a cell never ends ({reason}); is a quotation mark left open?",
                file=name,
                row=len(rows) + 1,
                reason=str(error),
            )
        ) from error
    except TypeError as error:
        raise FileProblem(
            Message("“{delimiter}” cannot separate cells: one character can.", delimiter=delimiter)
        ) from error
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise FileProblem(
            Message("{file} has {columns} columns; the limit is {limit}.", file=name, columns=width, limit=MAX_COLUMNS)
        )
    if rows and min(map(len, rows)) < width:
        rows = [row + [""] * (width - len(row)) if len(row) < width else row for row in rows]
    return TextTable(rows, encoding, delimiter, line_end, mixed)


def decode(name: str, data: bytes, encoding: str = "") -> tuple[str, str, tuple[int, ...]]:
    """The text, its encoding, and the lines that were in another. Raises FileProblem for a wrong encoding."""
    if encoding:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding, ()
        except LookupError:
            raise FileProblem(Message("There is no text encoding “{encoding}”.", encoding=encoding)) from None
        except UnicodeDecodeError as error:
            raise FileProblem(
                Message(
                    "{file} is not {encoding}: byte {number} does not fit.",
                    file=name,
                    encoding=encoding,
                    number=error.start,
                )
            ) from None
    if data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = utf16_without_mark(data) or "utf-8"
    try:
        return data.decode(encoding), encoding, ()
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-16"):
            raise FileProblem(Message("{file} is UTF-16 that was cut short or damaged.", file=name)) from error
    if _mostly_utf8(data):
        return _decode_mixed(data)
    encoding = _single_byte(data)
    return data.decode(encoding, "replace"), encoding, ()


def _mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text[: 4 * _SAMPLE] if c > "\x7f") - wrong
    return right > wrong


def _decode_mixed(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    lines, mixed = [], []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            mixed.append(number)
    return "\n".join(lines).removeprefix("\ufeff"), "utf-8", tuple(mixed)


def _single_byte(data: bytes) -> str:
    """cp1252 or Mac Roman: the one with which the bytes above 127 are more probable letters."""
    high = Counter(b for b in data[: 4 * _SAMPLE] if b > 127)
    scores = {}
    for encoding in ("cp1252", "mac_roman"):
        score = 0.0
        for byte, count in high.items():
            letter = bytes([byte]).decode(encoding, "replace")
            score += count * (1 if letter in _LIKELY else -0.25 if letter.isalpha() else -1)
        scores[encoding] = score
    if b"\r" in data and b"\n" not in data:
        scores["mac_roman"] += 1
    return "mac_roman" if scores["mac_roman"] > scores["cp1252"] else "cp1252"


def _line_end(text: str) -> str:
    sample = text[:_SAMPLE]
    crlf = sample.count("\r\n")
    if crlf and crlf >= sample.count("\n") - crlf:
        return "\r\n"
    return "\r" if sample.count("\r") > sample.count("\n") else "\n"


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Takes off Excel's first line ``sep=;``."""
    head = text[:8].casefold()
    if head.startswith("sep=") and len(text) > 4 and text[5:6] in ("", "\r", "\n"):
        return text[5:].removeprefix("\r").removeprefix("\n"), text[4]
    return text, ""


def find_delimiter(text: str) -> str:
    """The separator that most consistently splits the first lines into the same number of cells; a comma where nothing
    does.
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS + _MORE_DELIMITERS:
        if delimiter not in sample:
            continue
        score = _consistency(sample, delimiter)
        if delimiter in _MORE_DELIMITERS:
            score *= 0.3
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _consistency(sample: str, delimiter: str) -> float:
    widths: Counter[int] = Counter()
    try:
        for row, _ in zip(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), range(100), strict=False):
            if row:
                widths[len(row)] += 1
    except csv.Error:
        return 0.0
    cut = {width: count for width, count in widths.items() if width > 1}
    if not cut:
        return 0.0
    width, count = max(cut.items(), key=lambda item: (item[1], item[0]))
    share = count / sum(widths.values())
    return share * share * math.sqrt(min(width, 12))
