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
from importers.spreadsheets.files import ruled_table
from importers.spreadsheets.files.archive import MAX_CELLS, MAX_COLUMNS
from importers.spreadsheets.files.encoding import FoundEncoding, decode
from importers.spreadsheets.files.quotation import (
    blank_before_quote,
    cells_of_line,
    quotation_mark,
    with_ditto_marks,
    with_doubled_marks,
    without_text_formulas,
    wrong_quote,
)
from importers.spreadsheets.files.uneven_rows import EvenedRows, evened

DELIMITERS = ",;\t|"
_MORE_DELIMITERS = "^~:#"
_SAMPLE = 200_000
MOST_CELLS = 100_000_000
"""Cells of a text table, with the blank ones to the right of shorter rows."""
MOST_ROWS = 5_000_000
"""Lines of a text table, blank ones included."""
#: Characters of nothing but blank rows at the end of a text that are left out.
_MANY_BLANK = 10_000
_RUN = 1_000
"""Blank rows in a row from which on they share one."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a text file, all of them strings and each row equally long, and how it was read."""

    rows: list[list[str]]
    encoding: FoundEncoding
    delimiter: str
    line_end: str
    mixed: tuple[int, ...] = ()
    """Numbers of the lines (1-based) that were not in the file's encoding."""
    mixed_encoding: str = ""
    """The encoding in which those lines were read."""
    replaced: tuple[int, ...] = ()
    """Numbers of the first lines with bytes that are nothing in the file's encoding; U+FFFD stands for each."""
    nul: tuple[int, ...] = ()
    """Numbers of the first lines from which NUL characters were taken out."""
    open_quotes: tuple[int, ...] = ()
    """Numbers of the rows in which a quotation mark opens that closes only in the middle of a later line."""
    lone_quotes: tuple[int, ...] = ()
    """Numbers of the rows in which a quotation mark opens that closes nowhere sensible; it was left out."""
    uneven: EvenedRows | None = None
    """Which rows had other numbers of cells than the header."""


def read_text(name: str, data: bytes, encoding: str = "", delimiter: str = "") -> TextTable:
    """The cells of a text file. ``encoding`` and ``delimiter`` are detected where blank. Raises FileProblem."""
    decoded = decode(name, data, encoding)
    del data
    text, found, mixed = decoded.text, decoded.encoding, (decoded.mixed, decoded.mixed_encoding)
    replaced = _lines_with("\ufffd", text) if decoded.replaced else ()
    del decoded
    text, nul = _without_marks(name, text)
    line_end = _line_end(text)
    text, declared = _declared_delimiter(text)
    text = with_doubled_marks(text)
    delimiter = delimiter or declared or find_delimiter(text)
    text = with_ditto_marks(_bounded(name, text, delimiter), delimiter)
    if not declared and ruled_table.is_ruled(text, delimiter):
        rows = ruled_table.rows(text)
        return TextTable(_even(name, rows), found, delimiter, line_end, *mixed, replaced, nul)
    above: list[list[str]] = [[""]] if declared else []
    cells = _Cells(name, text, delimiter, len(above))
    mixed_ends = line_end == "\r\n" and text.count("\n") > text.count("\r\n")
    torn_end = mixed_ends and _TORN_END.search(text[-_LAST_LINE:]) is not None
    formulas = '="' in text
    del text
    uneven = evened([*above, *cells] if above else list(cells), mixed_ends, torn_end)
    if formulas:
        without_text_formulas(uneven.rows)
    return TextTable(
        _even(name, uneven.rows),
        found,
        delimiter,
        line_end,
        *mixed,
        replaced,
        nul,
        tuple(cells.open_quotes),
        tuple(cells.lone_quotes),
        uneven,
    )


#: The last line behind a LF that is not the line end of the file, CRLF.
_TORN_END = re.compile(r"(?<!\r)\n[^\r\n]+[\r\n]*\Z")
_LAST_LINE = 10_000
#: The most lines that are named as holding something.
_NAMED = 20


def _lines_with(letter: str, text: str) -> tuple[int, ...]:
    """The numbers of the first lines that hold a character."""
    found: list[int] = []
    for number, line in enumerate(_LINE.finditer(text), 1):
        if letter in line[0]:
            found.append(number)
            if len(found) == _NAMED:
                break
    return tuple(found)


def _bounded(name: str, text: str, delimiter: str) -> str:
    """The text without the blank rows at its end, where these are many. Raises FileProblem for too many lines."""
    blank, end = f"\r\n \t{delimiter}", text[-_MANY_BLANK:]
    if len(end) == _MANY_BLANK and not end.strip(blank) and max(end.count("\n"), end.count("\r")) > 100:
        text = text.rstrip(blank) + "\n"
    lines = max(text.count("\n"), text.count("\r"))
    if lines > MOST_ROWS:
        raise FileProblem(
            Message(
                "{file} has {count} lines; the limit is {limit}. Split it.", file=name, count=lines, limit=MOST_ROWS
            )
        )
    return text


