"""Text tables: encoding, delimiter, line ends, quoted cells."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from importers.spreadsheets.archive import MAX_CELLS, MAX_COLUMNS
from importers.spreadsheets.file_type import utf16_without_mark

DELIMITERS = ",;\t|"
_MORE_DELIMITERS = "^~:#"
_SAMPLE = 200_000
MOST_CELLS = 100_000_000
"""Cells of a text table, with the blank ones to the right of shorter rows."""
_RUN = 1_000
"""Blank rows in a row from which on they share one."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
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
    del data
    if "\0" in text:
        raise FileProblem(Message("{file} is not a table: it turns into binary data further down.", file=name))
    line_end = _line_end(text)
    text, declared = _declared_delimiter(text)
    delimiter = delimiter or declared or find_delimiter(text)
    rows: list[list[str]] = [[""]] if declared else []
    rows.extend(_cells(name, text, delimiter, len(rows)))
    del text
    return TextTable(_even(name, rows), encoding, delimiter, line_end, mixed)


def _cells(name: str, text: str, delimiter: str, above: int) -> Iterator[list[str]]:
    """The rows of a text; ``above``: rows that were read before it. Raises FileProblem.

    Long runs of blank rows share one row: a file may consist of nothing else.
    """
    lines = _Lines(text)
    number = above
    shared: list[str] = []
    blank = 0
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            number += 1
            lines.taken.clear()
            blank = 0 if any(map(str.strip, row)) else blank + 1
            yield row if blank < _RUN else shared
    except csv.Error as error:
        column = _too_long(lines.taken, delimiter)
        if not column:
            raise FileProblem(
                Message("{file}, row {row}: {reason}.", file=name, row=Plain(number + 1), reason=str(error))
            ) from error
        raise FileProblem(
            Message(
                "{file}, row {row}, column {column}: a cell never ends, or is longer than {limit} characters; is a "
                "quotation mark left open?",
                file=name,
                row=Plain(number + 1),
                column=Plain(column),
                limit=csv.field_size_limit(),
            )
        ) from error
    except TypeError as error:
        raise FileProblem(
            Message("“{delimiter}” cannot separate cells: one character can.", delimiter=delimiter)
        ) from error


class _Lines:
    """The lines of a text with their ends, one by one: a list of them, or a file in memory, would be a copy or more.

    ``taken`` are those that were given since it was last cleared.
    """

    def __init__(self, text: str) -> None:
        self.taken: list[str] = []
        self._found = _LINE.finditer(text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._found)[0]
        self.taken.append(line)
        return line


def _too_long(lines: Iterable[str], delimiter: str) -> int:
    """The 1-based column of the first cell in a record that is too long; 0 where there is none."""
    most = csv.field_size_limit()
    column, size, quoted = 1, 0, False
    for letter in chain.from_iterable(lines):
        if letter == '"':
            quoted = not quoted
        elif letter == delimiter and not quoted:
            column, size = column + 1, 0
            continue
        size += 1
        if size > most:
            return column
    return 0


def _even(name: str, rows: list[list[str]]) -> list[list[str]]:
    """The rows, filled up to equal lengths. Raises FileProblem where they are too wide, or would be too many cells."""
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise FileProblem(
            Message("{file} has {columns} columns; the limit is {limit}.", file=name, columns=width, limit=MAX_COLUMNS)
        )
    blank = [""] * width
    filled = sum(map(len, rows))
    missing = sum(width - len(row) for row in rows if row)
    if filled + missing > MOST_CELLS or missing > MAX_CELLS:
        raise FileProblem(
            Message(
                "{file} has {rows} rows and {columns} columns, too many to hold. Split it, or delete stray cells on "
                "the right.",
                file=name,
                rows=len(rows),
                columns=width,
            )
        )
    if filled < width * len(rows):
        rows = [(row + blank[len(row) :] if row else blank) if len(row) < width else row for row in rows]
    return rows


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
