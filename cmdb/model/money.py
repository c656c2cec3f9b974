"""Exact numbers: amounts of money and other decimals, as they are checked, stored, summed, rounded and written.

A register's number is never a float. An amount has at most four decimals and stands in typed columns as an integer of
ten-thousandths (``scaled``), in JSON as a decimal literal. Amounts of different currencies are never added: sums are
per currency, and rounded half-even to its minor units at the end only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from cmdb.model.currencies import decimals, digits, minor_units
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import Amount
from cmdb.model.messages import Message

DECIMALS = 4
"""How many decimals an amount has at most."""
_SCALE = Decimal(10**DECIMALS)
_UNIT = Decimal(1).scaleb(-DECIMALS)
MOST = Decimal((1 << 63) - 1) / _SCALE
"""The largest amount: its ten-thousandths fit 64 bits."""
MOST_DIGITS = 400
"""The power of ten below which numbers stay: above that of every double."""
_PLAIN_DIGITS = 25
_EXACT_DIGITS = 15
"""The digits of every decimal that a double keeps. What a double has beyond is noise of its binary form."""


def exact(number: float) -> Decimal:
    """The shortest decimal that a double of a spreadsheet or a JSON file stands for: 899.9900000000001 is 899.99.

    Raises ValueError if it is not finite.
    """
    found = Decimal(f"{number:.{_EXACT_DIGITS}g}")
    if not found.is_finite():
        raise ValueError(number)
    return plain(found)


def plain(number: Decimal) -> Decimal:
    """The same number in the form that is stored: no negative zero, no power of ten before the point."""
    if not number:
        return abs(number)
    exponent = number.as_tuple().exponent
    has_power = isinstance(exponent, int) and exponent > 0 and number.adjusted() < _PLAIN_DIGITS
    return number.quantize(Decimal(1)) if has_power else number


def is_amount(number: Decimal | int) -> bool:
    """Whether a number has at most four decimals and is small enough to be kept. Quick: it is asked on every write."""
    if not -MOST <= number <= MOST:
        return False
    return isinstance(number, int) or number.quantize(_UNIT) == number


def scaled(amount: Decimal | int) -> int:
    """An amount as the integer of ten-thousandths that a typed column holds. Raises ValueError if it has more decimals
    or is too large.
    """
    if not is_amount(amount):
        raise ValueError(f"{amount} is no amount")
    return int(amount * _SCALE)


def unscaled(number: int) -> Decimal:
    """The amount that a typed column holds as an integer of ten-thousandths."""
    return Decimal(number) / _SCALE


def rounded(amount: Decimal | int, currency: str = "") -> Decimal:
    """An amount in the minor units of its currency, rounded half-even."""
    with localcontext() as context:
        context.prec = MOST_DIGITS * 2
        return Decimal(amount).quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_EVEN)


def in_minor_units(amount: Decimal | int, currency: str = "") -> Decimal:
    """The same amount with at least the decimals of its currency, as JSON has it: 899.90, 500, and 0.0125."""
    return Decimal(digits(amount, minor_units(currency)))


class CurrencyTotals:
    """Sums of amounts, one per currency. Amounts without a currency are a group of their own."""

    def __init__(self, amounts: Iterable[tuple[Decimal | int | None, str]] = ()) -> None:
        self._sums: dict[str, Decimal] = {}
        for amount, currency in amounts:
            if amount is not None:
                self.add(amount, currency)

    def add(self, amount: Decimal | int, currency: str) -> None:
        """Adds an amount to the sum of its currency."""
        self._sums[currency] = self._sums.get(currency, Decimal(0)) + amount

    def __bool__(self) -> bool:
        return bool(self._sums)

    def __iter__(self) -> Iterator[Amount]:
        """The rounded sums by currency; that of amounts without a currency comes last."""
        for currency in sorted(self._sums, key=lambda code: (not code, code)):
            yield Amount(rounded(self._sums[currency], currency), currency)


def check_number(kind: str, label: str, number: object) -> None:
    """Raises InvalidValue unless it is a canonical number: a Decimal, or an int, as JSON has whole numbers."""
    if type(number) is int:
        number = Decimal(number)
    if type(number) is not Decimal or not number.is_finite() or (not number and number.is_signed()):
        raise InvalidValue(Message("{attribute} cannot be “{value}”.", attribute=label, value=number))
    if kind == "money":
        check_amount(label, number)
    elif number and abs(number.adjusted()) > MOST_DIGITS:
        raise InvalidValue(Message("{attribute} cannot be “{value}”.", attribute=label, value=str(number)))


def check_amount(label: str, amount: Decimal) -> None:
    """Raises InvalidValue for an amount with more than four decimals, or too large to be kept exactly."""
    if abs(amount) > MOST:
        raise InvalidValue(
            Message(
                "{attribute} can't be “{value}”: an amount is at most {most}.",
                attribute=label,
                value=str(amount),
                most=MOST,
            )
        )
    if decimals(amount) > DECIMALS:
        raise InvalidValue(
            Message(
                "{attribute} can't be “{value}”: an amount has at most {count} decimals.",
                attribute=label,
                value=str(amount),
                count=DECIMALS,
            )
        )
