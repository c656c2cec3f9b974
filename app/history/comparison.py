"""Two moments compared in a worker: the counts of all differences and their first lines; and all of them in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.difference import DifferenceFilter, DifferenceLine

if TYPE_CHECKING:
    from app.reports.report_run import Draw
    from app.workspace import Workspace
    from cmdb.register.difference import Show

MOST = 5_000
"""The number of lines that are listed; a spreadsheet has all of them."""
_FIRST = 200
"""The number of lines that are shown while the others are counted."""


@dataclass(frozen=True)
class ComparisonLines:
    """The first lines that match a filter, their whole number (``matched``), and how many records of each kind differ.

    ``counts`` is by kind of record and kind of change.
    """

    lines: list[DifferenceLine] = field(default_factory=list)
    matched: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether all matching lines are listed."""
        return self.matched == len(self.lines)


def compare(
    workspace: Workspace,
    then: int | None,
    now: int | None,
    wanted: DifferenceFilter,
    control: Control,
    show: Show,
    first: Callable[[ComparisonLines], object],
) -> ComparisonLines:
    """The differences between two revisions (None: the latest); ``first`` gets the first lines early.

    ``show`` words values. Raises Cancelled, and UserError if the history is no longer kept.
    """
    from cmdb.register.difference import Comparison

    then = _latest(workspace) if then is None else then
    with workspace.read(now) as reader:
        comparison = Comparison(reader, then, control, show)
        lines: list[DifferenceLine] = []
        matched = 0
        for line in comparison.lines(wanted):
            matched += 1
            if matched <= MOST:
                lines.append(line)
            if matched == _FIRST:
                first(ComparisonLines(list(lines), matched, comparison.counts.copy()))
        return ComparisonLines(lines, matched, comparison.counts)


def save(
    control: Control, workspace: Workspace, path: Path, then: int | None, now: int | None, drawn: Mapping[str, Draw]
) -> int:
    """Writes all differences between two revisions (None: the latest) as a report. Returns how many rows it has.

    ``drawn`` is as for reports. Raises FileProblem, Cancelled.
    """
    from app.reports import find
    from app.reports.report_run import save as save_report

    then = _latest(workspace) if then is None else then
    return save_report(control, workspace, find("difference"), path, now, clock.today(), drawn, then)


def _latest(workspace: Workspace) -> int:
    with workspace.read() as reader:
        return reader.number
