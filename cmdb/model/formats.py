"""Numbers, dates, money, sizes and lists as the reader's locale writes them. The one place that formats them.

Babel has the locales' data. It is imported when it is first needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timezone
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Literal, NamedTuple

from cmdb.model.calendar_bounds import in_local_zone
from cmdb.model.currencies import minor_units, places
from cmdb.model.language import Language, current

if TYPE_CHECKING:
    from decimal import Decimal

    from babel import Locale


class Amount(NamedTuple):
    """Money: an amount, and its currency (ISO 4217; "" if unknown)."""

    value: int | Decimal
    currency: str = ""

    def __str__(self) -> str:
        return money(self.value, self.currency)


class Size(NamedTuple):
    """An amount of data, in bytes."""

    size: float


class Percent(NamedTuple):
    """A part of a whole: 0.25 is 25 %."""

    part: float


class Plain(NamedTuple):
    """A number that is no quantity (a year, a port, a revision): its digits are not grouped."""

    number: int


#: Locales that group whole numbers by commas, as Python does: no library is needed for them.
_COMMAS = frozenset({"en_GB", "en_US"})


#: Below this a number and its decimals have fewer digits than Python's decimals are exact to.
_EXACT = 10**15


#: Of more digits than these a number is written as a power of ten.
_MOST_DIGITS = 400


def number(value: float | Decimal, places: int | None = None) -> str:
    """A number: "2,514", "0.5"; with ``places`` exactly that many decimals."""
    if isinstance(value, int) and places is None and current().locale in _COMMAS and abs(value) < 10**_MOST_DIGITS:
        return f"{value:,}"
    if places is not None and current().locale in _COMMAS and -_EXACT < value < _EXACT:
        written = repr(value) if isinstance(value, float) else ""
        _, _, decimals = written.partition(".")
        if ("e" in written and places > 3) or (len(decimals) == places + 1 and decimals.endswith("5")):
            from decimal import Decimal  # what is written lies just between two: a float lies above or below it

            return f"{Decimal(written):,.{places}f}"
        return f"{value:,.{places}f}"
    from babel.numbers import format_decimal

    pattern = "#,##0.######" if places is None else "#,##0." + "0" * places if places else "#,##0"
    return _rounded(value, lambda: format_decimal(value, format=pattern, locale=_locale()))


def has_decimal_comma() -> bool:
    """Whether the locale writes a comma before the decimals, as people type it."""
    if current().locale in _COMMAS:
        return False
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(_locale()) == ","


def editable(value: float | Decimal, places: int | None = None) -> str:
    """A number as it is put into a field: with the locale's decimal mark, its digits not grouped.

    With ``places`` it has so many decimals.
    """
    from decimal import Decimal

    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    plain = f"{exact:f}" if places is None else f"{exact:.{places}f}"
    if places is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",") if has_decimal_comma() else plain


def money(value: float | Decimal, currency: str = "") -> str:
    """An amount in the minor units of its currency, the currency's code behind: "1,120.00 EUR", "500 JPY".

    What has more decimals (the price of one of a thousand) is shown with all of them: who wants sums rounds them.
    """
    shown_places = minor_units(currency) if isinstance(value, float) else places(value, currency)
    if len(currency) != 3 or not currency.isalpha():
        return f"{number(value, shown_places)} {currency}".rstrip()
    from babel.numbers import format_currency

    pattern = f"#,##0{'.' if shown_places else ''}{'0' * shown_places} ¤¤"
    return _rounded(value, lambda: format_currency(value, currency, pattern, locale=_locale(), currency_digits=False))


def _rounded(value: float | Decimal, write: Callable[[], str]) -> str:
    """What ``write`` writes. Babel rounds with Python's decimals, which have 28 digits: larger numbers need more."""
    try:
        return write()
    except (ArithmeticError, ValueError):
        from decimal import Decimal, localcontext

        with localcontext() as context:
            context.prec = _MOST_DIGITS
            try:
                return write()
            except (ArithmeticError, ValueError):
                return f"{Decimal(value):.3e}"


def percent(part: float, places: int = 0) -> str:
    """A share of one: 0.25 is "25 %"."""
    from babel.numbers import format_percent

    pattern = "0" + ("." + "0" * places if places else "") + " %"
    return _rounded(part, lambda: format_percent(part, format=pattern, locale=_locale()))