def _without_marks(name: str, text: str) -> tuple[str, tuple[int, ...]]:
    """The text without the end mark of old systems (Ctrl-Z) and without single NUL characters, and their lines.

    Raises FileProblem where there are so many that it is no text.
    """
    if text.endswith(("\0", "\x1a")) or "\x1a" in text[-8:]:
        end = text.rstrip("\0\x1a\r\n\t ")
        if "\x1a" in text[len(end) :] or "\0" in text[len(end) :]:
            text = end + ("\n" if end else "")
    count = text.count("\0")
    if not count:
        return text, ()
    if count > max(3, len(text) // 50) or _DENSE.search(text):
        raise FileProblem(Message("{file} is not a table: it turns into binary data further down.", file=name))
    return text.replace("\0", ""), _lines_with("\0", text)


#: What no text has, even a damaged one: many NULs in a row with other control characters between.
_DENSE = re.compile("\0{40}|(?:\0[\x01-\x08\x0e-\x1f]+){4}")


class _Cells:
    """The rows of a text, one after the other; ``above``: rows that were read before it. Raises FileProblem.

    Long runs of blank rows share one row: a file may consist of nothing else.
    """

    def __init__(self, name: str, text: str, delimiter: str, above: int) -> None:
        self.open_quotes: list[int] = []
        self.lone_quotes: list[int] = []
        self._name, self._text, self._delimiter, self._above = name, text, delimiter, above
        self._quote = quotation_mark(text)

    def __iter__(self) -> Iterator[list[str]]:
        lines = _Lines(self._text)
        taken = lines.taken
        number = self._above
        shared: list[str] = []
        blank = width = 0
        try:
            blanks = blank_before_quote(self._text, self._delimiter, self._quote)
            reader = csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote, skipinitialspace=blanks)
            self._text = ""
            for row in reader:
                number += 1
                if len(taken) > 1 and (apart := self._apart(taken, number, width)):
                    yield from apart
                    number += len(apart) - 1
                    taken.clear()
                    continue
                taken.clear()
                width = len(row) or width
                blank = 0 if any(map(str.strip, row)) else blank + 1
                yield row if blank < _RUN else shared
        except csv.Error as error:
            raise self._refused(taken, number + 1, error) from error
        except TypeError as error:
            raise FileProblem(
                Message("“{delimiter}” cannot separate cells: one character can.", delimiter=self._delimiter)
            ) from error

    def _apart(self, lines: list[str], row: int, width: int) -> list[list[str]]:
        """The lines of a row over several lines as rows of their own, if that is what they are: its quotation marks are
        wrong, and each line has as many cells as the rows above. Raises FileProblem for a mark that nothing closes.
        """
        column, closed = wrong_quote("".join(lines), self._delimiter, self._quote)
        if not column:
            return []
        apart = [cells_of_line(line, self._delimiter, self._quote) for line in lines if line]
        if width > 1 and all(len(cells) in (0, width) for cells in apart):
            self.lone_quotes.append(row)
            return apart
        if not closed:
            raise FileProblem(
                Message(
                    "{file}, row {row}, column {column}: a quotation mark opens a cell there, and none closes it.",
                    file=self._name,
                    row=Plain(row),
                    column=Plain(column),
                )
            )
        self.open_quotes.append(row)
        return []

    def _refused(self, lines: list[str], row: int, error: csv.Error) -> FileProblem:
        column = _too_long(lines, self._delimiter)
        if not column:
            return FileProblem(
                Message("{file}, row {row}: {reason}.", file=self._name, row=Plain(row), reason=str(error))
            )
        return FileProblem(
            Message(
                "{file}, row {row}, column {column}: a cell never ends, or is longer than {limit} characters; is a "
                "quotation mark left open?",
                file=self._name,
                row=Plain(row),
                column=Plain(column),
                limit=csv.field_size_limit(),
            )
        )


class _Lines:
    """The lines of a text with their ends, one by one: a list of them, or a file in memory, would be a copy or more.

    ``taken`` are those that were given since it was last cleared; "" where more were asked for than there are.
    """

    def __init__(self, text: str) -> None:
        self.taken: list[str] = []
        self._found = _LINE.finditer(text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        found = next(self._found, None)
        if found is None:
            self.taken.append("")
            raise StopIteration
        line = found[0]
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
        lines = io.StringIO(sample, newline="")
        quote = quotation_mark(sample)
        blanks = blank_before_quote(sample, delimiter, quote)
        reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=blanks)
        for row, _ in zip(reader, range(100), strict=False):
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
