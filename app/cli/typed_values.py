"""What is typed on the command line: values of attributes, and moments.

Dates are read as the person's locale has them, as the window does. Numbers are plain ones, with a point before the
decimals, so that a script means the same everywhere; what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cmdb.model.currencies import SIGNS, currency_named, decimals, minor_units
from cmdb.model.date_texts import parse_date
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import has_decimal_comma, is_day_first, read_day
from cmdb.model.messages import Message, counted
from cmdb.model.schema import Attribute
from cmdb.model.values import Value, parse

_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_DIGITS = re.compile(r"[\d.,'’+\- ]+")
_DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./])\d{1,2}\2\d{1,2}")


def typed_value(attribute: Attribute, text: str, currency: str = "") -> Value:
    """The canonical value of what was typed; ``currency`` is that of the record's amounts. Raises InvalidValue."""
    if attribute.type == "date" and (written := read_day(text)):
        return written.isoformat()
    if attribute.type in ("integer", "number", "money"):
        _check_number(attribute, text)
    if attribute.type == "money":
        return _amount(attribute, text, currency)
    return parse(attribute, text, day_first=is_day_first())


def currency_of(attribute: Attribute, values: Mapping[str, object], words: Mapping[str, str]) -> str:
    """The currency of a record's amounts: the one that is typed, else what the record has; "" for none."""
    named = (words.get(attribute.currency) or str(values.get(attribute.currency) or "")).strip()
    return currency_named(named) or named.upper()


def typed_moment(text: str) -> str:
    """A T of the command line. What is typed as a date is its ISO date; anything else stays as it is."""
    plain = text.strip()
    if found := read_day(plain):
        return found.isoformat()
    if not _DAY.fullmatch(plain):
        return text
    try:
        return parse_date(plain, day_first=is_day_first())
    except InvalidValue:
        return text


def _check_number(attribute: Attribute, text: str) -> None:
    """Raises InvalidValue for a number that a reader of a decimal comma would read in another way."""
    found = _DIGITS.search(text)
    if found and has_decimal_comma() and _TWO_WAYS.fullmatch(found[0].strip()):
        plain = found[0].strip()
        raise InvalidValue(
            Message(
                "{attribute} can't be “{text}”: it can be read as {whole} and as {part}. Write one of these.",
                attribute=attribute.label,
                text=text.strip(),
                whole=re.sub("[.,]", "", plain),
                part=_unambiguous(plain),
            )
        )


def _unambiguous(text: str) -> str:
    """A number with three decimals so that it is read in one way: "1.2340"."""
    return text.replace(",", ".") + "0"


def _amount(attribute: Attribute, text: str, currency: str) -> Value:
    """An amount as it was typed.

    Raises InvalidValue for one of another currency, and for decimals that its currency doesn't have: what is typed by
    hand with more of them is a slip.
    """
    from cmdb.model.number_texts import currency_and_number  # only now: any command imports this module at the start

    named = currency_and_number(text)[0].upper()
    if named and currency not in SIGNS.get(named, (named,)):
        other = Message("{currency}", currency=currency) if currency else Message("not said")
        raise InvalidValue(
            Message(
                "{attribute} can't be “{text}”: the record's currency is {currency}. Give the number alone, and the "
                "currency as {field}.",
                attribute=attribute.label,
                text=text.strip(),
                currency=other,
                field=f"{attribute.currency or 'currency'}={named if named not in SIGNS else SIGNS[named][0]}",
            )
        )
    amount = parse(attribute, text)
    most = minor_units(currency)
    if not isinstance(amount, str) and decimals(amount) > most:
        raise InvalidValue(
            counted(
                "{attribute} can't be “{text}”: an amount has at most {count} decimal.",
                "{attribute} can't be “{text}”: an amount has at most {count} decimals.",
                most,
                attribute=attribute.label,
                text=text.strip(),
            )
        )
    return amount
