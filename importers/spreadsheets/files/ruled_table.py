"""Tables drawn with bars and lines: Markdown, and what database programs print.

| Name | Site  |        Name | Site
|------|-------|       ------+-------
| pc-1 | Paris |        pc-1 | Paris
"""

from __future__ import annotations

import re

#: A line that only separates rows: dashes, with bars or crosses between.
_RULE = re.compile(r"[ \t]*[|+]?[ \t]*:?[-=]+:?(?:[ \t]*[|+][ \t]*:?[-=]+:?)*[ \t]*[|+]?[ \t]*")
_LINE = re.compile(r"\r\n|\r|\n")
_BAR = re.compile(r"(?<!\\)\|")
_LOOK = 40


def is_ruled(text: str, delimiter: str) -> bool:
    """Whether a text is such a table: bars between the cells, and a line of dashes below the header."""
    lines = _LINE.split(text[:20_000], _LOOK)[:_LOOK]
    rules = [line for line in lines if _is_rule(line)]
    if not rules or delimiter not in ("|", "+"):
        return False
    bars = sum(1 for line in lines if "|" in line and not _is_rule(line))
    return bars > 0 and any("|" in rule or "+" in rule for rule in rules)


def rows(text: str) -> list[list[str]]:
    """The rows, one for each line; the lines between rows are blank ones."""
    lines = _LINE.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return [[] if _is_rule(line) else _cells(line) for line in lines]


def _is_rule(line: str) -> bool:
    return "-" * 2 in line.replace("=", "-") and _RULE.fullmatch(line) is not None and ("|" in line or "+" in line)


def _cells(line: str) -> list[str]:
    line = line.strip()
    if "|" not in line:
        return [line]
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line)]
    if not cells[0] and line.startswith("|"):
        del cells[0]
        if not cells[-1] and line.endswith("|"):
            del cells[-1]
    return cells
