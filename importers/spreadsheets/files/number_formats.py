"""Number formats that carry meaning: ``00000`` keeps zeros, ``0 "GB"`` has a unit, ``#,##0.00 [$€-407]`` a currency,
``@`` is text, ``mmm-yy`` shows no day. Cells with such a format become what they show; all others stay the numbers
that they hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from cmdb.model.currencies import MINOR_UNITS, currency_named

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|([0#?.,]+)|(General)|([^0#?.,"\\\[\]_*]+?)', re.IGNORECASE)
_CONDITION = re.compile(r"\[([<>]=?|<>|=)\s*(-?[\d.]+)\]")
_DATES = re.compile(r"[ymdhs]", re.IGNORECASE)
_SIZES = frozenset({"KB", "MB", "GB", "TB", "KIB", "MIB", "GIB", "TIB"})
#: The codes of the formats that have a number of their own and carry meaning.
BUILT_IN = {49: "@", 17: "mmm-yy"}
_LETTERS = re.compile(r"[A-Za-z]+")
#: Windows language identifiers that tell whose a sign is that several currencies have.
_BY_LANGUAGE = {
    ("$", 0x0409): "USD", ("$", 0x0C09): "AUD", ("$", 0x1009): "CAD", ("$", 0x1409): "NZD", ("$", 0x0C04): "HKD",
    ("$", 0x1004): "SGD", ("$", 0x080A): "MXN", ("kr", 0x041D): "SEK", ("kr", 0x0414): "NOK", ("kr", 0x0406): "DKK",
    ("¥", 0x0411): "JPY", ("¥", 0x0804): "CNY", ("￥", 0x0804): "CNY", ("£", 0x0809): "GBP",
}  # fmt: skip
#: A prefix that makes numbers identifiers: "SRV-"000, but not "approx. "0.
_PREFIX = re.compile(r"[A-Za-z]{1,10}[-_/#. ]?")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format adds to a number."""

    kind: Literal["text", "digits", "size", "money", "condition", "month", "year"]
    pattern: tuple[str, ...] = ()
    """Of digits: literals, and "0" for each digit; of a condition: the format's code."""
    word: str = ""
    """The unit, or the currency's code."""


class ShownNumber(str):
    """What a cell with a unit or a currency shows ("16 GB", "899.9 EUR"), with the number that it holds."""

    number: float

    def __new__(cls, text: str, number: float) -> ShownNumber:
        """The text of a number."""
        made = super().__new__(cls, text)
        made.number = number
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """So that another process can read a sheet."""
        return ShownNumber, (str(self), self.number)


class ShownPeriod(date):
    """The first day of a month or year, in a cell that shows only that: ``months`` of them."""

    months: int

    def __new__(cls, year: int, month: int, months: int) -> ShownPeriod:
        """The first of a month, for so many months."""
        made = super().__new__(cls, year, month, 1)
        made.months = months
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """So that another process can read a sheet."""
        return ShownPeriod, (self.year, self.month, self.months)


@lru_cache(maxsize=4096)
def meaning_of(code: str) -> NumberFormat | None:
    """What a format's code says beyond the number, by its first section; None for nothing, and for dates with a day."""
    section = _first_section(code)
    if section.strip() == "@":
        return NumberFormat("text")
    if _CONDITION.search(code):
        dates = [_is_date(one) for one in _sections(code)]
        return NumberFormat("condition", (code,)) if dates[0] and not all(dates) else None
    if "%" in section:
        return None
    if period := _period(section):
        return NumberFormat(period)
    before, digits, behind, currency = _parts(section)
    if digits is None:
        return None
    if currency and "." not in digits.replace(".", "", 1):
        return NumberFormat("money", word=currency)
    unit = behind.strip()
    if unit.upper() in _SIZES and not before.strip() and not digits.endswith(","):
        return NumberFormat("size", word=unit)
    return _digits(section)


def _period(section: str) -> Literal["month", "year", ""]:
    """What a date's format shows that has no day."""
    letters = set("".join(_LETTERS.findall("".join(other for *_, other in _TOKEN.findall(section)).lower())))
    return "month" if letters == {"m", "y"} else "year" if letters == {"y"} else ""


def without_day(value: date, meaning: NumberFormat) -> date:
    """A date as a format without a day shows it. One of another day than the first stays what it is."""
    first = value.day == 1 and (meaning.kind == "month" or value.month == 1)
    if not first or (isinstance(value, datetime) and value.time() != datetime.min.time()):
        return value
    return ShownPeriod(value.year, value.month, 1 if meaning.kind == "month" else 12)


def _first_section(code: str) -> str:
    return _sections(code)[0]


