"""Dates as people type them and as cells hold them."""

from __future__ import annotations

import re
from datetime import date, datetime

from cmdb.model.clock import today
from cmdb.model.declarations import Attribute
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.raw_values import quoted

_DATE = Message("Date")
_AHEAD = 20
"""Years ahead of today that a year of two digits may mean."""
_ENDS = 60
"""The same for dates at which something ends."""
_MONTHS = (
    "jan january januar jänner jän janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar feber février févr fév fevrier febrero febbraio februari fevereiro",
    "mar march märz mär mrz maerz mars marzo maart mrt março",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre setembro",
    "oct october okt oktober octobre octubre ottobre ott outubro",
    "nov november novembre noviembre",
    "dec december dez dezember décembre déc decembre diciembre dic dicembre dezembro",
)
_WEEKDAY = re.compile(r"\A[^\W\d]{2,10}\.?, *(?=\d|[^\W\d]+\.? \d)")
"""A day of the week before a date."""
_OF_UNIX = re.compile(
    r"(?:[^\W\d]{3},? )?([^\W\d]{3}) +(\d{1,2}) \d{1,2}:\d{2}:\d{2}(?: [A-Z]{3,4})? (\d{4})(?: GMT| UTC)?"
)
"""As programs of Unix write times: "Jan 31 23:59:59 2026 GMT"."""
_MONTH_NUMBERS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}


def month_number(word: str) -> int:
    """The number of a month by its name or the name's usual beginning, in the languages that dates are read in; 0."""
    return _MONTH_NUMBERS.get(word.casefold(), 0)


def latest_year(attribute: Attribute) -> int:
    """The latest year that two digits may mean: what has happened is not to come, and what ends may be far ahead."""
    return today().year + (_ENDS if attribute.ends else 1 if attribute.past else _AHEAD)


def parse_date(raw: object, label: str | Message = _DATE, *, day_first: bool = True, latest: int = 0) -> str:
    """The ISO date of a date, a time, an Excel day number (1900 system), or text as usual. Raises InvalidValue.

    A year of two digits is the latest one with these digits that is not after ``latest``, by default in 20 years.
    """
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    problem = InvalidValue(
        Message("{label} must be a date such as 2026-03-31, not “{raw}”.", label=label, raw=quoted(raw))
    )
    if isinstance(raw, bool):
        raise problem
    if isinstance(raw, int | float):
        if 20_000 <= raw < 80_000:  # 1954 to 2119: what a date column that lost its format holds
            return date.fromordinal(693_594 + int(raw)).isoformat()
        raise problem
    text = _WEEKDAY.sub("", str(raw).strip())
    try:
        return _date_of_text(text, day_first, latest)
    except ValueError:
        raise problem from None


def _date_of_text(text: str, day_first: bool, latest: int) -> str:
    match = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$", text)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    match = re.match(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?$", text)
    if match:
        first, second, year = int(match[1]), int(match[3]), _year(match[4], latest)
        dotted = match[2] == "."
        day, month = (first, second) if day_first or dotted else (second, first)
        if month > 12 and not dotted:
            day, month = month, day
        return date(year, month, day).isoformat()
    match = re.match(r"(\d{1,2})(?:er|st|nd|rd|th)?(?:[-. ]|de )*([^\W\d]+)[-., ]*(?:de )?(\d{4}|\d{2})$", text)
    if match and match[2].casefold() in _MONTH_NUMBERS:
        return date(_year(match[3], latest), _MONTH_NUMBERS[match[2].casefold()], int(match[1])).isoformat()
    match = re.match(r"([^\W\d]+)[. ]+(\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4})$", text)
    if match and match[1].casefold() in _MONTH_NUMBERS:
        return date(int(match[3]), _MONTH_NUMBERS[match[1].casefold()], int(match[2])).isoformat()
    match = _OF_UNIX.fullmatch(text)
    if match and match[1].casefold() in _MONTH_NUMBERS:
        return date(int(match[3]), _MONTH_NUMBERS[match[1].casefold()], int(match[2])).isoformat()
    if re.fullmatch(r"\d{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    raise ValueError(text)


def _year(text: str, latest: int) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    latest = latest or today().year + _AHEAD
    return latest - (latest - year) % 100
