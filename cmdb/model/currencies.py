"""Currencies: the codes of ISO 4217, the decimals of their amounts (minor units), and what people write for them.

Minor units round sums and shown amounts; what is stored keeps the decimals that were stated. Codes that are no longer
used are known too: the register keeps what was paid years ago.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal  # no command pays for its import at the start

_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS
INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
ATS AZM BEF BGL BRR BYB CSD CSK CYP DDM DEM EEK ESP FIM FRF GHC GRD IEP ITL LTL LUF LVL MRO MTL MXP NLG PLZ PTE ROL RUR
SDD SIT SKK SRG STD TMM TRL UAK VEB VEF XEU YUM ZMK ZWD
"""
_NONE = "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"

MINOR_UNITS: dict[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
}
"""Code → how many decimals its amounts have."""

SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",), "£": ("GBP",), "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD"), "US$": ("USD",),
    "A$": ("AUD",), "C$": ("CAD",), "¥": ("JPY", "CNY"), "₹": ("INR",), "₩": ("KRW",), "₺": ("TRY",), "₽": ("RUB",),
    "zł": ("PLN",), "Kč": ("CZK",),
}  # fmt: skip
"""Sign → the currencies it may mean."""

_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD",
    "pound": "GBP", "pounds": "GBP", "pound sterling": "GBP", "sterling": "GBP", "franken": "CHF", "francs": "CHF",
    "swiss franc": "CHF", "swiss francs": "CHF", "sfr": "CHF", "yen": "JPY", "zloty": "PLN",
    "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY",
}  # fmt: skip


def minor_units(currency: str) -> int:
    """How many decimals an amount of a currency has: two where the currency is unknown or not stated."""
    return MINOR_UNITS.get(currency, 2)


def currency_named(text: str) -> str:
    """The code that a person means by "eur", "€" or "Euro"; "" where it may be several, or none."""
    word = " ".join(text.split())
    if word.upper() in MINOR_UNITS:
        return word.upper()
    meant = SIGNS.get(word, ())
    return meant[0] if len(meant) == 1 else _WORDS.get(word.casefold(), "")


def currencies_like(text: str) -> tuple[str, ...]:
    """Codes that may have been meant by a text that is none, the nearest first."""
    word = " ".join(text.split())
    if word in SIGNS:
        return SIGNS[word]
    from difflib import get_close_matches

    words = {**dict(zip(MINOR_UNITS, MINOR_UNITS)), **{one.upper(): code for one, code in _WORDS.items()}}
    return tuple(dict.fromkeys(words[near] for near in get_close_matches(word.upper(), words, 3, 0.6)))


def decimals(number: Decimal | int) -> int:
    """How many decimals a number needs: 899.90 needs one."""
    if isinstance(number, int):
        return 0
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    zeros = 0
    for digit in reversed(digits):
        if digit or zeros == -exponent:
            break
        zeros += 1
    return 0 if not number else -exponent - zeros


def places(amount: Decimal | int, currency: str = "") -> int:
    """The decimals with which an amount is written: the minor units of its currency, or as many as it has."""
    return max(minor_units(currency), decimals(amount))


def digits(number: Decimal | int, least: int = 0) -> str:
    """A number in plain digits, with a point and at least so many decimals: for files and scripts."""
    text = str(number) if isinstance(number, int) else format(number, "f")
    whole, _, part = text.partition(".")
    count = max(least, decimals(number))
    return f"{whole}.{part[:count].ljust(count, '0')}" if count else whole
