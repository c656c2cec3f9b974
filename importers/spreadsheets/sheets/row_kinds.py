"""Tells rows that are no records: totals, notes, separators, headings and repeats of the header.

A row is left out only for what it says, never for how little it holds: a record may have nothing but a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from cmdb.model.schema import fold
from importers.spreadsheets.sheets.header import filled, same_words

_SURE = (
    "total", "totals", "grand total", "subtotal", "sub total", "sub-total", "overall total", "sum", "summe", "gesamt",
    "gesamtsumme", "endsumme", "zwischensumme", "insgesamt", "somme", "sous-total", "sous total", "total général",
    "totaal", "subtotaal", "suma", "totale", "totalt", "summa", "σ",
    "gesamtergebnis", "teilergebnis", "ergebnis",
)  # fmt: skip
_COUNTS = ("count", "anzahl", "number", "average", "mean", "mittelwert", "durchschnitt", "moyenne", "nombre")
_TOTAL_OF = re.compile(
    r"(?:grand |overall |sub[ -]?)?totals?\b[\s:]+(.+)|(?:sum|number|count) of\b\s+(.+)", re.IGNORECASE
)
_SURE_OF = re.compile(
    r"(?:(?:grand |overall |sub[ -]?)?totals?|summe|gesamt|gesamtsumme|zwischensumme|teilergebnis|somme|(?:sous-)?total"
    r"|subtotaal|totaal|suma|totale|summa)\b[\s:–-]+(.+)",
    re.IGNORECASE,
)
"""As people name the totals of groups: "Summe Vertrieb", "Sous-total : Lyon"."""
_COUNT_OF = re.compile(
    rf"(?:.{{1,40}}\s)?(?:{'|'.join(map(re.escape, (*_SURE, *_COUNTS)))})\s*[:=]\s*[\d.,'’ ]*\d", re.IGNORECASE
)
"""A total in one cell: "Anzahl: 12", "Store total = 3"."""
_HEADING = re.compile(r"([^\W\d][^:]{1,40}?)\s*:\s+(\S.*)")
"""A row that names a group of the rows below it: "Abteilung: Vertrieb"."""
_OF_TOTAL = re.compile(r"(.+?)[\s:–-]+(?:sub)?(?:totals?|ergebnis|summe|gesamt)", re.IGNORECASE)
"""As spreadsheet programs name the totals of groups: "Berlin Total"."""
_ENDS = (":", *(form for word in ("total", "totals", "ergebnis", "summe", "gesamt")
                for form in (word, word.capitalize(), word.upper())))  # fmt: skip
_AMOUNTS = frozenset(
    "cost costs price value amount quantity net gross eur usd gbp chf item items asset assets device devices record "
    "records row rows entry entries of all the kosten wert preis betrag geräte einträge stück".split()
)
_FIGURE = re.compile(r"[^\w]*\d[\d.,'\s]*[^\w]*(?:[A-Za-z]{3})?")
_NOTE = re.compile(
    r"(?:page|seite|pagina|página)\s+\d+(?:\s*(?:of|/|von|sur|de|van)\s*\d+)?"
    r"|[*†‡§¹²³]+\s*[=:)–-]?\s*\w.*|\(\*+\)\s*\S.*|©.*|\(c\)\s.*\d{4}.*"
    r"|(?:as of|as at|stand|état au|status as of|date|updated|last updated|last modified|aktualisiert)\b"
    r"[^a-z]*.{0,12}\d.*"
    r"|(?:printed|exported|generated|created|downloaded|extracted|exportiert|erstellt|gedruckt|exporté|généré|imprimé)"
    r"\b(?=.*(?:\d|\b(?:by|on|at|from|with|using|von|am|mit|par|le)\b)).*"
    r"|(?:notes?|nb|remarks?|hint|sources?|legend|key|hinweis|anmerkung|bemerkung|quelle|legende|remarque)\s*[:–]\s*.+"
    r"|(?:strictly )?confidential|(?:for )?internal use only|vertraulich|nur für den internen gebrauch"
    r"|[\W_]*end of (?:report|list|file|table|data|document|export|page)[\W_]*|[\W_]*ende der (?:liste|tabelle)[\W_]*"
    r"|report\b(?=.*(?:\d{4}|\b(?:generated|created|printed|run|by)\b)).*"
    r"|\(?\d+ (?:rows?|records?|items?|entries|results|zeilen|einträge|lignes)\b.{0,20}",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(r"[-=_*~#.+|–—·•\s]+")
_STARTS = frozenset(
    {word[:3] for word in (*_SURE, *_COUNTS)}
    | set(
        "pag sei pág sta éta dat upd las akt pri exp gen cre dow ext ers ged imp not rem hin sou leg key "
        "anm bem que con str for int ver nur end rep ove gra".split()
    )
    | {"as ", "nb ", "nb:"}
)
_STRANGE = frozenset("*†‡§¹²³(©-=_~#.+|–—·•")
_NARROW = 3
_GROUP = 1_000
_LONG = 80

Known = Callable[[str], bool]


class _RunningTotals:
    """Sums of columns over any rows, each column added up once, when it is first asked for."""

    def __init__(self, rows: Sequence[list[Any]]) -> None:
        self._rows = rows
        self._counts: list[int] = []
        self._sums: dict[tuple[int, bool], list[tuple[int, float]]] = {}
        self._left_out: list[int] = []

    def leave_out(self, index: int) -> None:
        """A row that is no record does not count."""
        self._left_out.append(index)

    def above(self, column: int, comma: bool, start: int, end: int) -> tuple[int, int, float]:
        """Of the rows from ``start`` up to ``end``: how many are not blank, how many have a figure, and their sum."""
        if not self._counts:
            self._counts = [0, *accumulate(bool(filled(row)) for row in self._rows)]
        sums = self._sums.get((column, comma))
        if sums is None:
            sums = [(0, 0.0)]
            for row in self._rows:
                figure = _figure(row[column], comma)
                count, total = sums[-1]
                sums.append((count + 1, total + figure) if figure is not None else (count, total))
            self._sums[column, comma] = sums
        rows = self._counts[end] - self._counts[start]
        figures, total = sums[end][0] - sums[start][0], sums[end][1] - sums[start][1]
        for index in self._left_out[-_MOST_LEFT_OUT:]:
            if start <= index < end:
                rows -= self._counts[index + 1] - self._counts[index]
                figures -= sums[index + 1][0] - sums[index][0]
                total -= sums[index + 1][1] - sums[index][1]
        return rows, figures, total


_MOST_LEFT_OUT = 5_000


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row that names what the rows below it have in common: "Department: Sales"."""

    row: int
    header: str
    value: str


