"""Numbers among words that change nothing of them ("ca. 1200", "1.299 € netto"), and in thousands ("12.5k")."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\A(?:ca\.?|circa|approx\.?|approximately|about|around|rund|etwa|env\.?|environ|~|≈)\s*", re.IGNORECASE
)
_BEHIND = re.compile(
    r"\s*(?:netto|brutto|net|gross|ht|ttc|each|pro stück|je stück|\([^()]*\)"
    r"|(?:inkl|exkl|zzgl|incl|excl|ohne|mit|plus|without)\.?\s*(?:mwst|ust|vat|tva|tax|iva)\.?)\Z",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(
    r"\A(.*?\d)\s*(k|tsd\.?|mio\.?|mill?\.?|million(?:en|s)?)(?=\s*(?:€|eur|\$|usd|chf|£|gbp)?\Z)", re.IGNORECASE
)
_THOUSAND, _MILLION = 1_000, 1_000_000


def loose_number(text: str) -> tuple[str, int] | None:
    """The number among words that do not change it, and what it is to be multiplied by; None where it is alone."""
    bare = _BEHIND.sub("", _BEFORE.sub("", text.strip()))
    bare = _BEHIND.sub("", bare)
    match = _THOUSANDS.match(bare)
    if match is not None:
        factor = _THOUSAND if match[2][0] in "kKtT" else _MILLION
        return match[1] + bare[match.end() :], factor
    return (bare, 1) if bare != text.strip() and bare else None
