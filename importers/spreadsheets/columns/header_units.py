"""Units in the names of columns: "RAM (GB)", "ram_mb", "Disk in TB", "CPU (MHz)", "Warranty Months", "Cost (EUR)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cmdb.model.currencies import MINOR_UNITS, SIGNS, currency_named
from cmdb.model.schema import Attribute

SIZES = ("KB", "KIB", "MB", "MIB", "GB", "GIB", "TB", "TIB")
_DURATIONS = {
    "months": ("month", "months", "mo", "mos", "monate", "monat", "mois", "meses"),
    "years": ("year", "years", "yr", "yrs", "jahre", "jahr", "ans", "années", "años"),
    "weeks": ("week", "weeks", "wochen", "semaines"),
    "days": ("day", "days", "tage", "jours", "días"),
}
_OTHERS = {
    "%": ("%", "percent", "pct", "prozent"),
    "in": ("in", "inch", "inches", "zoll", '"', "″"),
    "W": ("w", "watt", "watts"),
    "V": ("v", "volt", "volts"),
    "U": ("u", "he", "ru"),
    "h": ("h", "hr", "hrs", "hours", "stunden", "heures"),
    "MHz": ("mhz",),
    "Mbit/s": ("mbit/s", "mbps", "mb/s"),
    **{one: (one,) for one in (
        "ghz", "hz", "khz", "cm", "mm", "m", "kg", "g", "lb", "lbs", "kw", "va", "kva", "a", "amp", "ma", "mah", "wh",
        "kwh", "gbit/s", "gbps", "kbps", "rpm", "mt/s", "btu", "°c", "°f", "dpi", "ppm", "px", "bytes", "ms",
    )},
}  # fmt: skip
_WORDS = {
    **{one.casefold(): one for one in SIZES},
    **{word: unit for table in (_DURATIONS, _OTHERS) for unit, words in table.items() for word in words},
}
_IN_BRACKETS = re.compile(r"^(.*\S)[\s_]*[(\[]\s*(?:in\s+)?([^()\[\]]+?)\s*[)\]]\s*$", re.IGNORECASE)
_AFTER_IN = re.compile(r"^(.*\S)[\s_,]+in\s+(\S+)$", re.IGNORECASE)
_LAST_WORD = re.compile(r"^(.*[^\s_,./-])[\s_,./-]+([^\s_,./-]+)$")
_JOINED = re.compile(r"^(.*[a-z])(KB|MB|GB|TB|MiB|GiB)$")
#: A longer header is a sentence.
_LONGEST = 120
#: The units that count without brackets: as a header's last word, others may be names ("Room A", "Port U").
_PLAIN = frozenset((*SIZES, *_DURATIONS, "MHz", "ghz", "%"))


@dataclass(frozen=True, slots=True)
class HeaderUnit:
    """The words of a header before its unit, the unit ("GB", "months", "MHz"), and of amounts their currency."""

    words: str
    unit: str
    currency: str = ""


@lru_cache(maxsize=4096)
def unit_of(header: str) -> HeaderUnit | None:
    """The unit at the end of a header, None where there is none."""
    if len(header) > _LONGEST:
        return None
    for pattern, known in ((_IN_BRACKETS, None), (_AFTER_IN, None), (_JOINED, _PLAIN), (_LAST_WORD, _PLAIN)):
        match = pattern.match(header)
        if match is None:
            continue
        unit = _WORDS.get(match[2].casefold(), "")
        if unit and (known is None or unit in known):
            return HeaderUnit(match[1], unit)
        if _is_currency(match[2]):
            return HeaderUnit(match[1], "money", currency_named(match[2]))
    return None


def _is_currency(word: str) -> bool:
    return word in SIGNS or (word.isupper() and word in MINOR_UNITS)


def measures(attribute: Attribute, unit: str) -> bool:
    """Whether an attribute can hold values of a unit. A part's name cannot: "CPU (MHz)" is no processor model."""
    if unit in SIZES:
        return attribute.unit in ("MiB", "GiB")
    if unit == "money":
        return attribute.type == "money"
    if unit in _DURATIONS and attribute.type == "date":
        return True
    return attribute.type in ("integer", "number") and attribute.unit in ("", unit)


def is_duration(unit: str) -> bool:
    """Whether a unit is one of time, of months or days."""
    return unit in _DURATIONS


def duration_word(word: str) -> str:
    """The unit that a word in a cell names ("Monate", "yrs."), "" where it is none of time."""
    unit = _WORDS.get(word.casefold().rstrip("."), "")
    return unit if unit in _DURATIONS else ""