#: Units of data. All but bytes are symbols of the standard IEC 80000-13, the same in every language.
_SIZES = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def size(amount: float) -> str:
    """An amount of data given in bytes, in the largest unit of 1024 that leaves at least one: "16 GiB".

    Units of 1000 (GB) are never shown, so that two figures can always be compared.
    """
    unit = 0
    while abs(amount) >= 1024 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1024, unit + 1
    if round(abs(amount)) >= 1024 and unit < len(_SIZES) - 1:  # what is rounded to the next unit is written in it
        amount, unit = 1 if amount > 0 else -1, unit + 1
    whole = float(amount).is_integer() or abs(amount) >= 100
    written = number(round(amount)) if whole else number(amount, 1)
    if unit:
        return f"{written} {_SIZES[unit]}"
    # Texts stand above the formats: what the formats have to say themselves, they ask gettext for.
    count = abs(round(amount)) if whole else 2
    return current().translations.ngettext("{amount} byte", "{amount} bytes", count).replace("{amount}", written)


_DECIMAL_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")


def is_size(unit: str) -> bool:
    """Whether a unit is one of amounts of data."""
    return unit in _SIZES or unit in _DECIMAL_SIZES


def measured(value: float | Decimal, unit: str) -> str:
    """A number with its unit: "90 W". Amounts of data ("MiB", "GB") are written as ``size`` writes them."""
    if unit in _SIZES:
        return size(float(value) * 1024 ** _SIZES.index(unit))
    if unit in _DECIMAL_SIZES:
        return size(float(value) * 1000 ** _DECIMAL_SIZES.index(unit))
    return f"{number(value)} {unit}".rstrip()


def day(found: date | str, *, year: bool = True) -> str:
    """A date (or an ISO date or time) as "12 Dec 2026"; without ``year`` "12 Dec". Other text is returned unchanged."""
    if isinstance(found, str):
        try:
            found = date.fromisoformat(found[:10])
        except ValueError:
            return str(found)
    from babel.dates import format_skeleton

    return format_skeleton("yMMMd" if year else "MMMd", found, locale=_locale())


def clock(found: time | datetime) -> str:
    """The time of day: "09:12"."""
    from babel.dates import format_time

    return format_time(time(found.hour, found.minute), "short", locale=_locale())


def clock_with_seconds(found: time | datetime) -> str:
    """The time of day with seconds, where many things happen in a minute: "09:12:07"."""
    from babel.dates import format_time

    return format_time(time(found.hour, found.minute, found.second), "medium", locale=_locale())


def moment(found: datetime | str) -> str:
    """A time (ISO times without a zone are UTC) as local date and time: "12 Dec 2026, 09:12"."""
    local = local_time(found)
    if local is None:
        return str(found)
    from babel.dates import get_datetime_format

    together = str(get_datetime_format("medium", locale=_locale())).replace("'", "")
    return together.replace("{0}", clock(local)).replace("{1}", day(local.date()))


