"""Numbers, dates, money and sizes are written by ``cmdb/model/formats.py`` alone, as the reader's locale has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tests.programs import nodes

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT / "cmdb" / "model" / "formats.py"


def written_by_hand(program: str) -> set[str]:
    """Where a program writes numbers or dates as one locale does: groups of digits, names of months, Qt's own words."""
    found = set()
    for node in nodes(program):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            if re.search(r",|%[aAbBcxXp]|%[dmy]\W*%[dmyY]\W*%[yY]", ast.unparse(node.format_spec)):
                found.add(f"line {node.lineno}: a format of its own")
        elif isinstance(node, ast.JoinedStr):
            found.update(_units(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "strftime" and re.search(r"%[aAbBcxXp]", ast.unparse(node)):
                found.add(f"line {node.lineno}: strftime")
            if node.func.attr == "toString" and "QLocale" in ast.unparse(node.func.value):
                found.add(f"line {node.lineno}: QLocale")
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\d [KMGT]B\b|^ [KMGT]B\b", node.value)
        ):
            found.add(f"line {node.lineno}: a unit of 1000")
    return found


#: What stands behind a number: a sign of percent, of a currency, or the currency's code.
_UNIT = re.compile(r"[ \u00a0]?(€|£|EUR\b|USD\b|GBP\b|CHF\b|[KMGT]i?B\b)|[ \u00a0]%")


def _units(node: ast.JoinedStr) -> Iterator[str]:
    """Where an f-string writes a number with its unit."""
    for value, behind in pairwise(node.values):
        if not isinstance(value, ast.FormattedValue) or not isinstance(behind, ast.Constant):
            continue
        decimals = value.format_spec is not None and re.search(r"\.\d+f", ast.unparse(value.format_spec))
        words = str(behind.value)
        if _UNIT.match(words) or (decimals and words.startswith("%")):
            yield f"line {node.lineno}: a unit by hand"


def test_one_place_writes_numbers_dates_and_units() -> None:
    paths = [path for room in ("cmdb", "app", "ui") for path in sorted((ROOT / room).rglob("*.py")) if path != FORMATS]
    # The sample's spreadsheets are written as people write them, of every country.
    paths = [path for path in paths if "sample" not in path.parts]
    assert {str(p): lines for p in paths if (lines := written_by_hand(p.read_text("utf-8")))} == {}


def test_a_number_written_by_hand_is_seen() -> None:
    assert written_by_hand("f'{count:,} rows'")
    assert written_by_hand("day.strftime('%d %b %Y')")
    assert written_by_hand("QLocale().toString(day)")
    assert written_by_hand("f'{size:.1f} GB'")
    assert written_by_hand("f'{part:.1f} %'")
    assert written_by_hand("f'{part:.1f}%'")
    assert written_by_hand("f'{price:.2f} EUR'")
    assert written_by_hand("f'{size} GiB'")
    assert written_by_hand("f'{day:%d.%m.%Y}'")
    assert written_by_hand("f'{day:%m/%d/%y}'")
    assert not written_by_hand("f'{uid:08x} {day:%Y-%m-%d}'")
