"""What barcodes put around what they name: stars, marks of the symbology, check characters, and GS1's identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cmdb.reconciliation.identifiers import ManufacturerNames


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What stands inside of a code, and which attribute it is ("" for any that identifies)."""

    text: str
    attribute: str = ""


_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z](.+)", re.DOTALL)
"""The mark of a symbology that scanners may send first (ISO 15424): "]C0", "]Q3"."""
_CODE_39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_SEPARATOR = "\x1d"
_BRACKETS = re.compile(r"\((\d{2,4})\)([^(]+)")
_FIXED = {
    "00": 18, "01": 14, "02": 14, "03": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
}  # fmt: skip
"""GS1's identifiers whose values have one length: their lengths."""
_VARIABLE = ("8003", "8004", "8002", "240", "241", "250", "251", "10", "21", "22", "30", "37", "90", "91", "92", "93")
_NAMING = {"21": "serial_number", "250": "serial_number", "8004": "", "8003": "", "8002": "imei"}
"""GS1's identifiers that name a single thing: its serial number; its number as an asset, with or without a type."""


def unwrapped(code: str, makers: ManufacturerNames) -> list[Unwrapped]:
    """What may stand inside of a code, the likeliest first, without the code itself."""
    found = dict.fromkeys(_inside(code.strip(), makers))
    return [one for one in found if one.text and one.text != code]


def _inside(code: str, makers: ManufacturerNames) -> Iterator[Unwrapped]:
    mark = _SYMBOLOGY.fullmatch(code)
    if mark is not None:
        code = mark[1]
        yield Unwrapped(code.strip(_SEPARATOR))
    if len(code) > 2 and code[0] == code[-1] == "*":
        code = code[1:-1].strip()
        yield Unwrapped(code)
    yield from _elements(code)
    serial = "".join(code.split())
    for maker in makers.with_prefixes:
        yield Unwrapped(makers.serial(serial, maker), "serial_number")
    if _checked(code):
        yield Unwrapped(code[:-1])


def _elements(code: str) -> Iterator[Unwrapped]:
    """What GS1's elements of a code name."""
    pairs = _BRACKETS.findall(code) if code.startswith("(") else _split(code)
    for identifier, value in pairs:
        if identifier in _NAMING:
            yield Unwrapped(value.strip(), _NAMING[identifier])
            if identifier == "8003" and len(value) > 14:
                yield Unwrapped(value[14:].strip(), "serial_number")


def _split(code: str) -> list[tuple[str, str]]:
    """The elements of a code of GS1; none where it is not one from the beginning to the end."""
    rest, found = code.strip(_SEPARATOR), []
    if not rest[:2].isdecimal():
        return []
    while rest:
        fixed = _FIXED.get(rest[:2])
        if fixed is not None:
            identifier, value, rest = rest[:2], rest[2 : 2 + fixed], rest[2 + fixed :]
            if len(value) < fixed or not value.isdecimal():
                return []
        else:
            identifier = next((one for one in _VARIABLE if rest.startswith(one)), "")
            value, _, rest = rest[len(identifier) :].partition(_SEPARATOR)
            if not identifier or not value:
                return []
        found.append((identifier, value))
        rest = rest.lstrip(_SEPARATOR)
    return found


def _checked(code: str) -> bool:
    """Whether the last character is the check character of Code 39 (modulo 43) of those before it."""
    text = code.upper()
    if len(text) < 4 or not set(text) <= set(_CODE_39):
        return False
    return _CODE_39[sum(map(_CODE_39.index, text[:-1])) % 43] == text[-1]
