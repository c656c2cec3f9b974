"""MAC addresses: one form of them, and reading the forms that people and programs write."""

from __future__ import annotations

import re

_PAIRS = re.compile(
    r"(?<![0-9a-f:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![0-9a-f:-])|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
)
_BARE = re.compile(r"[0-9a-f]{12}")
_WHOLE = re.compile(r"[0-9a-f]{2}(?P<mark>[:\- ])(?:[0-9a-f]{2}(?P=mark)){4,18}[0-9a-f]{2}|[0-9a-f]{6}[-:][0-9a-f]{6}")
_SHORT = re.compile(r"[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}")
_CANONICAL = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_BYTES = (6, 8, 20)
"""Ethernet; EUI-64; InfiniBand."""


def is_canonical_mac(text: str) -> bool:
    """Whether a text is one MAC address in the form in which they are kept."""
    return _CANONICAL.fullmatch(text) is not None


def read_macs(text: str) -> list[str]:
    """All MAC addresses in a text, in lower case with colons: 00-1A-…, 001a.2b3c.4d5e and 001a2b3c4d5e are read too."""
    text = text.casefold()
    found = []
    for match in _PAIRS.findall(text) or _BARE.findall(text):
        digits = re.sub("[^0-9a-f]", "", match)
        found.append(_with_colons(digits))
    return found


def canonical_mac(text: str) -> str:
    """A MAC address, or several separated by commas, in lower case with colons; "" where the text has none."""
    word = text.strip().casefold()
    if _SHORT.fullmatch(word):
        return ":".join(byte.zfill(2) for byte in word.split(":"))
    digits = re.sub("[^0-9a-f]", "", word)
    if _WHOLE.fullmatch(word) and len(digits) // 2 in _BYTES:
        return _with_colons(digits)
    return ", ".join(dict.fromkeys(read_macs(word)))


def adapter_mac(text: str) -> str:
    """The MAC address of a network adapter, in lower case with colons; "" for any other text, and for one of zeros."""
    found = canonical_mac(text)
    return found if is_canonical_mac(found) and found.strip("0:") else ""


def _with_colons(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
