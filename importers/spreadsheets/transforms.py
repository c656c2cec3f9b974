"""Simple changes to a column's cells before they are read as values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from importers.foreign_tables import our_word

_SIZE = re.compile(r"([\d.,]+)\s*(kb|mib|mb|gib|gb|tib|tb)", re.IGNORECASE)
_MIB = {"KB": 1 / 1024, "MIB": 1, "MB": 1, "GIB": 1024, "GB": 1024, "TIB": 1 << 20, "TB": 1 << 20}

#: Beginnings of cells before which a tool puts a back-tick, so that no spreadsheet program runs them.
_ESCAPED = ("=", "+", "-", "@", "|", "%", "\t", "\r")

#: What a person may choose from; PREFIX, SUFFIX and MARK are texts.
TRANSFORMS = ("upper", "lower", "trim:PREFIX", "trim_end:SUFFIX", "first", "last", "before:MARK", "after:MARK")


def apply_transforms(cell: Any, transforms: Sequence[str]) -> Any:
    """The cell after each transform in turn. Transforms of text do not change other cells; an unknown one changes
    nothing.
    """
    for transform in transforms:
        name, _, argument = transform.partition(":")
        if name == "unit":
            cell = _with_unit(cell, argument)
        elif isinstance(cell, str):
            cell = _text(cell, name, argument).strip()
    return cell


def _text(text: str, name: str, argument: str) -> str:
    if name == "upper":
        return text.upper()
    if name == "lower":
        return text.lower()
    if name == "trim":
        return text[len(argument) :] if text.casefold().startswith(argument.casefold()) else text
    if name == "trim_end":
        return text[: -len(argument)] if argument and text.casefold().endswith(argument.casefold()) else text
    if name in ("first", "last"):
        return split_name(text)[name == "last"]
    if name in ("before", "after") and argument in text:
        return text.partition(argument)[0 if name == "before" else 2]
    if name == "prefix":
        return f"{argument}{text}" if text else text
    if name == "words":
        return our_word(argument, text)
    if name == "entities":
        return unescape(text) if "&" in text else text
    if name == "backtick":
        return text[1:] if text[:1] == "`" and text[1:2] in _ESCAPED else text
    return text


def split_name(name: str) -> tuple[str, str]:
    """First and last name of "Jane van Doe" or "van Doe, Jane". A single word is a last name."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    words = name.split()
    if len(words) < 2:
        return "", name.strip()
    cut = next((i for i, w in enumerate(words[1:], 1) if w[0].islower()), len(words) - 1)
    return " ".join(words[:cut]), " ".join(words[cut:])


def _with_unit(cell: Any, unit: str) -> Any:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return f"{cell:g} {unit}"
    return f"{cell} {unit}" if isinstance(cell, str) and re.fullmatch(r"[\d.,]+", cell) else cell


def in_unit(cell: Any, unit: str, wanted: str, decimal_comma: bool | None = None) -> Any:
    """A size as a number of ``wanted`` (MiB or GiB): "16 GB" is 16384 MiB. ``unit`` is that of plain numbers, if known.

    Other text is returned unchanged.
    """
    if unit:
        cell = _with_unit(cell, unit)
    match = _SIZE.fullmatch(cell) if isinstance(cell, str) else None
    if not match:
        return cell
    digits = match[1]
    if decimal_comma or (decimal_comma is None and "," in digits and "." not in digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        number = float(digits.replace(",", "")) * _MIB[match[2].upper()]
    except ValueError:
        return cell
    return number if wanted == "MiB" else number / 1024
