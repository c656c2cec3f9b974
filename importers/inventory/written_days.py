"""Days as other tools write them, as days of the inventory format."""

from __future__ import annotations

import re
from datetime import date

_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?.*")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d(?!\d))(?: (\d\d:\d\d(?::\d\d)?))?.*")
_WORDS = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 40


def day(text: str, *, month_first: bool = False) -> str:
    """The day of a text, with the time where it has one; "" where there is none.

    Of "05/06/2024" the agent's habit says which is the month: in a BIOS's date the first, elsewhere the second. Where
    only one of them can be the month, it is that. A BIOS's year of two digits is of the 1900s; elsewhere it is no year.
    """
    text = text.strip()[:_LONGEST]
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, of_month, time = match.groups()
    elif match := _YEAR_LAST.fullmatch(text):
        first, _, second, year, time = match.groups()
        month, of_month = (first, second) if month_first else (second, first)
        if int(month) > 12:
            month, of_month = of_month, month
        if len(year) == 2:
            year = f"19{year}" if month_first else "0"
    else:
        return _in_words(text)
    try:
        found = date(int(year), int(month), int(of_month)).isoformat()
    except ValueError:
        return ""
    return f"{found} {time if time.count(':') == 2 else time + ':00'}" if time else found


def _in_words(text: str) -> str:
    """The day of "Thu Mar 14 15:05:41 2013"."""
    match = _WORDS.fullmatch(text)
    if not match:
        return ""
    month, of_month, time, year = match.groups()
    try:
        return f"{date(int(year), _MONTHS.index(month) + 1, int(of_month)).isoformat()} {time}"
    except ValueError:
        return ""
