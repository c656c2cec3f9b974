"""Dates that people write without a day: weeks, months, quarters, half years, years; and what they write for no end."""

from __future__ import annotations

import calendar
import re
from datetime import date

from cmdb.model.date_texts import month_number
from importers.spreadsheets.files.number_formats import ShownPeriod

NO_END_YEAR = 2200
"""From this year on an end is none: 31.12.9999, 31/12/2999."""
_NO_END_NUMBER = 109_575
"""The first day of that year as spreadsheets number days."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?P<year>(?:(?:19|20)\d\d|['’]?\d\d))"
_BEFORE = re.compile(
    r"(?:(?:(?P<last>(?:by )?end(?: of)?|(?:bis )?ende(?: des)?|fin(?: de)?|finales de|eoy?)"
    r"|until|bis|jahr|year|cy)[\s.]*)?"
).pattern
_PATTERNS = tuple(
    re.compile(rf"{_BEFORE}{pattern}", re.IGNORECASE)
    for pattern in (
        rf"(?P<month>0?[1-9]|1[0-2])\s*[/.-]\s*{_YEAR}",
        r"(?P<month>0?[1-9]|1[0-2])\s*/\s*(?P<year>\d\d)",
        rf"{_YEAR}\s*[/.-]\s*(?P<month>0?[1-9]|1[0-2])",
        rf"(?P<word>[^\W\d_]{{3,}})\.?\s*[-/.,]?\s*(?:de )?{_SHORT}",
        rf"{_YEAR}\s*[-/.,]?\s*(?P<word>[^\W\d_]{{3,}})\.?",
        rf"(?:(?P<part>[qhts])\s*(?P<number>[1-4])|(?P<number_>[1-4])\.?\s*(?P<part_>q|quartal|quarter|trimestre|halbjahr|semestre|hj|h))"
        rf"\s*[-/.,]?\s*{_SHORT}",
        rf"{_YEAR}\s*[-/.,]?\s*(?P<part>[qhts])\s*(?P<number>[1-4])",
        _YEAR,
    )
)
_WEEKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:kw|cw|w|week|semaine)\s*(?P<week>\d{{1,2}})\s*[-/., ]\s*{_SHORT}",
        rf"{_YEAR}\s*[-/.,]?\s*(?:kw|cw|w)\s*(?P<week>\d{{1,2}})",
        rf"(?P<week>\d{{1,2}})\.?\s*kw\s*[-/.,]?\s*{_SHORT}",
    )
)
_HALVES = ("h", "s", "hj", "halbjahr", "semestre")
_NO_END = re.compile(
    r"un(?:limited|begrenzt|befristet)|perpetual(?:ly)?|permanent\w*|indefinite(?:ly)?|open[ -]?end(?:ed)?"
    r"|(?:no|kein|ohne)\s+(?:end|end date|expiry|expiration|enddatum|ende|ablauf)|never(?: expires)?|does not expire"
    r"|nie|niemals|läuft nicht ab|dauerhaft|dauerlizenz|auf dauer|zeitlich unbegrenzt|unbestimmt|auf unbestimmte zeit"
    r"|illimitée?s?|perpétuel(?:le)?s?|permanente?s?|indéterminée?|sans (?:fin|limite|échéance)|jamais|à vie"
    r"|ilimitad[oa]s?|perpetu[oa]s?|indefinid[oa]s?|sin (?:fin|límite|vencimiento)|nunca"
    r"|until further notice|bis auf weiteres|jusqu['’]à nouvel ordre|hasta nuevo aviso"
    r"|evergreen|forever|life[ -]?time|unkündbar|∞|inf(?:inite|inity)?",
    re.IGNORECASE,
)


def period_of(cell: object, latest: int) -> tuple[str, str] | None:
    """The first and the last day of the week, month, quarter, half or whole year that a cell names; None for others.

    ``latest``: the latest year that two digits may mean.
    """
    if isinstance(cell, ShownPeriod):
        return _days(cell.year, cell.month, cell.month + cell.months - 1)
    if isinstance(cell, float) and cell.is_integer():
        cell = str(int(cell))
    if not isinstance(cell, str):
        return None
    text = " ".join(cell.split())
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        found = _months(match.groupdict()) if match is not None else None
        if match is not None and found is not None:
            first, last = _days(_year(match["year"], latest), *found)
            return (last, last) if match["last"] else (first, last)
    return _week(text, latest)


def _week(text: str, latest: int) -> tuple[str, str] | None:
    """The Monday and the Sunday of a calendar week (ISO 8601)."""
    for pattern in _WEEKS:
        if match := pattern.fullmatch(text):
            year, week = _year(match["year"], latest), int(match["week"])
            try:
                return str(date.fromisocalendar(year, week, 1)), str(date.fromisocalendar(year, week, 7))
            except ValueError:
                return None
    return None


def _days(year: int, first: int, last: int) -> tuple[str, str]:
    return date(year, first, 1).isoformat(), date(year, last, calendar.monthrange(year, last)[1]).isoformat()


def _months(said: dict[str, str | None]) -> tuple[int, int] | None:
    """The first and the last month; None where the words name none."""
    if month := said.get("month"):
        return int(month), int(month)
    if word := said.get("word"):
        number = month_number(word)
        return (number, number) if number else None
    number_, part = said.get("number") or said.get("number_"), said.get("part") or said.get("part_")
    if number_ is None or part is None:
        return 1, 12
    length = 6 if part.casefold() in _HALVES else 3
    return (length * (int(number_) - 1) + 1, length * int(number_)) if length * int(number_) <= 12 else None


def _year(text: str, latest: int) -> int:
    year = int(text.lstrip("'’"))
    return year if year > 99 else latest - (latest - year) % 100


def names_no_end(cell: object) -> bool:
    """Whether a cell says that something does not end: words such as "perpetual", and days far beyond all plans."""
    if isinstance(cell, date):
        return cell.year >= NO_END_YEAR
    if isinstance(cell, float):
        return cell >= _NO_END_NUMBER and cell < 3_000_000
    if not isinstance(cell, str):
        return False
    return _NO_END.fullmatch(cell.rstrip(". ")) is not None


_NO_LIMIT = re.compile(
    r"un(?:limited|begrenzt)|illimitée?s?|ilimitad[oa]s?|unlimited .+|-1|∞|inf(?:inite|inity)?", re.IGNORECASE
)


def names_no_limit(cell: object) -> bool:
    """Whether a cell says that a number has no limit: "unlimited", -1."""
    return cell == -1 or (isinstance(cell, str) and _NO_LIMIT.fullmatch(cell.strip()) is not None)