def month(found: date) -> str:
    """The month of a date with its year: "December 2026"."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", found, locale=_locale())


def month_name(found: date, *, year: bool = False) -> str:
    """The short name of a month by itself: "Nov"; with ``year`` "Nov 2026"."""
    from babel.dates import format_date, format_skeleton

    return format_skeleton("yMMM", found, locale=_locale()) if year else format_date(found, "LLL", locale=_locale())


def long_day(found: date) -> str:
    """A date in full, for screen readers: "12 December 2026"."""
    from babel.dates import format_date

    return format_date(found, "long", locale=_locale())


def weekdays() -> list[str]:
    """The short names of the weekdays, Monday first: "Mo", "Tu", …"""
    days = _locale().days["stand-alone"]
    names = days.get("short") or days["abbreviated"]
    return [names[index] for index in range(7)]


def first_weekday() -> int:
    """The weekday that a week begins with: 0 is Monday, 6 is Sunday."""
    return int(_locale().first_week_day)


def is_day_first() -> bool:
    """Whether the day precedes the month in numeric dates: 31/12/2026."""
    pattern = _locale().date_formats["short"].pattern.casefold()
    return bool(pattern.find("d") < pattern.find("m"))


def read_day(text: str) -> date | None:
    """Reads a date as ``day`` and ``long_day`` write it, or "3. 1. 2026". None for any other text."""
    numbers = re.findall(r"\d+", text)
    years = [one for one in numbers if len(one) == 4]
    if len(years) != 1:
        return None
    numbers.remove(years[0])
    if found := _read_back(text, int(years[0]), [int(one) for one in numbers]):
        return found
    if dotted := re.fullmatch(r"\s*(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\s*", text):
        return _date(dotted[3], int(dotted[2]), dotted[1])
    word = re.sub(r"[\d\s.,]+", " ", text).strip().casefold()
    if len(numbers) != 1 or not word:
        return None
    months = _months(current().locale)
    named = months.get(word) or next((number for name, number in months.items() if name in word.split()), 0)
    return _date(years[0], named, numbers[0]) if named else None


def _read_back(text: str, year: int, others: list[int]) -> date | None:
    """The date of a year that is written as the text is. ``others`` are its other numbers: the day, perhaps the month.

    Month names and the order of the parts are those of the locale, whatever they look like: "2026年12月12日".
    """
    wanted = "".join(text.casefold().split())
    for day_of_month in others:
        for month in sorted(range(1, 13), key=lambda month: month not in others):
            found = _date(str(year), month, str(day_of_month))
            if found and wanted in ("".join(write(found).casefold().split()) for write in (day, long_day)):
                return found
    return None


def _date(year: str, month: int, day_of_month: str) -> date | None:
    try:
        return date(int(year), month, int(day_of_month))
    except ValueError:
        return None


@lru_cache(maxsize=8)
def _months(locale: str) -> dict[str, int]:
    """The names of the months in a locale, full and short, in lower case without points."""
    known = _parsed(locale).months
    return {
        name.casefold().replace(".", "").strip(): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in known[context][width].items()
    }


def listing(items: Iterable[str], style: Literal["standard", "or", "unit"] = "standard") -> str:
    """A list in words: "a, b and c"; with style "or" "a, b or c"; with "unit" "a, b, c".

    The words between them are of the language of the texts, which need not be the locale's.
    """
    from babel.lists import format_list

    texts = [str(one) for one in items]
    if style != "unit":
        return format_list(texts, style=style, locale=_locale_of_texts())
    # Babel lacks parts of this style in most locales. The text between two of many items is the same in all styles.
    between = _locale_of_texts().list_patterns["standard"]["middle"]
    return reduce(between.format, texts) if texts else ""


def sentence_case(text: object) -> str:
    """A text at the beginning of a line or a cell: its first letter is a capital one, the others stay."""
    words = str(text)
    return words[:1].upper() + words[1:]


def shown(value: object) -> str:
    """Formats any value of a text. A tuple is written as a list of values. Other types are written by ``str``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        translations = current().translations
        return translations.gettext("Yes") if value else translations.gettext("No")
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Amount):
        return money(value.value, value.currency)
    if isinstance(value, Size):
        return size(value.size)
    if isinstance(value, Percent):
        return percent(value.part)
    if isinstance(value, Plain):
        return str(value.number)
    if isinstance(value, tuple):
        return listing(map(shown, value), "unit")
    # Imported only now: every command imports this module, and few texts come to this line.
    from decimal import Decimal

    return number(value) if isinstance(value, Decimal) else str(value)


def local_time(found: datetime | str) -> datetime | None:
    """A time in the machine's zone. An ISO time without a zone is UTC. None for other text."""
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            return None
    return in_local_zone(found if found.tzinfo else found.replace(tzinfo=timezone.utc))


def _locale() -> Locale:
    return _parsed(current().locale)


def _locale_of_texts() -> Locale:
    """The locale where it is of the texts' language, else one that is."""
    locale, code, _ = current()
    if locale.partition("_")[0] == code.partition("_")[0]:
        return _parsed(locale)
    return _parsed(Language().locale) if code == Language().code else _of_code(code, locale)


@lru_cache(maxsize=8)
def _of_code(code: str, otherwise: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return _parsed(otherwise)


@lru_cache(maxsize=8)
def _parsed(name: str) -> Locale:
    """A locale; where it is not known, its language; where that is not known either, the program's own."""
    from babel import Locale, UnknownLocaleError

    for known in (name, name.split("_")[0]):
        try:
            return Locale.parse(known)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(Language().locale)
