"""What the comparison on the history page reads, in a worker: counts of all that differs, and the first lines of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.difference import DifferenceLine, WantedLines
from cmdb.register.difference import Comparison
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.reports.running import Draw
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader

MOST = 5_000
"""Lines that are listed; a spreadsheet holds all."""
_FIRST = 200
"""How many lines are shown while the others are still counted."""


@dataclass(frozen=True)
class Compared:
    """Lines that answer a filter (the first of ``matched``), and how many records of each kind differ, and how."""

    lines: list[DifferenceLine] = field(default_factory=list)
    matched: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether every line is there."""
        return self.matched == len(self.lines)


def compare(
    reader: Reader, then: int, wanted: WantedLines, control: Control, first: Callable[[Compared], object]
) -> Compared:
    """What differs between a revision and the reader's moment; ``first`` gets the first lines early.

    Raises Cancelled, and UserError where the past is no longer kept.
    """
    comparison = Comparison(reader, then, control, show=lambda a, value, names: text_of(a, value, names))
    lines: list[DifferenceLine] = []
    matched = 0
    for line in comparison.lines(wanted):
        matched += 1
        if matched <= MOST:
            lines.append(line)
        if matched == _FIRST:
            first(Compared(list(lines), matched, comparison.counts.copy()))
    return Compared(lines, matched, comparison.counts)


def save(
    control: Control, workspace: Workspace, path: Path, then: int, now: int | None, drawn: Mapping[str, Draw]
) -> int:
    """Writes all of a difference as the report of that name; how many rows. Raises FileProblem, Cancelled."""
    from datetime import date

    from app.reports import find
    from app.reports.running import save as save_report

    return save_report(control, workspace, find("difference"), path, now, date.today(), drawn, then)
