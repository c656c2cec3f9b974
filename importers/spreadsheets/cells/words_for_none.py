"""Words and numbers in cells that stand for no value: placeholders, "see above", "dhcp", what is no identity."""

from __future__ import annotations

import re

PLACEHOLDERS = frozenset(
    {
        "-",
        "--",
        "---",
        "–",
        "n/a",
        "na",
        "n.a.",
        "none",
        "null",
        "nil",
        "nan",
        "nat",
        "<na>",
        "<null>",
        "(null)",
        "[null]",
        "\\n",
        "undefined",
        "<none>",
        "(none)",
        "(blank)",
        "tbd",
        "tba",
        "?",
        "??",
        "???",
        "unknown",
        "(unknown)",
        "not available",
        "not applicable",
        "unbekannt",
        "k.a.",
        "n.v.",
        "n. v.",
        "k. a.",
        "n. a.",
        "keine angabe",
        "inconnu",
    }
)
SAY_NOTHING = PLACEHOLDERS - {"na"}
"""Those that can be no text; a region is NA."""
LONGEST_PLACEHOLDER = max(map(len, SAY_NOTHING))
DITTO = frozenset((
    "ditto", "dito", "do.", "idem", "ídem", "〃", '"', "''", "same", "same as above", "as above", "see above",
    "wie oben", "siehe oben", "s.o.", "s. o.",
))  # fmt: skip
"""Words for what the cell above says."""
DITTO_WRITTEN = frozenset(form for word in DITTO for form in (word, word.capitalize(), word.upper()))
"""Their usual spellings."""
ASSIGNED = re.compile(
    r"(?:(?:per|via|by|über|par|por|is|use[sd]?)\s+)?"
    r"(?:dhcp|dyn(?:\.|ami\w*|\b)|dinámic\w*|auto\w*|apipa|bootp|pppoe|slaac|variable|static|statisch|statique|fixed|fest|fixe)\b",
    re.IGNORECASE,
)
"""Words for an address that something else assigns, or whose number is not said."""
_BETWEEN = re.compile(r"\s*[;\n]\s*|,\s+")


def names_several(text: str) -> bool:
    """Whether a text lists several identifiers: at least two, all of them with digits."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return len(parts) > 1 and all(any(map(str.isdigit, part)) for part in parts)


#: What may be no identity: words without digits, one character or byte again and again, several.
SUSPECT = re.compile(r"[^0-9]*|0+|(?s:[^;,\n]*[;,\n].*)|\d{8,10}|(?:0x)?([0-9a-fA-F]{2})\1{3,}|(?:[0-9a-fA-F-]{36})")
