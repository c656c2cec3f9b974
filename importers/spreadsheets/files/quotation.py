"""How the cells of a text table are quoted: with which marks, with blanks before them, with back slashes inside."""

from __future__ import annotations

import csv
import re

_SAMPLE = 200_000
_LOOK = 50
_START = 4_000
#: A mark behind a back slash that stands inside a cell, and one that may as well end it ("C:\\").
_ESCAPED = re.compile(r'(?<=[^,;\t|\r\n\\])\\"(?![,;\t|\r\n]|\Z)')
_ENDING = re.compile(r'(?<!\\)\\"(?=[,;\t|\r\n]|\Z)')
_CELL = r" *(?:'(?:[^']|'')*'|[-+\d.]*) *"
#: A line whose cells all stand in single marks, except numbers.
_SINGLE = re.compile(rf"(?=[^']*'){_CELL}(?:[,;\t|]{_CELL})+")


def quotation_mark(text: str) -> str:
    """The mark that cells are quoted with: a single one where it stands around the cells of nearly all lines."""
    start = text[:_START]
    if "'" not in start:
        return '"'
    lines = [line for line in text[:_SAMPLE].splitlines()[:_LOOK] if line.strip()]
    if not lines[0].lstrip().startswith("'"):
        del lines[0]  # the names of the columns may stand without
    single = sum(1 for line in lines if _SINGLE.fullmatch(line))
    return "'" if len(lines) > 1 and single >= 0.9 * len(lines) else '"'


def with_doubled_marks(text: str) -> str:
    """The text with doubled marks where it has them behind back slashes, as databases write them.

    A back slash before the mark that ends a cell, such as that of a drive's root, shows that the file does not.
    """
    if '\\"' not in text or _ESCAPED.search(text) is None or _ENDING.search(text) is not None:
        return text
    return text.replace('\\"', '""')


def with_ditto_marks(text: str, delimiter: str) -> str:
    """The text with doubled marks where a mark alone is a cell: people write it for what the cell above says.

    So it is in a line that has the cells of the first one only if the marks open nothing.
    """
    mark = re.escape(delimiter)
    # The mark stands first, for which the search skips the rest of the text quickly: no other thread runs meanwhile.
    alone = re.compile(rf'"(?={mark}|\r?$)(?:(?<={mark}")|(?<=^"))', re.MULTILINE)
    if alone.search(text) is None:
        return text
    lines = text.splitlines(keepends=True)
    width = next((line.count(delimiter) for line in lines if delimiter in line and '"' not in line), 0)
    if not width:
        return text
    for number, line in enumerate(lines):
        if line.count(delimiter) != width or not alone.search(line):
            continue
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if _opens_nothing(line, delimiter, not below or below.count(delimiter) == width):
            lines[number] = alone.sub('""""', line)
    return "".join(lines)


def _opens_nothing(line: str, delimiter: str, whole_below: bool) -> bool:
    """Whether a line has fewer cells if its marks enclose some, and no cell begins at its end that goes on below.

    ``whole_below``: the next line has all the cells of a row.
    """
    cells = line.rstrip("\r\n").split(delimiter)
    if any('"' in cell and cell != '"' for cell in cells):
        return False
    return cells.count('"') % 2 == 0 or cells[-1] != '"' or whole_below


def wrong_quote(record: str, delimiter: str, quote: str) -> tuple[int, bool]:
    """The 1-based column of the first cell over several lines whose quotes are wrong (0: none), and whether one closes.

    They are wrong where the mark that closes the cell is followed by something else than the end of the cell.
    """
    column, place = 1, 0
    while place < len(record):
        while place < len(record) and record[place] == " ":
            place += 1
        if record[place : place + 1] == quote:
            begun = place
            place += 1
            while True:
                place = record.find(quote, place)
                if place < 0:
                    return column, False
                if record[place + 1 : place + 2] != quote:
                    break
                place += 2
            place += 1
            behind = place
            while record[behind : behind + 1] == " ":
                behind += 1
            if record[behind : behind + 1] not in ("", delimiter, "\r", "\n") and "\n" in record[begun:place].replace(
                "\r", "\n"
            ):
                return column, True
        ends = [at for at in (record.find(delimiter, place), _line_break(record, place)) if at >= 0]
        if not ends:
            break
        place = min(ends) + 1
        column += 1
    return 0, True


def _line_break(text: str, place: int) -> int:
    found = _BREAK.search(text, place)
    return found.start() if found else -1


_BREAK = re.compile(r"[\r\n]")


def cells_of_line(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of one line. A mark that opens a cell and does not close it before the line ends is left out."""
    line = line.rstrip("\r\n")
    if not line:
        return []
    if line.count(quote) % 2 == 0:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote, skipinitialspace=True))
    cells = []
    for cell in line.split(delimiter):
        bare = cell.strip()
        whole = len(bare) > 1 and bare.startswith(quote) and bare.endswith(quote)
        cells.append(bare[1:-1].replace(quote * 2, quote) if whole else cell.lstrip().removeprefix(quote))
    return cells


def blank_before_quote(text: str, delimiter: str, quote: str) -> bool:
    """Whether blanks between a delimiter and a quotation mark belong to neither: ``"a", "b, c"``.

    So it is if cells are quoted like this to their ends, and more often than a quotation mark stands in a cell that
    begins with a blank.
    """
    if f"{delimiter} {quote}" not in text and f"{delimiter}  {quote}" not in text:
        return False
    mark, sample = re.escape(delimiter), text[:_SAMPLE]
    opened = len(re.findall(rf"{mark} +{quote}", sample))
    whole = len(re.findall(rf"{mark} +{quote}(?:[^{quote}]|{quote}{quote})*{quote} *(?={mark}|[\r\n]|\Z)", sample))
    return whole > opened - whole


_TEXT_FORMULA = re.compile(r'=("{1,3})([^"]*)\1')
"""With the quotation marks doubled, too, where a program wrote the cell without marks around it."""


def without_text_formulas(rows: list[list[str]]) -> None:
    """Makes plain text of cells that are formulas for a text: ="0012", by which programs keep the zeros from Excel.

    An export of Terrier writes a text that looks so behind an apostrophe.
    """
    for row in rows:
        for index, cell in enumerate(row):
            if cell[:2] == '="' and (found := _TEXT_FORMULA.fullmatch(cell.strip())):
                row[index] = found[2]
