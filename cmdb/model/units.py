"""Units in which people write numbers: 3.5 kW is 3500 W, 24″ is 24 in, 1 Gbit/s is 1000 Mbit/s."""

from __future__ import annotations

import re
from decimal import Decimal

_BEHIND = re.compile(r"(.*\d[.,]?)\s*([^\d\s.,][^\d]*)")
_UNITS: dict[str, dict[str, str]] = {
    "in": {**dict.fromkeys(('"', "''", "”", "″", "''", "in", "inch", "inches", "zoll", "pouces", "pulgadas"), "1"),
           "cm": "0.393701", "mm": "0.0393701"},
    "W": {**dict.fromkeys(("w", "watt", "watts"), "1"), "kw": "1000", "mw": "1000000"},
    "V": {**dict.fromkeys(("v", "volt", "volts", "vac", "vdc"), "1"), "kv": "1000"},
    "U": dict.fromkeys(("u", "he", "ru", "units", "rack units"), "1"),
    "Mbit/s": {
        **dict.fromkeys(("mbit/s", "mbit", "mbps", "mbits", "mbits/s"), "1"),
        **dict.fromkeys(("gbit/s", "gbit", "gbps", "gbits", "gbits/s"), "1000"),
        **dict.fromkeys(("kbit/s", "kbit", "kbps"), "0.001"),
    },
    "h": {
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunden", "heures"), "1"),
        **dict.fromkeys(("d", "day", "days", "tage", "jours"), "24"),
        **dict.fromkeys(("min", "mins", "minute", "minutes"), "1/60"),
    },
    "days": {
        **dict.fromkeys(("d", "day", "days", "tage", "jours"), "1"),
        **dict.fromkeys(("w", "week", "weeks", "wochen", "semaines"), "7"),
    },
    "months": {
        **dict.fromkeys(("m", "mo", "month", "months", "monate", "mois"), "1"),
        **dict.fromkeys(("y", "yr", "yrs", "year", "years", "jahre", "jahr", "ans", "an"), "12"),
    },
}  # fmt: skip
"""Unit of an attribute → what is written (folded) → how many of the attribute's units that is."""


def without_unit(text: str, unit: str) -> tuple[str, Decimal]:
    """The number in a text, and how many of ``unit`` its own unit is; 1 where it has none that is known."""
    known = _UNITS.get(unit)
    match = _BEHIND.fullmatch(text.strip()) if known else None
    if known is None or match is None:
        return text, Decimal(1)
    word = " ".join(match[2].casefold().split()).rstrip(".")
    factor = known.get(word)
    if factor is None:
        return text, Decimal(1)
    over, _, under = factor.partition("/")
    return match[1], Decimal(over) / Decimal(under or 1)