class RowKinds:
    """The rows of one table that are no records. ``numbers`` of columns are added up only where a total is suspected.

    ``used``: how many columns are mapped. ``about``: the words of the table's title, sheet and file.
    """

    def __init__(
        self,
        rows: Sequence[list[Any]],
        headers: Sequence[Sequence[Any]],
        used: int,
        headings: frozenset[int],
        known: Known | None,
        about: str = "",
    ) -> None:
        self._rows, self._used, self._headings, self._known = rows, used, headings, known
        self._headers, self._about = headers, frozenset(fold(about).split())
        firsts = {next((str(cell).strip() for cell in row if str(cell).strip()), "") for row in headers}
        self._lengths = {len(text) for text in firsts}
        self._firsts = {text.casefold() for text in firsts}
        words = [*_SURE, *_COUNTS]
        spelled = [w for word in words for w in (word, word.capitalize(), word.title(), word.upper())]
        self._totals = frozenset([*spelled, *(f"{word}:" for word in spelled)])
        self._last_total = 0
        self._columns = _RunningTotals(rows)
        self._suspicious: dict[str, bool] = {}
        self._titles: set[str] = set()

    def of(self, index: int, first: str) -> str:
        """Why the row at ``index``, which begins with a text, is no record: "totals", "row.…", or ""."""
        row = self._rows[index]
        text = first.strip()
        code = ""
        if index in self._headings:
            code = "row.heading"
        elif len(text) in self._lengths and text.casefold() in self._firsts and self._repeats_header(row):
            code = "row.header"
        elif (
            text.endswith(_ENDS)
            or text[:3].casefold() in _STARTS
            or text[:1] in _STRANGE
            or not self._totals.isdisjoint(row)
            or len(filled(row)) == 1
        ):
            code = self._suspect(index, row, text)
        if code:
            self._columns.leave_out(index)
        return code

    def may_be_none(self, row: list[Any], first: str) -> bool:
        """Whether a row that begins with a text may be no record: a quick look, by its first letters above all."""
        head = first[:3]
        known = self._suspicious.get(head)
        if known is None:
            text = head.strip().casefold()
            begins = any(text == one[:3].strip() for one in self._firsts)
            known = head[:1].isspace() or head.casefold() in _STARTS or head[:1] in _STRANGE or begins
            self._suspicious[head] = known
        if known or first.endswith(_ENDS) or not self._totals.isdisjoint(row):
            return True
        return (row[-1] == "" and row.count("") >= len(row) - 1) or len(row) < _NARROW or bool(self._headings)

    def is_sum(self, index: int) -> bool:
        """Whether a row that begins with a number in another column than the first is only a total without a word."""
        row = self._rows[index]
        if (
            row[0] != ""
            or row.count("") < len(row) - 2
            or (index + 1 < len(self._rows) and filled(self._rows[index + 1]))
        ):
            return False
        cells = [row[column] for column in filled(row)]
        words = [cell for cell in cells if isinstance(cell, str) and not _FIGURE.fullmatch(cell.strip())]
        if len(cells) > 2 or words or not self._adds_up(index, row, True):
            return False
        self._columns.leave_out(index)
        return True

    def _repeats_header(self, row: list[Any]) -> bool:
        return any(same_words(row, header) for header in self._headers)

    def _is_title(self, index: int) -> bool:
        """Whether a row stands directly above the header, which comes again."""
        return index + 1 < len(self._rows) and self._repeats_header(self._rows[index + 1])

    def _suspect(self, index: int, row: list[Any], text: str) -> str:
        cells = [row[column] for column in filled(row)]
        if all(isinstance(cell, str) and _SEPARATOR.fullmatch(cell) for cell in cells) and len("".join(cells)) > 2:
            return "row.separator"
        if self._is_total(index, row, cells, text):
            self._last_total = index + 1
            return "totals"
        said = f"{text} {cells[1]}" if len(cells) == 2 and text.endswith(":") and self._used > 2 else text
        if (len(cells) == 1 or said != text) and self._used > 1 and self._names_group(index, said):
            return "row.group"
        if len(cells) == 1 and self._used > 1 and (_NOTE.fullmatch(text) or self._is_sentence(index, text)):
            return "row.note"
        if len(cells) == 1 and self._is_title(index):
            return "row.title"
        if (
            len(cells) == 2
            and self._used > 2
            and _NOTE.fullmatch(f"{text} {cells[1]}")
            and not self._records_follow(index)
        ):
            return "row.note"
        return ""

    def _is_total(self, index: int, row: list[Any], cells: list[Any], text: str) -> bool:
        """Whether a row holds a word for totals and, besides, only figures, or figures that add up."""
        words = [cell.strip() for cell in cells if isinstance(cell, str) and not _FIGURE.fullmatch(cell.strip())]
        plain = [word.casefold().rstrip(": ") for word in words]
        sure, counts = any(w in _SURE for w in plain), any(w in _COUNTS for w in plain)
        figures = len(cells) - len(words)
        others = sum(1 for w in plain if w not in _SURE and w not in _COUNTS)
        few = len(cells) <= max(2, len(row) // 2)
        if sure and not others:
            return few or self._adds_up(index, row)
        if counts and figures and not others:
            return self._adds_up(index, row)
        if sure and figures:  # beside other words only a sum will do: a supplier may be called Total
            return few and others <= 2 and self._adds_up(index, row, sums_only=True)
        if len(words) > 1:
            return False
        if len(cells) == 1 and self._used > 1 and _COUNT_OF.fullmatch(text):
            return True
        named = _SURE_OF.fullmatch(text)
        if named and figures and self._is_said_above(index, named[1]):
            return self._adds_up(index, row, sums_only=True, least=1)
        group = _OF_TOTAL.fullmatch(text)
        if group and figures and self._is_said_above(index, group[1]):
            return self._adds_up(index, row, sums_only=True, least=1)
        found = _TOTAL_OF.fullmatch(text)
        if not found:
            return False
        rest = found[1] or found[2]
        if not figures:
            return bool(_FIGURE.fullmatch(rest))
        if all(self._is_amount(word) for word in fold(rest).split()):
            return few or self._adds_up(index, row)
        return self._is_said_above(index, rest) and self._adds_up(index, row, sums_only=True)

    def _is_said_above(self, index: int, text: str) -> bool:
        """Whether one of the rows above has a cell with a text: "Total Berlin" below rows of Berlin."""
        wanted = text.strip().casefold()
        above = self._rows[max(0, index - _GROUP) : index]
        if any(isinstance(cell, str) and cell.strip().casefold() == wanted for row in above for cell in row):
            return True
        return wanted in self._titles

    def _names_group(self, index: int, text: str) -> bool:
        """Whether a row of one cell names a column and what the rows below have in it: "Department: Sales"."""
        heading = _HEADING.fullmatch(text)
        if heading is None or self._known is None or not self._known(heading[1]) or not self._records_follow(index):
            return False
        self._titles.add(heading[2].strip().casefold())
        return True

    def _is_amount(self, word: str) -> bool:
        return word in _AMOUNTS or word in self._about or (self._known is not None and self._known(word))

    def _adds_up(self, index: int, row: list[Any], sums_only: bool = False, least: int = 2) -> bool:
        """Whether a figure of a row is the sum, the number or the mean of those above, all or since the last total."""
        for start in dict.fromkeys((self._last_total, 0)):
            for column in filled(row):
                for comma in (False, True):
                    total = _figure(row[column], comma)
                    if not total:
                        continue
                    rows, figures, summed = self._columns.above(column, comma, start, index)
                    wanted = [summed] if figures >= (least if sums_only else 1) else []
                    if not sums_only:
                        wanted += [rows, figures, summed / figures if figures else 0]
                    if any(abs(total - one) <= max(0.011, 1e-6 * abs(one)) for one in wanted):
                        return True
        return False

    def _is_sentence(self, index: int, text: str) -> bool:
        """Whether a text is a sentence below all records, not the name of one."""
        words = len(text.split())
        long = len(text) >= _LONG or (words > 4 and text.endswith((".", "!", "?"))) or words > 7
        return long and self._used > 1 and not self._records_follow(index)

    def _records_follow(self, index: int) -> bool:
        """Whether a row below has more than one cell."""
        return any(len(filled(row)) > 1 for row in self._rows[index + 1 : index + 50])


def _figure(cell: Any, comma: bool) -> float | None:
    """A cell as a number; a text with a decimal comma or point."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str) or not _FIGURE.fullmatch(cell.strip().lstrip("-")):
        return None
    digits = re.sub(r"[^\d.,-]", "", cell)
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    try:
        return float(digits)
    except ValueError:
        return None
