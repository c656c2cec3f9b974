"""Simple changes to a column's cells before they are read as values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from importers.foreign_tables import our_word

_SIZE = re.compile(
    r"(?:(?P<times>\d{1,2})\s*[x×*]\s*)?(?P<digits>\d[\d.,'’\s]*)\s*(?P<unit>[a-z]*)"
    r"(?:\W+(?:ssd|hdd|nvme|m\.2|sata|sas|pcie|emmc|flash|disk|storage|ram|memory|(?:lp)?ddr\d?\w*|sodimm|dimm)\b.*)?",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_KIND = r"(?:ssd|hdd|nvme|m\.2|sata|sas|emmc|flash|ram|memory|arbeitsspeicher|(?:lp)?ddr\d?\w*)"
_KIND_BEFORE = re.compile(rf"\A{_KIND}\b[\s:]*", re.IGNORECASE)
_KIND_BEHIND = re.compile(rf"(?<=\d)\s*{_KIND}\Z", re.IGNORECASE)
"""What a size is of: it says nothing of how large it is."""
_TIMES_BEHIND = re.compile(r"(\d[\d.,]*\s*[a-z]+)\s*[x×*]\s*(\d{1,2})", re.IGNORECASE)
_TOGETHER = re.compile(r"\s*[+&]\s*")
_MIB = {
    **dict.fromkeys(("b", "byte", "bytes", "octets"), 1 / (1 << 20)),
    **dict.fromkeys(("kb", "kib", "ko", "kbyte", "kbytes", "k"), 1 / 1024),
    **dict.fromkeys(("mb", "mib", "mo", "mbyte", "mbytes", "m"), 1.0),
    **dict.fromkeys(("gb", "gib", "go", "gbyte", "gbytes", "g"), 1024.0),
    **dict.fromkeys(("tb", "tib", "to", "tbyte", "tbytes", "t"), float(1 << 20)),
    **dict.fromkeys(("pb", "pib", "po"), float(1 << 30)),
}
"""Units of sizes in MiB. Programs that say GB mean GiB more often than not."""

#: Beginnings of cells before which a tool puts a back-tick, so that no spreadsheet program runs them.
_ESCAPED = ("=", "+", "-", "@", "|", "%", "\t", "\r")

#: What a person may choose from; PREFIX, SUFFIX and MARK are texts.
TRANSFORMS = (
    "upper", "lower", "trim:PREFIX", "trim_end:SUFFIX", "first", "last", "before:MARK", "after:MARK", "fill_down",
)  # fmt: skip
DOWN = "fill_down"
"""The transform of a whole column: a blank cell says what the cell above it says."""


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
    if name == "path":
        return " / ".join(part.strip() for part in text.split(argument)) if argument in text else text
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
    """A plain number with its unit; whatever else the cell holds stays."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        number = int(cell) if float(cell).is_integer() else cell
        return f"{number} {unit}"
    return f"{cell} {unit}" if isinstance(cell, str) and re.fullmatch(r"[\d.,]+", cell) else cell


def in_unit(cell: Any, unit: str, wanted: str, decimal_comma: bool | None = None) -> Any:
    """A size as a number of ``wanted`` (MiB or GiB): "16 GB" is 16384 MiB. ``unit`` is that of plain numbers, if known.

    Other text is returned unchanged, and so is a plain number whose unit is not known.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, str):
        parts = _TOGETHER.split(cell)
        named = [match["unit"] for part in parts if (match := _SIZE.fullmatch(part)) and match["unit"]]
        unit = named[-1] if len(parts) > 1 and named else unit  # 8 + 8 GB
        sizes = [_mib(part, unit, decimal_comma) for part in parts]
    else:
        factor = _MIB.get(unit.casefold())
        sizes = [None if factor is None else float(cell) * factor]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return cell
    return sum(known) if wanted == "MiB" else sum(known) / 1024


def _mib(text: str, unit: str, decimal_comma: bool | None) -> float | None:
    """A size in MiB: "512 GB SSD", "2 x 8 GB"; None where it is none."""
    text = _KIND_BEHIND.sub("", _KIND_BEFORE.sub("", _IN_BRACKETS.sub("", text))).strip()
    text = _TIMES_BEHIND.sub(r"\2x\1", text)
    match = _SIZE.fullmatch(text)
    factor = _MIB.get((match["unit"] or unit).casefold()) if match else None
    if match is None or factor is None:
        return None
    try:
        return float(_with_point(match["digits"], decimal_comma)) * factor * int(match["times"] or 1)
    except ValueError:
        return None


def _with_point(digits: str, decimal_comma: bool | None) -> str:
    """The digits of a number with a decimal point and no other marks. A comma before three digits groups."""
    digits = re.sub(r"['’\s]", "", digits)
    if decimal_comma is None:
        comma, point = digits.rfind(","), digits.rfind(".")
        decimal_comma = comma > point if point >= 0 else not re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", digits)
    return digits.replace(".", "").replace(",", ".") if decimal_comma else digits.replace(",", "")
