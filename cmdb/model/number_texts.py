"""Numbers and amounts as people type them and as cells hold them, read as exact decimals.

1.234,50 and 1,234.50 and 1.234.567 and 1234,5 are understood, with the sign or code of a currency before or behind.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from cmdb.model import money
from cmdb.model.currencies import SIGNS, currency_named, decimals
from cmdb.model.declarations import Attribute
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.model.raw_values import quoted
from cmdb.model.units import without_unit

_AMOUNT = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?P<before>[^\d.,+\-'’\s][^\d.,+\-'’]*?)?\s*"
    r"(?P<digits>[+-]?[\d.,][\d.,'’\s]*?(?:[eE][+-]?\d+)?)\s*(?P<behind>[^\d.,+\-'’\s][^\d]*?)?\s*"
)
_PLACES = 1
"""Decimals that a number has after it was turned into another unit."""
_NO_CENTS = re.compile(r"(?<=\d)[.,][-–—]{1,2}(?!\d)")
"""What stands for no cents: 1.250,-"""
_SIGNS = re.compile(r"(?i)(?:^|\s)(eur|usd|gbp|chf)\b|\b(eur|usd|gbp|chf)$|[€$£\s'’]")


def read_number(attribute: Attribute, raw: object, *, decimal_comma: bool | None = None) -> Decimal:
    """The canonical value of a number or an amount that was typed or that a cell held. Raises InvalidValue.

    The decimals that were stated are kept: 899.90. A double's binary noise is left out, and of an amount that a
    spreadsheet computed four decimals are kept; one that was typed with more is refused.
    """
    found = read_decimal(attribute, raw, decimal_comma)
    if attribute.type == "money":
        if decimals(found) > money.DECIMALS and (not isinstance(raw, str) or _is_noise(found)):
            found = money.plain(round(found, money.DECIMALS).normalize())
        money.check_amount(attribute.label, found)
    check_bounds(attribute, found, raw)
    return found


def check_bounds(attribute: Attribute, number: Decimal | int, raw: object) -> None:
    """Raises InvalidValue for a number that comes in and is below the attribute's minimum or above its maximum."""
    least, most = attribute.minimum, attribute.maximum
    if least is not None and number < least:
        raise InvalidValue(
            Message(
                "{attribute} can't be “{raw}”: it is at least {minimum}.",
                attribute=attribute.label,
                raw=quoted(raw),
                minimum=Plain(least),
            )
        )
    if most is not None and number > most:
        raise InvalidValue(
            Message(
                "{attribute} can't be “{raw}”: it is at most {maximum}.",
                attribute=attribute.label,
                raw=quoted(raw),
                maximum=Plain(most),
            )
        )


def read_decimal(attribute: Attribute, raw: object, decimal_comma: bool | None = None) -> Decimal:
    """The exact number of what was typed or of what a cell held. Raises InvalidValue."""
    said = quoted(raw)
    problem = InvalidValue(Message("{attribute} must be a number, not “{raw}”.", attribute=attribute.label, raw=said))
    if isinstance(raw, bool):
        raise problem
    try:
        if isinstance(raw, float):
            return money.exact(raw)
        found = Decimal(raw) if isinstance(raw, int | Decimal) else _read_text(attribute, str(raw), decimal_comma)
    except (ValueError, InvalidOperation):
        raise problem from None
    if not found.is_finite() or (found and abs(found.adjusted()) > money.MOST_DIGITS):
        raise problem
    return money.plain(found)


def currency_and_number(text: str) -> tuple[str, str]:
    """What stands for a currency in an amount that was typed, and its number: ("€", "1.389,00"); "" for nothing."""
    match = _AMOUNT.fullmatch(text.replace("\u00a0", " "))
    if match is None or (match["before"] and match["behind"]):
        return "", text
    return (match["before"] or match["behind"] or "").strip(), match["sign"] + match["digits"]


def _is_noise(number: Decimal) -> bool:
    """Whether the further decimals of an amount are those of a double that a program wrote: 899.9900000000001."""
    return decimals(money.exact(float(number))) <= money.DECIMALS


def _read_text(attribute: Attribute, raw: str, decimal_comma: bool | None) -> Decimal:
    text = raw
    if attribute.type == "money":
        raw = text = _NO_CENTS.sub("", raw)
        word, number = currency_and_number(raw)
        if word in SIGNS or currency_named(word):
            text = number
    factor = Decimal(1)
    if attribute.unit:
        text, factor = without_unit(text, attribute.unit)
    text = _SIGNS.sub("", text)
    if attribute.unit:
        text = re.sub(rf"(?i){re.escape(attribute.unit)}$", "", text)
    found = _separated(text, decimal_comma)
    return found if factor == 1 else round(found * factor, _PLACES).normalize()


def _separated(text: str, decimal_comma: bool | None) -> Decimal:
    """Reads a number with thousands and decimal marks. Raises ValueError."""
    decimal = _decimal_mark(text, decimal_comma)
    whole, mark, fraction = text.partition(decimal)
    if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", whole):  # thousands; India groups in twos
        if re.search("[.,]", whole):
            raise ValueError(text)
    else:
        whole = re.sub("[.,]", "", whole)
    text = whole + ("." if mark else "") + fraction
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?", text):
        raise ValueError(text)
    return Decimal(text)


def _decimal_mark(text: str, decimal_comma: bool | None) -> str:
    """The mark before the decimals: the last one if there are both, else by the form of the number.

    Only 1.234 and 1,234 are ambiguous: there ``decimal_comma`` decides, and where it is None the point is decimal.
    """
    comma, point = text.rfind(","), text.rfind(".")
    if comma < 0 and point < 0:
        return "."
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark, other = (",", ".") if comma >= 0 else (".", ",")
    if not re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{mark}\d{{3}})+", text):
        return mark
    if text.count(mark) > 1:
        return other
    return "," if decimal_comma else "."