def _sections(code: str) -> list[str]:
    quoted, found, begin = False, [], 0
    for place, letter in enumerate(code):
        if letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted and code[place - 1 : place] != "\\":
            found.append(code[begin:place])
            begin = place + 1
    return [*found, code[begin:]]


def _is_date(section: str) -> bool:
    return any(_DATES.search(other) for *_, other in _TOKEN.findall(section))


def number_instead(value: date, meaning: NumberFormat) -> float | date:
    """The number that a cell holds which was taken for a date, where another section of its format shows it."""
    number = _day_number(value)
    for section in _sections(meaning.pattern[0]):
        condition = _CONDITION.search(section)
        if condition is None or _holds(number, condition[1], float(condition[2])):
            return value if _is_date(section) else number
    return value


def _holds(number: float, sign: str, limit: float) -> bool:
    return {
        "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit,
        "=": number == limit, "<>": number != limit,
    }[sign]  # fmt: skip


def _day_number(value: date) -> float:
    """A date as the spreadsheet's number; the first of them count from the day before 1900."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    return days if days > 60 else days - 1


def _parts(section: str) -> tuple[str, str | None, str, str]:
    """The words before the digits, the digits (None where there are none), the words behind, and the currency."""
    before, digits, behind, currency = "", None, "", ""
    plain = ""
    for quoted, escaped, bracket, number, general, other in _TOKEN.findall(section):
        if number or general:
            digits = (digits or "") + (number or "0")
        elif bracket:
            currency = currency or _bracketed(bracket)
        else:
            words = quoted or escaped or other
            plain += other
            before, behind = (before + words, behind) if digits is None else (before, behind + words)
    if _DATES.search(plain) or "E+" in plain.upper():
        return before, None, behind, ""
    for words in (before, behind):
        found = words.strip()
        if found and not currency and (found in MINOR_UNITS or not found.isalpha() or len(found) < 4):
            currency = currency_named(found)
    return before, digits, behind, currency


def _bracketed(bracket: str) -> str:
    """The currency of ``$€-407``; "" of a colour, a condition, or a language alone."""
    if not bracket.startswith("$"):
        return ""
    sign, _, language = bracket[1:].rpartition("-") if "-" in bracket[1:] else (bracket[1:], "", "")
    sign = sign.strip()
    try:
        known = _BY_LANGUAGE.get((sign, int(language or "0", 16) & 0xFFFF))
    except ValueError:
        known = None
    return known or currency_named(sign) if sign else ""


def _digits(section: str) -> NumberFormat | None:
    """A format of identifiers: at least two digits that are always shown, signs between, perhaps a prefix."""
    pattern: list[str] = []
    prefix = ""
    for quoted, escaped, bracket, number, general, other in _TOKEN.findall(section):
        if general or (bracket and not bracket.isalpha()) or re.search(r"[#?.,]", number):
            return None
        words = quoted or escaped or other
        if words and "0" not in pattern:
            prefix += words
        elif re.search(r"[^\W\d_]", words):
            return None  # letters behind the digits are a unit that nobody knows
        pattern += list(number) if number else [words] if words else []
    zeros = pattern.count("0")
    if zeros < 1 or (zeros < 2 and not _PREFIX.fullmatch(prefix)):
        return None
    if prefix and not re.fullmatch(r"[(#+]?", prefix.strip()) and not _PREFIX.fullmatch(prefix):
        return None
    return NumberFormat("digits", tuple(pattern))


def shown(number: float, found: NumberFormat) -> Any:
    """What a cell shows; the number itself where its format does not fit it."""
    if found.kind in ("condition", "month", "year"):
        return number
    if found.kind in ("text", "digits"):
        if not number.is_integer() or abs(number) >= 1e15 or (number < 0 and found.kind == "digits"):
            return number
        return str(int(number)) if found.kind == "text" else _filled(str(int(number)), found.pattern)
    written = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if "." in written and len(written.partition(".")[2]) == 3:
        written += "0"  # 1.234 might be more than a thousand
    return ShownNumber(f"{written} {found.word}", number)


def _filled(digits: str, pattern: tuple[str, ...]) -> str:
    """The digits in their places, from the right; those that are too many stand at the first place."""
    if all(sign == "0" for sign in pattern):
        return digits.zfill(len(pattern))
    places = [place for place, sign in enumerate(pattern) if sign == "0"]
    digits = digits.rjust(len(places), "0")
    out = list(pattern)
    spare = len(digits) - len(places)
    out[places[0]] = digits[: spare + 1]
    for place, digit in zip(places[1:], digits[spare + 1 :], strict=True):
        out[place] = digit
    return "".join(out)
