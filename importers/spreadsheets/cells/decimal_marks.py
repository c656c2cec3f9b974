"""Which mark is the decimal one in a column of numbers: 1.000 is a thousand in one file, and one in another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cmdb.model.currencies import currency_named, minor_units
from cmdb.model.declarations import Attribute
from cmdb.model.number_texts import currency_and_number

_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
_THREE_DECIMALS = 3
_SIZES = ("MiB", "GiB")
_LARGE_UNIT = re.compile(r"[gtp]i?(?:b|o)\b", re.IGNORECASE)
"""1.500 GB may be one and a half; 1.500 MB is a thousand and more."""
_NO_CENTS = re.compile(r"\d([.,])[-–—]")


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """How a column's numbers are written. ``comma``: decimals follow a comma; None where nothing has to be decided."""

    comma: bool | None = None
    sure: bool = True
    """Whether something settles how 1.000 is read."""
    conflict: bool = False
    """The column has numbers of both kinds."""


@dataclass(frozen=True, slots=True)
class NumberEvidence:
    """What, besides a column's own numbers, says which mark is decimal."""

    asked: bool | None = None
    """The person's own word."""
    sheet: bool | None = None
    """What the other columns say."""
    delimiter: str = ""
    """The separator of cells: files with decimal commas have semicolons."""
    currencies: Collection[str] = ()
    """The currencies of a column of amounts."""


def reads_two_ways(text: str) -> str:
    """The mark of a number such as 1.000 or 1,000, which may be a thousand or one; "" for all others."""
    mark = _mark(text)
    return mark[1:] if mark.startswith("2") else ""


def decimal_comma(cells: Iterable[str]) -> bool | None:
    """Whether the numbers have decimal commas, by those that can be read in only one way; None if they don't agree."""
    marks = {_mark(cell) for cell in cells} & {",", "."}
    return marks == {","} if len(marks) == 1 else None


def number_marks(attribute: Attribute, cells: Iterable[str], evidence: NumberEvidence) -> NumberMarks:
    """How a column's numbers are to be read, by its different texts."""
    if evidence.asked is not None:
        return NumberMarks(evidence.asked)
    cells = [cell for cell in cells if cell]
    seen = Counter(map(_mark, cells))
    both = seen["2,"] and seen["2."]
    if (seen[","] and seen["."]) or both:
        if both and bool(seen[","]) != bool(seen["."]):
            return NumberMarks(bool(seen[","]))
        return NumberMarks(evidence.sheet, sure=False, conflict=bool(seen["2,"] or seen["2."]))
    if seen[","] or seen["."]:
        return NumberMarks(bool(seen[","]))
    if not (seen["2,"] or seen["2."]):
        return NumberMarks(evidence.sheet)
    return _thousands(attribute, cells, "," if seen["2,"] else ".", bool(seen[""]), evidence)


def _thousands(
    attribute: Attribute, cells: Collection[str], mark: str, plain: bool, evidence: NumberEvidence
) -> NumberMarks:
    """For a column whose only marks are those of 1.000; ``plain``: other numbers have none."""
    groups = mark == "."  # then the decimal mark is a comma
    size = attribute.unit in _SIZES
    whole = attribute.type == "integer" and not size
    if whole and (plain or not all(_ends_in_noughts(cell) for cell in cells if _mark(cell))):
        return NumberMarks(groups, sure=evidence.sheet in (None, groups))
    if size and not any(_LARGE_UNIT.search(cell) for cell in cells if _mark(cell)):
        return NumberMarks(groups)  # nobody measures to a thousandth of a megabyte
    if evidence.sheet is not None:
        return NumberMarks(evidence.sheet)
    if _three_decimals(cells, evidence.currencies):
        return NumberMarks(not groups)
    if evidence.delimiter == ";":
        return NumberMarks(True, sure=groups or not whole)
    if evidence.delimiter == "," and not groups:
        return NumberMarks(False)
    if size:
        return NumberMarks(False, sure=not groups)
    if attribute.type == "number" and groups:
        return NumberMarks(False, sure=False)
    return NumberMarks(groups, sure=False)


def _ends_in_noughts(cell: str) -> bool:
    found = _DIGITS.search(cell)
    return found is not None and found[0].endswith("000")


def _three_decimals(cells: Iterable[str], currencies: Collection[str]) -> bool:
    """Whether all amounts are in currencies of three decimals, by the cells' own signs or by their column."""
    codes = {currency_named(currency_and_number(cell)[0]) or "" for cell in cells} - {""} or set(currencies)
    return bool(codes) and all(minor_units(code) == _THREE_DECIMALS for code in codes)


def _mark(text: str) -> str:
    """The decimal mark that a number shows, "2," or "2." where it may be the thousands' mark as well, "" for none."""
    if "," not in text and "." not in text:
        return ""
    if (cents := _NO_CENTS.search(text)) is not None:
        return cents[1]
    found = _DIGITS.search(text)
    if found is None:
        return ""
    digits = found[0]
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma < 0 and point < 0:
        return ""
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    mark, other = (",", ".") if comma >= 0 else (".", ",")
    parts = digits.split(mark)
    if len(parts) > 2:
        return other
    whole, fraction = parts
    return f"2{mark}" if len(fraction) == _THREE_DECIMALS and len(whole) <= 3 and whole[0] != "0" else mark
